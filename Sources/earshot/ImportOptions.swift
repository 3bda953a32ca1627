import ArgumentParser
import Dataset
import Foundation
import Pipelines
import Stages
import Store
import Tensors

/// What taking sets in has in common, of one or of several.
struct ImportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Keep the run in this folder.", valueName: "run-dir"), completion: .directory)
  var into: String

  @Option(
    help: ArgumentHelp(
      "The sets' format. Left out: each row tells. One of: "
        + ImportFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "name"))
  var format: String?

  @Option(
    name: .customLong("audio-from"),
    help: ArgumentHelp("Where the sounds are, if not beside the sets.", valueName: "dir"), completion: .directory)
  var audioFrom: String?

  @Flag(name: .customLong("no-audio"), help: "Take questions alone, and look for no sounds.")
  var noAudio = false

  @Option(
    help: ArgumentHelp(
      "Override a key of the import's pipeline file; may be given several times.", valueName: "section.key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Worker threads (default: one per core).", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print the result as JSON, and progress as JSON lines.")
  var json = false

  func validate() throws {
    if into.isEmpty { throw ValidationError("--into must name a folder.") }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
    if let format, ImportFormat(rawValue: format) == nil {
      let known = ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--format is '\(format)'. There are: \(known).")
    }
    if noAudio && audioFrom != nil { throw ValidationError("--no-audio and --audio-from contradict each other.") }
  }

  /// Runs the import of these sets, or goes on with the one that is in the folder where none are named.
  func execute(_ sets: [String]) async throws {
    let folder = RunFolder(path: into)
    let lock = try RunLock(folder)
    let pipeline = ImportPipeline(sets: sets, format: format, audio: noAudio ? "none" : audioFrom)
    let file = try PipelineFile(path: try pipeline.write(to: folder), overrides: set)
    var run = Run(folder: folder, stages: try StageCatalogue.stages(of: file))
    if let threads {
      run.threads = threads
      Parallel.threads = threads
    }
    let (store, _) = try await run.executeLocked(until: nil, json: json, showsFolder: true)
    _ = consume lock
    let report = try StatusReport(store: store, folder: folder)
    printResult(json ? jsonLine(report, pretty: true) : report.closing)
  }
}
