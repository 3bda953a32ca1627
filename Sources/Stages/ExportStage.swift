import Dataset
import Foundation
import Pipelines
import Store

/// Writes the set in the formats that trainers read.
struct ExportStage: Stage {
  let name = "export"
  let scope = StageScope.set
  private let formats: [ExportFormat]
  private let run: String
  private let options: ExportOptions

  /// `sounds` is what becomes of them, where that is not what is usual in a format.
  init(_ section: Section, run: String, sounds: SoundHandling? = nil) throws {
    var options = ExportOptions()
    options.sounds = sounds
    let encodings = SoundEncoding.allCases.map(\.rawValue)
    options.encoding =
      SoundEncoding(rawValue: try section.choice("audio_format", of: encodings, default: encodings[0])) ?? .wav
    self.options = options
    let names = try section.choices(
      "formats", of: ExportFormat.allCases.map(\.rawValue), default: [ExportFormat.jsonl.rawValue])
    formats = names.compactMap(ExportFormat.init)
    self.run = run
  }

  var parts: [String: String] {
    var parts = ["version": "1", "formats": formats.map(\.rawValue).joined(separator: ", "), "run": run]
    if options.encoding != .wav { parts["audio_format"] = options.encoding.rawValue }
    return parts
  }

  /// What was exported may have been deleted since.
  func pending(_ context: StageContext) throws -> Int {
    let isThere = formats.allSatisfy { ExportMark.exists(in: destination($0, context)) }
    return try context.isSetCurrent() && isThere ? 0 : 1
  }

  func run(_ context: StageContext) async throws -> String {
    let earlier = EarlierAudio.linked(ExportFormat.allCases.map { destination($0, context) })
    var summaries: [String] = []
    var wording: WordingTally.Commonest?
    for format in formats {
      let writer = try ExportWriter(
        store: context.store, name: run, format: format, threads: context.threads, options: options)
      let written = try await writer.write(to: destination(format, context), audioFrom: earlier)
      summaries.append(counted(written.questions, "question") + " as \(format.rawValue)")
      wording = written.wording
    }
    if let wording, wording.questions > 1 {
      context.progress.note(
        stage: name, "\(wording.percent)% of the questions have the commonest wording: '\(wording.text)'")
    }
    return summaries.joined(separator: ", ")
  }

  private func destination(_ format: ExportFormat, _ context: StageContext) -> String {
    "\(context.folder.exports)/\(format.rawValue)"
  }
}
