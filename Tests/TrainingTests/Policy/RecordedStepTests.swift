import Foundation
import Models
import Tensors
import Testing

@testable import Training

/// Whole optimizer steps against PyTorch in float64 (Tests/Fixtures/training/make_grpo_step.py, transformers 5.23).
@Suite struct RecordedStepTests {
  @Test(arguments: ["qwen2-untied", "qwen2-tied", "qwen2-audio"])
  func lossesGradientsAndUpdatedWeightsAreThoseOfPyTorch(_ name: String) throws {
    let recorded = try RecordedSteps(name)
    try #require(recorded.cases.count == 7)
    for item in recorded.cases {
      let run = try RecordedRun(recorded, item)
      for (number, step) in item.steps.enumerated() {
        let found = try run.step()
        let label = "\(name), \(item.name), step \(number + 1)"
        compare(found, step, label)
      }
    }
  }

  /// Held to 1e-4 or better; the digests of gradients and changes are compared as shares of their norms.
  private func compare(_ found: RecordedRun.Found, _ step: RecordedSteps.Step, _ label: String) {
    let loss = abs(found.loss - step.loss) / max(1, abs(step.loss))
    let norm = abs(found.gradientNorm - step.gradientNorm) / step.gradientNorm
    let scores = largestDifference(found.logProbabilities, step.logProbabilities)
    let gradient = furthest(found.gradients, step, \.gradient) { _ in 0 }
    // A change is the difference of two float32 weights: what is decayed by a hundred-thousandth has two digits left.
    let change = furthest(found.changes, step, \.change) { Double(Float.ulpOfOne) * (found.norms[$0] ?? 0) }
    print("\(label): loss \(loss), gradient \(gradient), change \(change), log-probabilities \(scores)")
    #expect(loss < 1e-5 && norm < 1e-5, "\(label)")
    #expect(gradient.share < 5e-5, "\(label)")
    #expect(change.share < 1e-4, "\(label)")
    #expect(scores < 1e-4 && abs(found.entropy - step.entropy) < 1e-5, "\(label)")
    for (name, value) in [
      "accuracy": step.accuracy, "clip_ratio/low_mean": step.clippedLow, "clip_ratio/high_mean": step.clippedHigh,
      "margin": step.margin, "kl": step.kl,
    ] {
      guard let value, let own = found.metrics[name] else { continue }
      #expect(abs(own - value) < 1e-4 * max(1, abs(value)), "\(label), \(name)")
    }
  }

  /// The parameter whose digest is furthest from the recorded one, as a share of its norm, beyond its `rounding`.
  private func furthest(
    _ found: [String: Tensor], _ step: RecordedSteps.Step,
    _ part: KeyPath<RecordedSteps.Recorded, RecordedSteps.Digest>, rounding: (String) -> Double
  ) -> (share: Double, name: String) {
    var worst = (share: Set(found.keys) == Set(step.parameters.keys) ? 0 : Double.infinity, name: "names")
    for (name, recorded) in step.parameters {
      guard let tensor = found[name], tensor.shape == recorded.shape else { return (.infinity, name) }
      let digest = RecordedSteps.Digest(tensor.values.map(Double.init))
      let distance = recorded[keyPath: part].distance(digest, beyond: rounding(name))
      if distance > worst.share { worst = (distance, name) }
    }
    return worst
  }
}
