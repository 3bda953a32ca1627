import Audio
import Dataset
import Foundation
import Pipelines

@testable import Stages
@testable import Store

/// A folder for sets, runs that import them, and exports of these.
final class ImportPlace {
  let path: String
  let notes = Notes()

  init() throws {
    path = NSTemporaryDirectory() + "earshot-import-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Imports sets into a run folder of that name. Returns the run's database.
  @discardableResult
  func importing(
    _ sets: [String], into name: String, audio: String? = nil, format: String? = nil, _ overrides: [String] = []
  ) async throws -> RunStore {
    let folder = RunFolder(path: "\(path)/\(name)")
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    let pipeline = ImportPipeline(sets: sets, format: format, audio: audio)
    let file = try PipelineFile(path: try pipeline.write(to: folder), overrides: overrides)
    var run = Run(folder: folder, stages: try StageCatalogue.stages(of: file))
    run.threads = 2
    let store = try RunStore(path: folder.database)
    try await run.execute(in: store, until: nil, progress: notes)
    return store
  }

  /// Exports a run; returns the folder.
  @discardableResult
  func export(
    _ store: RunStore, _ format: ExportFormat, to name: String, sounds: SoundHandling? = nil
  ) async throws -> String {
    var options = ExportOptions()
    options.sounds = sounds
    let writer = try ExportWriter(store: store, name: "set", format: format, threads: 2, options: options)
    _ = try await writer.write(to: "\(path)/\(name)", audioFrom: .copied([]))
    return "\(path)/\(name)"
  }

  /// All files of rows below a folder, with their texts; of sounds their names.
  func rows(_ folder: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name.contains(".") {
      if ["README.md", "export.json"].contains(name) { continue }
      let isText = name.hasSuffix(".json") || name.hasSuffix(".jsonl")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
      found[name] = isText ? String(decoding: bytes, as: UTF8.self) : FileDigest.sha256([UInt8](bytes))
    }
    return found
  }

  /// Writes a file, and the folders above it.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  /// A tone of its own for each number.
  func sound(_ name: String, _ number: Int, seconds: Double = 0.4) throws {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    let pitch = 180 + 31 * Float(number)
    let samples = (0..<Int(seconds * 16_000)).map { 0.4 * sin(2 * Float.pi * pitch * Float($0) / 16_000) }
    try WAVWriter.write(Waveform(samples: samples, sampleRate: 16_000), to: file)
  }

  /// A set of 32 questions about 12 clips in three splits, in our own lines with every member filled.
  func fullSet(_ name: String = "full", clips: Int = 12) throws -> String {
    var lines: [String: [String]] = [:]
    var number = 0
    for clip in 0..<clips {
      let id = ContentID.make(domain: "test clip", ["\(clip)"])
      try sound("\(name)/audio/\(id).wav", clip)
      let split = clip % 6 == 4 ? "dev" : clip % 6 == 5 ? "test" : "train"
      for _ in 0..<(2 + clip % 3 / 1 % 2 + clip % 3 / 2) {
        lines[split, default: []].append(JSONLFormat.line(Self.question(number, clip: id, clip, split: split)))
        number += 1
      }
    }
    for (split, lines) in lines { try write("\(name)/\(split).jsonl", lines.joined(separator: "\n") + "\n") }
    return "\(path)/\(name)"
  }

  private static let words = [
    "kettle", "tram", "flute", "gravel", "hail", "lathe", "owl", "pump", "quail", "rivet", "saw", "thrush", "urn",
    "violin",
    "whistle", "anvil", "bugle", "cricket", "drill", "engine", "finch", "gong", "harp", "iron", "jay", "kite", "loom",
    "mill", "nail", "oar", "piano", "quiver", "rain", "siren", "typewriter", "umbrella",
  ]

  /// A question that is like no other, with two captioners' captions and everything else there is.
  static func question(_ number: Int, clip: String, _ clipNumber: Int, split: String) -> ExportedQuestion {
    let word = words[number % words.count]
    let other = { (step: Int) in words[(number + step) % words.count] }
    let choices = [
      "the \(word)'s bell", "a \(other(7)) \"far\" off", "the \(other(13)), twice", "no \(other(19)) at all",
    ]
    let captions = [
      ExportedQuestion.Caption(captioner: "acoustic", text: "Clip \(clipNumber) has a steady tone."),
      ExportedQuestion.Caption(
        captioner: "plain", text: "A \(words[clipNumber]) sounds.\nThen it is still.", model: "Qwen2-Audio",
        revision: "r\(clipNumber)",
        prompt: "caption-plain", promptHash: "beef\(clipNumber % 2)", sampling: #"{"seed":1}"#,
        meanLogProbability: -0.25,
        origin: "Clotho"),
    ]
    var question = ExportedQuestion(
      id: ContentID.make(domain: "test question", ["\(number)"]), clip: clip, split: split,
      audioPath: "audio/\(clip).wav",
      question: "Of the \(word) and the \(other(3)), what does section \(number) hold – \(other(5))?",
      choices: choices, answerIndex: number % 4, skill: ["order", "count", "", "Music"][number % 4],
      difficulty: ["easy", "hard"][number % 2], labels: clipNumber % 3 == 0 ? [] : ["label \(clipNumber % 4)", "tone"],
      evidence: "A \(words[clipNumber]) sounds.", captions: captions,
      provenance: ExportedQuestion.Provenance(
        model: number % 5 == 0 ? "gpt-4o-mini" : "another", prompt: "avqa-gpt", promptHash: "ab12",
        captioners: ["acoustic", "plain"], checksVersion: 3, sources: ["field/\(clipNumber).flac"]))
    question.rationale = "First it rings, then it stops: the answer is the \(word)."
    question.audioContribution = number % 3 == 0 ? .weak : .strong
    // A share that no binary fraction is, a whole one, and questions that nobody answered.
    question.sharedMembers = [.rate(.heard), .rate(.blind)]
    question.rates[.heard] = [nil, 1.0 / 3, 1, 0.625][number % 4]
    question.rates[.blind] = number % 5 == 0 ? nil : Double(number % 5) / 8
    return question
  }
}
