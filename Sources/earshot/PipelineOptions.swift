import ArgumentParser
import Foundation
import Pipelines
import Stages
import Store

/// Which pipeline runs, on which audio, in which folder.
struct PipelineOptions: ParsableArguments {
  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String

  @Option(help: ArgumentHelp("Take the clips from this folder.", valueName: "dir"), completion: .directory)
  var audio: String?

  @Option(help: ArgumentHelp("Keep the run in this folder (default: runs/NAME).", valueName: "run-dir"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Override a key of the pipeline file; may be given several times.", valueName: "section.key=value"))
  var set: [String] = []

  /// The pipeline file with what the options put in its place, and `more` of the like.
  func file(overriding more: [String] = []) throws -> PipelineFile {
    try PipelineFile(
      path: pipeline, overrides: set + (audio.map { ["scan.audio=" + Self.quotedFolder($0)] } ?? []) + more)
  }

  func folder(of file: PipelineFile) -> RunFolder {
    RunFolder(path: into ?? "runs/\(file.name)")
  }

  /// A folder's path as a YAML text, whatever is in it; made absolute, so that it is never the word for the demo set.
  private static func quotedFolder(_ path: String) -> String {
    let isRelative = !path.isEmpty && !path.hasPrefix("/") && !path.hasPrefix("~/")
    return "'" + ((isRelative ? FileManager.default.currentDirectoryPath + "/" : "") + path).replacing("'", with: "''")
      + "'"
  }
}
