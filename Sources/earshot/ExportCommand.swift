import ArgumentParser
import Dataset
import Foundation
import Pipelines
import Stages
import Store

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run's question set in a format that a trainer reads.",
    discussion: """
      The folder gets the questions of each split, the clips as 16 kHz mono WAV or FLAC files or inside the questions' files, and a \
      dataset card. It appears as a whole, or not at all, and is the same to the byte every time. Paths in it are relative: \
      start a trainer there. Formats are described in docs/formats.md.

      Examples:
        earshot export runs/quickstart --format r1-aqa --to exports/r1-aqa
        earshot export runs/quickstart --format parquet --split train --only strong --to exports/hub
        earshot export runs/quickstart --format webdataset --audio-format flac --to exports/shards
        earshot export runs/quickstart --format ms-swift --launch --to train-swift
        earshot export --check exports/hub
      """)

  @Argument(help: "The run's folder, such as runs/quickstart.", completion: .directory)
  var runDir: String?

  @Option(
    help: ArgumentHelp("One of: \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var format: String?

  @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"), completion: .directory)
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Instead of exporting, check a folder that is there, of Earshot's or of another program's with --format: whether "
        + "the format's readers will take it, or which row is the first they will not.", valueName: "dir"),
    completion: .directory)
  var check: String?

  @Option(
    name: .customLong("audio-from"),
    help: ArgumentHelp("Where the run's audio is now, if it was moved since the scan.", valueName: "dir"),
    completion: .directory)
  var audioFrom: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of the sounds: copy (files), link (files shared with the run's own exports), embed (inside the "
        + "questions' files), none. Without it, what is usual in the format.", valueName: "how"))
  var audio: String?

  @Option(
    name: .customLong("audio-format"),
    help: ArgumentHelp(
      "How the sounds are kept: wav, or flac, which is about half as large and decodes to the same samples.",
      valueName: "wav|flac"))
  var audioFormat = SoundEncoding.wav.rawValue

  @Option(help: ArgumentHelp("Export this split alone; may be given more than once.", valueName: "train|dev|test"))
  var split: [String] = []

  @Option(
    help: ArgumentHelp("Export the questions with this audio contribution alone.", valueName: "strong|weak"))
  var only: String?

  @Option(help: ArgumentHelp("Export at most this many questions of each split.", valueName: "count"))
  var limit: Int?

  @Option(
    name: .customLong("shuffle-seed"),
    help: ArgumentHelp(
      "Put the questions of each split in an order that follows from this number, instead of by clip.",
      valueName: "number"))
  var shuffleSeed: UInt64?

  @Flag(
    help: ArgumentHelp(
      "With the questions, which then are in DIR/data, write what training takes: rewards, settings and the launch for one GPU, "
        + "eight, and several machines. For \(HandOff.formats.map(\.rawValue).joined(separator: ", ")); see docs/hand-off.md."
    ))
  var launch = false

  func validate() throws {
    if launch, format.flatMap(ExportFormat.init).flatMap(HandOff.of) == nil {
      throw ValidationError(
        "--launch takes --format with one of: \(HandOff.formats.map(\.rawValue).joined(separator: ", ")).")
    }
    if check != nil {
      if runDir != nil || to != nil { throw ValidationError("--check takes a folder, and neither a run nor --to.") }
    } else {
      guard runDir != nil else { throw ValidationError("Give the run's folder.") }
      guard let to, !to.isEmpty else { throw ValidationError("--to must name a folder.") }
    }
    if let audioFrom, audioFrom.isEmpty { throw ValidationError("--audio-from must name a folder.") }
    if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    _ = try options()
  }

  private func options() throws -> ExportOptions {
    var options = ExportOptions()
    if let audio, audio.contains("/") {
      throw ValidationError("--audio says what becomes of the sounds. Where they are now is told by --audio-from.")
    }
    options.sounds = try audio.map { try Self.value($0, of: "--audio") }
    options.encoding = try Self.value(audioFormat, of: "--audio-format")
    options.only = try only.map { try Self.value($0, of: "--only") }
    options.limit = limit
    options.shuffleSeed = shuffleSeed
    let chosen: [Split] = try split.map { try Self.value($0, of: "--split") }
    if !chosen.isEmpty { options.splits = Split.allCases.filter(chosen.contains) }
    return options
  }

  private static func value<Value: RawRepresentable & CaseIterable>(
    _ text: String, of option: String
  ) throws -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(option) is '\(text)'. There are: \(known).")
    }
    return value
  }

  func run() async throws {
    let chosen = try format.map { name in
      guard let format = ExportFormat(rawValue: name) else {
        throw StagesError.unknownFormat(name, known: ExportFormat.allCases.map(\.rawValue))
      }
      return format
    }
    if let check {
      let (format, result) = try ExportDoctor.check(check, format: chosen)
      let files = Quantity.count(result.rows.count, "files")
      printResult("\(check): PASS, \(Quantity.count(result.total, "rows")) in \(files) as \(format.rawValue)")
    } else if let runDir, let to {
      try await export(runDir, to: launch ? to + "/data" : to, as: chosen ?? .jsonl)
    }
  }

  private func export(_ runDir: String, to destination: String, as format: ExportFormat) async throws {
    let folder = RunFolder(path: runDir)
    let store = try RunStore(reading: folder.database)
    let writer = try ExportWriter(
      store: store, name: URL(fileURLWithPath: runDir).standardizedFileURL.lastPathComponent, format: format,
      threads: ProcessInfo.processInfo.activeProcessorCount, audio: audioFrom, options: options())
    let folders = [destination] + ExportFormat.allCases.map { "\(folder.exports)/\($0.rawValue)" }
    let earlier = audio == SoundHandling.linked.rawValue ? EarlierAudio.linked(folders) : .copied(folders)
    let written = try await Screen.keepingMessages(in: folder.messages) {
      try await Interruption.watching { try await writer.write(to: destination, audioFrom: earlier) }
    }
    if launch, let to { try HandOff.of(format)?.write(to: to, questions: written.questions) }
    printResult("\(destination): \(Quantity.count(written.questions, "questions")) as \(format.rawValue)")
  }
}
