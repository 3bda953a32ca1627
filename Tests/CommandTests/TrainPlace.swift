import Foundation

/// A folder with sounds, questions about them, and training files for a tiny model.
final class TrainPlace {
  let work: Workplace
  var path: String { work.path }

  static let model = Workplace.project + "/Tests/Fixtures/models/qwen2-audio"

  /// Sixteen questions on eight sounds, four of them to watch.
  init() async throws {
    work = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "8"], in: work.path)
    let sounds = try work.files("clips").keys.filter { $0.hasSuffix(".wav") }.sorted()
    let choices = ["a", "b", "c", "d"]
    let lines = (0..<16).map { number in
      """
      {"id": "q\(number)", "question": "Which?", "choices": ["a", "b", "c", "d"], "answer": "\(choices[number % 4])", \
      "audio": "clips/\(sounds[number % 8])", "start": 0, "duration": 0.3}
      """
    }
    for (name, places) in [("train", [0, 1, 2, 3, 8, 9, 10, 11]), ("dev", [4, 5, 6, 7])] {
      try write(places.map { lines[$0] }.joined(separator: "\n") + "\n", to: "\(name).jsonl")
    }
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
  }

  /// A training file of supervised steps and then of rewarded ones; `train` has further keys of that section.
  func writeFile(_ name: String, train: String = "", sft: Int = 40, grpo: Int = 40) throws {
    try write(
      """
      name: \(name)
      train: {model: \(Self.model), threads: 1\(train.isEmpty ? "" : ", " + train)}
      data:
        train: train.jsonl
        dev: dev.jsonl
        prompt: \(Workplace.project)/prompts/ask-omni-r1.md
        shuffle_choices: true
      sft:
        {learning_rate: 1e-2, warmup_steps: 2, batch: 4, steps: \(sft), save_every: 3, evaluate_every: 10,
        log_every: 4}
      grpo:
        {rewards: [accuracy], beta: 0.05, generations: 4, iterations: 2, sampling_rounds: 2, max_tokens: 4, batch: 4,
        steps: \(grpo), learning_rate: 1e-3, save_every: 4, evaluate_every: 10, sample_every: 5, log_every: 4,
        stop: {without_signal: off, flat_reward_steps: off, kl: off, largest_kl: off}}

      """, to: "\(name).yaml")
  }

  /// The names of a run's checkpoints, by their steps.
  func checkpoints(_ run: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(run)/checkpoints")) ?? []
    return names.filter { $0.hasPrefix("checkpoint-") }.sorted()
  }

  /// What two runs of one file have in common: weights, moments and answers to the byte, and the metrics but for the
  /// clock's, which come last in their lines.
  func outcome(_ run: String) throws -> [String: Data] {
    var found = try work.files(run).filter { name, _ in
      name.hasPrefix("checkpoints/") && name.hasSuffix(".safetensors") || name == "completions.jsonl"
    }
    let lines = try String(contentsOfFile: "\(path)/\(run)/metrics.jsonl", encoding: .utf8).split(separator: "\n")
    let timeless = lines.map { line in line.firstRange(of: ", \"elapsed\"").map { line[..<$0.lowerBound] } ?? line }
    found["metrics"] = Data(timeless.joined(separator: "\n").utf8)
    return found
  }
}
