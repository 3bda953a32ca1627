import ArgumentParser
import Foundation
import Pipelines
import Stages
import Store

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run's question set in a format that a trainer reads.",
    discussion: """
      The folder gets train.jsonl, dev.jsonl and test.jsonl, the clips as 16 kHz mono WAV files in audio/, and a dataset \
      card. It appears as a whole, or not at all. Formats are described in docs/formats.md.

      Example:
        earshot export runs/quickstart --format r1-aqa --to exports/r1-aqa
      """)

  @Argument(help: "The run's folder, such as runs/quickstart.", completion: .directory)
  var runDir: String

  @Option(
    help: ArgumentHelp("One of: \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var format = ExportFormat.jsonl.rawValue

  @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"), completion: .directory)
  var to: String

  @Option(
    help: ArgumentHelp("Where the run's audio is now, if it was moved since the scan.", valueName: "dir"),
    completion: .directory)
  var audio: String?

  func validate() throws {
    if to.isEmpty { throw ValidationError("--to must name a folder.") }
    if let audio, audio.isEmpty { throw ValidationError("--audio must name a folder.") }
  }

  func run() async throws {
    guard let chosen = ExportFormat(rawValue: format) else {
      throw StagesError.unknownFormat(format, known: ExportFormat.allCases.map(\.rawValue))
    }
    let folder = RunFolder(path: runDir)
    let store = try RunStore(reading: folder.database)
    let writer = try ExportWriter(
      store: store, name: URL(fileURLWithPath: runDir).standardizedFileURL.lastPathComponent, format: chosen,
      threads: ProcessInfo.processInfo.activeProcessorCount, audio: audio)
    let destination = to
    let earlier = EarlierAudio.copied([to] + ExportFormat.allCases.map { "\(folder.exports)/\($0.rawValue)" })
    let count = try await Screen.keepingMessages(in: folder.messages) {
      try await Interruption.watching { try await writer.write(to: destination, audioFrom: earlier) }
    }
    printResult("\(to): \(Quantity.count(count, "questions")) as \(format)")
  }
}
