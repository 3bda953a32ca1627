import Audio
import Foundation
import Judging
import Pipelines
import Synchronization
import Training

@testable import Experiments

/// A folder with sounds, questions on them, an experiment file and what comes of it; gone with the value.
final class ExperimentPlace {
  let path: String
  let model: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-experiment-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    model = ExperimentFileTests.project + "/Tests/Fixtures/models/qwen2-audio"
    try writeRows("train", 0..<8)
    try writeRows("dev", 8..<12)
    try writeRows("test", 12..<20)
    try Data("---\nname: p\nfor: ask\nexpects: [question, choices]\n---\n\n## user\n\n{{question}} {{choices}}\n".utf8)
      .write(to: URL(fileURLWithPath: path + "/p.md"))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private func writeRows(_ name: String, _ numbers: Range<Int>) throws {
    for number in numbers {
      let samples = (0..<4_800).map { sin(Float($0) * 0.05 * Float(1 + number % 4)) / Float(2 + number / 4) }
      try WAVWriter.write(Waveform(samples: samples, sampleRate: 16_000), to: "\(path)/\(number).wav")
    }
    try Data().write(to: URL(fileURLWithPath: "\(path)/\(name).jsonl"))
    try append(numbers, to: name)
  }

  /// Adds questions on sounds that are there, the path of each spelled otherwise than in any other file.
  func append(_ numbers: Range<Int>, to name: String) throws {
    let choices = ["a", "b", "c", "d"]
    let lines = numbers.map { number in
      """
      {"id": "\(name)\(number)", "question": "Which?", "choices": ["a", "b", "c", "d"], \
      "answer": "\(choices[number % 4])", "audio": "../\(folderName)/\(name == "test" ? "./" : "")\(number).wav", \
      "task": "\(number % 2 == 0 ? "even" : "odd")"}

      """
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name).jsonl"))
    try file.seekToEnd()
    try file.write(contentsOf: Data(lines.joined().utf8))
    try file.close()
  }

  private var folderName: String { URL(fileURLWithPath: path).lastPathComponent }

  /// An experiment of three arms, and what else stands under `arms` and in the file.
  func experiment(arms: String = "", rest: String = "", overrides: [String] = []) throws -> Experiment {
    let text = """
      name: e
      sets:
        a: {train: train.jsonl, dev: dev.jsonl, test: test.jsonl}
      train: {model: \(model), seed: 3}
      data: {prompt: p.md}
      sft: {batch: 4, steps: 3, learning_rate: 1e-2, evaluate_every: 2, save_every: 0}
      grpo: {rewards: [accuracy], batch: 2, steps: 2, generations: 4, max_tokens: 4, save_every: 0, evaluate_every: 0}
      arms:
        base: {}
        sft: {phases: [sft]}
        grpo: {phases: [sft, grpo]}
        \(arms)
      evaluate: {hearings: [audio, silence], max_tokens: 4}
      \(rest)
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/e.yaml"))
    return try Experiment(PipelineFile(path: path + "/e.yaml", overrides: overrides))
  }

  var folder: ExperimentFolder { ExperimentFolder(path: path + "/run") }

  /// Runs it, and returns what came of it with what was told of trainings and parts.
  func run(_ experiment: Experiment) async throws -> (result: ExperimentResult, told: [String]) {
    let told = Mutex<[String]>([])
    let run = ExperimentRun(experiment, in: folder, program: "1", progress: SilentProgress()) { event in
      switch event {
      case .began(let part, let name): told.withLock { $0.append("\(part) \(name)") }
      case .upToDate(let part, let name): told.withLock { $0.append("\(part) \(name) done") }
      case .note(let text), .training(_, .note(let text)): told.withLock { $0.append(text) }
      case .training, .answering: break
      }
    }
    let result = try await run.run()
    return (result, told.withLock { $0 })
  }

  /// The files of the experiment's folder but costs, by their paths.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for name in names where !name.hasSuffix("costs.json") {
      if let data = FileManager.default.contents(atPath: "\(folder.path)/\(name)") { files[name] = data }
    }
    return files
  }
}

private struct SilentProgress: ProgressReporter {
  func started(stage: String, total: Int, unit: String) {}
  func advanced(stage: String, by count: Int) {}
  func note(stage: String, _ text: String) {}
  func finished(stage: String, summary: String) {}
  func upToDate(stage: String) {}
}
