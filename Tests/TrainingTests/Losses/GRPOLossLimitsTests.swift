import Testing

@testable import Training

@Suite struct GRPOLossLimitsTests {
  @Test(arguments: GRPOLoss.Kind.allCases, [1.0, -1.0])
  func ratiosOfAnySizeStayFinite(type: GRPOLoss.Kind, advantage: Double) {
    for level in GRPOLoss.ImportanceSampling.allCases {
      let loss = GRPOLoss(type: type, importanceSampling: level, beta: 0.1)
      for (old, reference) in [(-1e6, -1.0), (0, -1e6), (-1e6, 0), (-0.5, -2e3), (-.infinity, -1)] {
        let batch = GRPOBatch(
          logProbabilities: [[-1, -3e3]], old: [[old, old]], reference: [[reference, reference]],
          advantages: [advantage])
        let result = loss.evaluate(batch, normalisation: .init(of: batch))
        #expect(Float(result.loss).isFinite, "\(level) \(old) \(reference)")
        #expect(result.gradient[0].allSatisfy { Float($0 * $0).isFinite }, "\(level) \(old) \(reference)")
      }
    }
  }

  @Test func theLossIsFlatWhereRatiosAreCutOff() {
    let loss = GRPOLoss(type: .grpo)
    let batch = GRPOBatch(logProbabilities: [[-1], [-1]], old: [[-20], [-22]], advantages: [-1, -1])

    let gradient = loss.evaluate(batch, normalisation: .init(of: batch)).gradient

    #expect(gradient[0][0] > 8e7)
    #expect(gradient[1][0] == 0)
  }

  @Test func theDivergenceIsFlatWhereItIsCutOff() {
    let loss = GRPOLoss(type: .grpo, beta: 1)
    let batch = GRPOBatch(logProbabilities: [[-20], [-22]], reference: [[-1], [-1]], advantages: [0, 0])

    let gradient = loss.evaluate(batch, normalisation: .init(of: batch)).gradient

    #expect(gradient[0][0] < -8e7)
    #expect(gradient[1][0] == 0)
  }

  @Test(arguments: GRPOLoss.Kind.allCases) func notANumberShows(type: GRPOLoss.Kind) {
    let loss = GRPOLoss(type: type)
    let batch = GRPOBatch(logProbabilities: [[-1, .nan]], old: [[-1, -1]], advantages: [1])

    let result = loss.evaluate(batch, normalisation: .init(of: batch))

    #expect(result.loss.isNaN)
    #expect(result.gradient[0][1].isNaN)
  }

  @Test(arguments: GRPOLoss.Kind.allCases) func withoutOldOnesThePolicyItselfSampled(type: GRPOLoss.Kind) {
    let loss = GRPOLoss(type: type)
    let rows = [[-0.5, -1], [-2]]
    let normalisation = GRPONormalisation(tokenCount: 3, sequenceCount: 2)

    let result = loss.evaluate(
      GRPOBatch(logProbabilities: rows, advantages: [0.5, -1]), normalisation: normalisation)

    let batch = GRPOBatch(logProbabilities: rows, old: rows, advantages: [0.5, -1])
    #expect(result == loss.evaluate(batch, normalisation: normalisation))
    #expect(result.gradient.joined().allSatisfy { $0 != 0 })
  }

  // By hand: the first sequence is below 0.8 with a negative advantage, the second above 1.2 with a positive one, the
  // third above it with a negative one, which is not clipped; the fourth is masked.
  @Test func clipsOfSequencesAreCountedOnce() {
    let loss = GRPOLoss(type: .grpo, importanceSampling: .sequence)
    let batch = GRPOBatch(
      logProbabilities: [[-1, -1], [-1, -1, -1], [-1], [-1]], old: [[-0.5, -0.7], [-1.5, -1.2, -1.3], [-2], [-2]],
      advantages: [-1, 1, -1, 1], isMasked: [false, false, false, true])

    let metrics = loss.evaluate(batch, normalisation: .init(of: batch)).statistics.metrics

    let expected = [
      "clip_ratio/low_mean": 1.0 / 3, "clip_ratio/high_mean": 1.0 / 3, "clip_ratio/region_mean": 2.0 / 3,
      "clip_ratio/low_min": 0, "clip_ratio/high_max": 1,
    ]
    #expect(metrics == expected)
  }

  // exp(2 + 3 s - 2 e^s) at s = -0.5 for the negative advantage, 1 at s = 0.
  @Test func gammaWeightsAreReportedBySequence() throws {
    let batch = GRPOBatch(
      logProbabilities: [[-1, -1], [-1]], old: [[-0.75, -0.75], [-1]], entropies: [[1, 2], [6]], advantages: [-1, 1])

    let metrics = GRPOLoss(type: .vespo).evaluate(batch, normalisation: .init(of: batch)).statistics.metrics

    #expect(metrics["entropy"] == 3)
    #expect(try (#require(metrics["vespo/phi_seq_mean"]) - (0.4901414189 + 1) / 2).magnitude < 1e-9)
  }

  @Test func settingsFollowTheType() {
    #expect(GRPOLoss(type: .cispo).epsilonHigh == 5)
    #expect(GRPOLoss(type: .dapo, epsilonLow: 0.1).epsilonHigh == 0.1)
    #expect(GRPOLoss(type: .luspo).importanceSampling == .sequence)
    #expect(GRPOLoss().importanceSampling == .token)
    #expect(GRPOLoss.Kind(rawValue: "dr_grpo") == .drGRPO)
  }

  static let refused: [(GRPOLoss, String)] = [
    (GRPOLoss(epsilonLow: -0.1), "epsilon_low: -0.1 has no meaning. Give a number of 0 or more."),
    (GRPOLoss(beta: .nan), "beta: nan has no meaning. Give a number of 0 or more."),
    (GRPOLoss(epsilonHigh: .infinity), "epsilon_high: inf has no meaning. Give a number of 0 or more."),
    (GRPOLoss(delta: 1.1), "delta: 1.1 has no meaning. Give a number above 1 + epsilon_high."),
    (GRPOLoss(maximumCompletionLength: 0), "max_completion_length: 0.0 has no meaning. Give a number above 0."),
    (GRPOLoss(type: .sapo, delta: 2), "delta: does not go with loss type 'sapo'. Leave it out."),
    (
      GRPOLoss(type: .luspo, importanceSampling: .token),
      "importance_sampling_level: does not go with loss type 'luspo', which weighs whole completions. "
        + "Set it to 'sequence'."
    ),
    (
      GRPOLoss(type: .vespo, importanceSampling: .sequence),
      "importance_sampling_level: does not go with loss type 'vespo', which takes whole completions' ratios by "
        + "itself. Set it to 'token'."
    ),
  ]

  @Test(arguments: refused) func settingsWithoutMeaningAreRefused(loss: GRPOLoss, message: String) {
    let error = #expect(throws: LossError.self) { try loss.check() }
    #expect(error?.description == message)
  }
}
