import Foundation
import Models

/// Where a run is, beside weights and moments; everything that a checkpoint has to bring back.
struct RunPosition {
  /// The place of the phase among the run's.
  var phase = 0
  /// The run's step at which each phase before this one ended.
  var phaseEnds: [Int] = []
  /// Of this phase, those that changed nothing too.
  var phaseSteps = 0
  /// Steps that the optimizer took in this phase.
  var optimizerSteps = 0
  /// Places of the data's order that the phase used.
  var consumed = 0
  /// Tokens trained on since the run began.
  var tokens = 0
  var best: TrainerState.Best?
  /// What ``best`` was measured on; nil where nothing was measured.
  var dev: UInt64?
  /// Whether the dev part is to be answered before the next step.
  var owesEvaluation = false
  /// Whether completions are to be shown as soon as there are new ones.
  var owesSamples = false
  /// Threads that the last steps were computed with.
  var threads: Int?
  var watch: Guard
  /// What was measured since the last line of the log.
  var window = RunningMeans()

  /// How long the files of lines were, in bytes; nil where that is not known.
  var logLengths: LogLengths? = LogLengths(metrics: 0, completions: 0)

  struct LogLengths: Equatable {
    var metrics: Int
    var completions: Int
  }

  /// Optimizer steps of the phases before.
  var stepsBefore: Int { phaseEnds.last ?? 0 }
  var step: Int { stepsBefore + phaseSteps }

  init(rules: StopRules) { watch = Guard(rules: rules) }

  /// Goes on to the next phase.
  mutating func advance(rules: StopRules) {
    let (phase, ends, tokens, threads) = (phase + 1, phaseEnds + [step], tokens, threads)
    self = RunPosition(rules: rules)
    (self.phase, phaseEnds, self.tokens, self.threads) = (phase, ends, tokens, threads)
  }
}

extension RunPosition {
  func state(digests: TrainerState.Digests, phase: String, seed: UInt64) throws -> TrainerState {
    var state = TrainerState(
      digests: digests, step: step, phase: phase, consumedExamples: consumed, seed: seed, best: best)
    state.counters = [
      "phase": self.phase, "phase_steps": phaseSteps, "optimizer_steps": optimizerSteps, "tokens": tokens,
    ]
    for (index, end) in phaseEnds.enumerated() { state.counters["phase_\(index)_end"] = end }
    state.counters["metrics_bytes"] = logLengths?.metrics
    state.counters["completions_bytes"] = logLengths?.completions
    if owesEvaluation { state.counters["owes_evaluation"] = 1 }
    if owesSamples { state.counters["owes_samples"] = 1 }
    state.counters["threads"] = threads
    let encoder = JSONEncoder()
    // Equal positions are equal bytes.
    encoder.outputFormatting = .sortedKeys
    state.words = [
      "guard": Self.words(try encoder.encode(watch.state)),
      "window": Self.words(try encoder.encode(window)),
    ]
    if let dev { state.words["dev"] = [dev] }
    return state
  }

  init(_ state: TrainerState, rules: StopRules) throws {
    self.init(rules: rules)
    // No file's number may overflow what is added to it.
    func count(_ number: Int) -> Int { min(max(0, number), 1 << 48) }
    func counter(_ name: String) -> Int { count(state.counters[name] ?? 0) }
    phase = counter("phase")
    phaseEnds = (0..<min(phase, state.counters.count)).map { counter("phase_\($0)_end") }
    phaseSteps = counter("phase_steps")
    optimizerSteps = counter("optimizer_steps")
    tokens = counter("tokens")
    consumed = count(state.consumedExamples)
    best = state.best
    dev = state.words["dev"]?.first
    owesEvaluation = counter("owes_evaluation") > 0
    owesSamples = counter("owes_samples") > 0
    threads = state.counters["threads"]
    logLengths = nil
    if let metrics = state.counters["metrics_bytes"], let completions = state.counters["completions_bytes"] {
      logLengths = LogLengths(metrics: metrics, completions: completions)
    }
    if let bytes = Self.bytes(state.words["guard"]) {
      watch = Guard(rules: rules, state: try JSONDecoder().decode(Guard.State.self, from: bytes))
    }
    if let bytes = Self.bytes(state.words["window"]) {
      window = try JSONDecoder().decode(RunningMeans.self, from: bytes)
    }
  }

  /// Bytes as words, behind their count.
  private static func words(_ data: Data) -> [UInt64] {
    [UInt64(data.count)]
      + stride(from: 0, to: data.count, by: 8).map { start in
        data[start..<min(start + 8, data.count)].enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * $1.offset) }
      }
  }

  private static func bytes(_ words: [UInt64]?) -> Data? {
    guard let words, let first = words.first, let count = Int(exactly: first), count <= 8 * (words.count - 1) else {
      return nil
    }
    return Data(
      words.dropFirst().flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }.prefix(count))
  }
}
