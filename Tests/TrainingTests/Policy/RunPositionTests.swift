import Foundation
import Testing

@testable import Training

@Suite struct RunPositionTests {
  private let digests = TrainerState.Digests(model: "m", data: "d", settings: "s")

  private func position() -> RunPosition {
    var position = RunPosition(rules: StopRules())
    (position.phase, position.phaseEnds, position.phaseSteps, position.optimizerSteps) = (2, [25, 40], 17, 15)
    (position.consumed, position.tokens) = (321, 98_765)
    position.logLengths = .init(metrics: 1_234, completions: 56)
    position.best = TrainerState.Best(score: 0.1 + 0.2, step: 50)
    (position.dev, position.threads, position.owesEvaluation, position.owesSamples) = (.max, 3, true, true)
    for _ in 0..<3 {
      _ = position.watch.check(StepMetrics(step: 1, epoch: 0, values: [.shareWithoutSignal: 1]))
    }
    position.window.add([
      .mean(.loss, 0.1, weight: 3), .mean(.loss, .nan, weight: 0), .smallest(.smallestLength, 4),
      .largest(.largestLength, 1.0 / 3), .latest(.learningRate, 1e-5), .mean("é\u{1F409}", .infinity),
    ])
    return position
  }

  @Test func aPositionComesBackToTheBit() throws {
    let position = position()
    try #require(position.watch.doubtfulSteps == 3)

    let state = try position.state(digests: digests, phase: "grpo", seed: 7)
    let again = try RunPosition(state, rules: StopRules())

    #expect(state.step == 57 && state.phase == "grpo" && state.seed == 7 && state.consumedExamples == 321)
    #expect(again.phase == 2 && again.phaseEnds == [25, 40] && again.phaseSteps == 17 && again.optimizerSteps == 15)
    #expect(again.logLengths == position.logLengths)
    #expect(again.dev == .max && again.threads == 3 && again.owesEvaluation && again.owesSamples)
    #expect(again.consumed == 321 && again.tokens == 98_765 && again.step == 57)
    #expect(again.best == position.best && again.watch == position.watch && again.window == position.window)
    #expect(try again.state(digests: digests, phase: "grpo", seed: 7) == state)
  }

  @Test func anEmptyWindowComesBackEmpty() throws {
    let state = try RunPosition(rules: .off).state(digests: digests, phase: "sft", seed: 1)
    let again = try RunPosition(state, rules: .off)
    #expect(again.window.isEmpty && again.best == nil && again.step == 0)
  }

  @Test func theNextPhaseBeginsWhereThisOneEnds() {
    var position = position()
    position.advance(rules: StopRules())
    #expect(
      position.phase == 3 && position.phaseEnds == [25, 40, 57] && position.step == 57 && position.tokens == 98_765)
    #expect(position.phaseSteps == 0 && position.optimizerSteps == 0 && position.consumed == 0)
    #expect(position.best == nil && position.window.isEmpty && position.watch.badSteps == 0)
  }

  /// A file that somebody has changed: an error or something else, never a crash.
  @Test func statesThatAreNoneAreNoTrap() throws {
    let good = try position().state(digests: digests, phase: "sft", seed: 1)
    for words in [[], [5], [.max], [UInt64(Int.max)], [3, 0x2222_2222], [1 << 62, 1, 2]] as [[UInt64]] {
      for name in ["guard", "window"] {
        var state = good
        state.words[name] = words
        _ = try? RunPosition(state, rules: StopRules())
      }
    }
    var state = good
    state.counters = ["phase": 1, "phase_0_end": .max, "phase_steps": .max, "optimizer_steps": -1]
    state.consumedExamples = .max
    let again = try RunPosition(state, rules: StopRules())
    #expect(again.phase == 1 && again.optimizerSteps == 0 && again.step > 0)
    #expect(!ExampleOrder(count: 3, seed: 1).turns(again.consumed..<again.consumed + 2).isEmpty)
  }
}
