import Audio
import Dataset
import Foundation
import Models
import Tensors

@testable import Training

/// A folder with sounds, questions about them and training runs on a tiny model; gone with the value.
final class RunPlace {
  let path: String
  let model: String

  /// Eight questions on tones of four pitches, one a sound, and four more to watch.
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-run-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    model =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/models/qwen2-audio").path
    try writeRows("train", 0..<8)
    try writeRows("dev", 8..<12)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private func writeRows(_ name: String, _ numbers: Range<Int>) throws {
    let choices = ["a", "b", "c", "d"]
    let lines = try numbers.map { number in
      let samples = (0..<4_800).map { sin(Float($0) * 0.05 * Float(1 + number % 4)) / Float(2 + number / 4) }
      try WAVWriter.write(Waveform(samples: samples, sampleRate: 16_000), to: "\(path)/\(number).wav")
      return """
        {"id": "q\(number)", "question": "Which?", "choices": ["a", "b", "c", "d"], \
        "answer": "\(choices[number % 4])", "audio": "\(number).wav"}
        """
    }
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: "\(path)/\(name).jsonl", atomically: true, encoding: .utf8)
  }

  /// More questions of a part, dev or test, on four sounds of its own.
  func addRows(_ name: String, _ count: Int) throws {
    let first = name == "dev" ? 8 : 12
    if name == "test" { try writeRows(name, first..<first + 4) }
    let lines = (0..<count).map {
      """
      {"id": "\(name)\($0)", "question": "Which?", "choices": ["a", "b", "c", "d"], "answer": "a", \
      "audio": "\(first + $0 % 4).wav"}
      """
    }
    try (lines.joined(separator: "\n") + "\n").write(toFile: "\(path)/\(name).jsonl", atomically: true, encoding: .utf8)
  }

  /// The sets of a phase.
  func data(_ phase: TrainingPhase) throws -> PhaseData {
    let prompt = phase.data.form.describes ? fixedPrompt : plainPrompt
    var composer = ExampleComposer(prompt: prompt, form: phase.data.form, shufflesChoices: true, seed: 1)
    if case .dpo(let settings) = phase.method { composer.rejectsDistractor = settings.pairs == .distractor }
    let test = ["\(path)/test.jsonl"].filter(FileManager.default.fileExists)
    return try PhaseData(
      DataSettings(train: ["\(path)/train.jsonl"], dev: ["\(path)/dev.jsonl"], test: test), composer: composer,
      use: phase.use, phase: phase.name)
  }

  func folder(_ name: String) -> TrainingFolder { TrainingFolder(path: "\(path)/\(name)") }

  /// A run in the folder `name`.
  func run(
    _ settings: TrainingSettings, in name: String, resuming: Bool = false,
    stopping: Bool = false,
    tell: @escaping (TrainingEvent) -> Void = { _ in }, isCancelled: (() -> Bool)? = nil
  ) throws -> TrainingResult {
    try TrainingRun(
      settings: settings, data: settings.phases.map(data), folder: folder(name), modelFolder: settings.model,
      isCancelled: isCancelled ?? { stopping }, tell: tell
    ).run(resuming: resuming)
  }

  /// Everything of a run that another one of the same settings must have too, by file.
  func outcome(_ name: String) throws -> [String: Data] {
    let folder = folder(name)
    var found: [String: Data] = [:]
    for checkpoint in try CheckpointStore.checkpoints(in: folder.checkpoints) {
      for file in try FileManager.default.contentsOfDirectory(atPath: checkpoint.folder)
      where file.hasSuffix(".safetensors") {
        found["\(checkpoint.step)/\(file)"] = try Data(contentsOf: URL(fileURLWithPath: "\(checkpoint.folder)/\(file)"))
      }
    }
    let metrics = try String(contentsOfFile: folder.metrics, encoding: .utf8)
    found["metrics"] = Data(metrics.split(separator: "\n").map(withoutClock).joined(separator: "\n").utf8)
    found["completions"] = try Data(contentsOf: URL(fileURLWithPath: folder.completions))
    found["model"] = Data(try FileManager.default.destinationOfSymbolicLink(atPath: folder.model).utf8)
    return found
  }

  /// The lines of metrics.jsonl.
  func metrics(_ name: String) throws -> [[String: Any]] {
    try String(contentsOfFile: folder(name).metrics, encoding: .utf8).split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }
}

/// A line of metrics up to the clock's values, which come last.
private func withoutClock(_ line: Substring) -> Substring {
  line.firstRange(of: ", \"elapsed\"").map { line[..<$0.lowerBound] } ?? line
}

extension TrainingSettings {
  /// Phases on a tiny model, with what they watch.
  static func tiny(_ place: RunPlace, part: TrainedPart = TrainedPart(), _ phases: TrainingPhase...) -> TrainingSettings
  {
    TrainingSettings(name: "tiny", model: place.model, part: part, seed: 5, phases: phases)
  }
}

extension TrainedPart {
  /// Adapters with dropout beside a projector that learns itself.
  static var tinyAdapters: TrainedPart {
    TrainedPart(
      lowRank: .init(rank: 4, alpha: 8, dropout: 0.1), alsoTrained: [NamePattern("multi_modal_projector.*")])
  }
}

extension TrainingPhase {
  private static func phase(
    _ name: String, _ method: Method, rate: Double, steps: Int, _ change: (inout TrainingPhase) -> Void
  ) -> TrainingPhase {
    var phase = TrainingPhase(
      name: name, method: method, data: DataSettings(), optimizer: OptimizerSettings(learningRate: rate, batch: 4))
    phase.optimizer.steps = steps
    phase.optimizer.warmupSteps = 1
    (phase.watch.logEvery, phase.watch.saveEvery, phase.watch.keep) = (3, 2, 1)
    (phase.watch.evaluateEvery, phase.watch.sampleEvery) = (3, 2)
    change(&phase)
    return phase
  }

  static func sft(steps: Int = 12, rate: Double = 1e-2, _ change: (inout TrainingPhase) -> Void = { _ in })
    -> TrainingPhase
  {
    phase("sft", .sft(SFTSettings(specAugment: SpecAugment())), rate: rate, steps: steps, change)
  }

  /// Groups without signal are replaced, completions are used twice, and the divergence is held back.
  static func grpo(
    steps: Int = 8, beta: Double = 0.05, iterations: Int = 2, _ change: (inout TrainingPhase) -> Void = { _ in }
  ) throws -> TrainingPhase {
    var settings = GRPOSettings(rewards: try WeightedRewards(names: ["accuracy"]))
    (settings.generations, settings.iterations) = (4, iterations)
    settings.loss = GRPOLoss(beta: beta, maximumCompletionLength: 4)
    settings.dynamicSampling.maximumRounds = 2
    return phase("grpo", .grpo(settings), rate: 1e-3, steps: steps, change)
  }

  static func dpo(steps: Int = 4) throws -> TrainingPhase {
    let settings = DPOSettings(rewards: try WeightedRewards(names: ["accuracy"]))
    return phase("dpo", .dpo(settings), rate: 1e-3, steps: steps) { _ in }
  }
}
