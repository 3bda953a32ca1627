import Testing

@testable import Training

/// Values of another implementation, in double precision.
private struct GoldenPairs: Decodable {
  var pc: [Double]
  var pr: [Double]
  var rc: [Double]
  var rr: [Double]
  var chosenLengths: [Double]
  var rejectedLengths: [Double]
  var beta: Double
  var sigmoid: Double
  var hinge: Double
  var ipo: Double
  var robust: Double
  var chosenRewards: [Double]
  var rejectedRewards: [Double]
  var accuracy: Double
  var margin: Double

  enum CodingKeys: String, CodingKey {
    case pc, pr, rc, rr, beta, sigmoid, hinge, ipo, accuracy, margin
    case chosenLengths = "len_c"
    case rejectedLengths = "len_r"
    case chosenRewards = "rewards_chosen"
    case rejectedRewards = "rewards_rejected"
    case robust = "robust_ls0.1"
  }

  var pairs: [PreferencePair] {
    pc.indices.map {
      PreferencePair(
        chosen: .init(policy: pc[$0], reference: rc[$0], length: Int(chosenLengths[$0])),
        rejected: .init(policy: pr[$0], reference: rr[$0], length: Int(rejectedLengths[$0])))
    }
  }
}

@Suite struct DPOLossTests {
  static let losses = DPOLoss.Kind.allCases.map {
    DPOLoss(type: $0, beta: 0.1, labelSmoothing: $0 == .robust ? 0.1 : 0)
  }

  @Test func lossesAreTheGoldenOnes() throws {
    let golden: GoldenPairs = try lossFixture("dpo.json")
    let expected: [DPOLoss.Kind: Double] = [
      .sigmoid: golden.sigmoid, .hinge: golden.hinge, .ipo: golden.ipo, .robust: golden.robust,
    ]

    for loss in Self.losses {
      #expect(loss.beta == golden.beta)
      let value = loss.evaluate(golden.pairs, pairCount: 2).loss
      #expect(try (value - #require(expected[loss.type])).magnitude < 1e-8, "\(loss.type): \(value)")
    }
  }

  @Test func statisticsAreTheGoldenOnes() throws {
    let golden: GoldenPairs = try lossFixture("dpo.json")

    let metrics = DPOLoss(beta: golden.beta).evaluate(golden.pairs, pairCount: 2).statistics.metrics

    let expected = [
      "rewards/chosen": golden.chosenRewards.reduce(0, +) / 2,
      "rewards/rejected": golden.rejectedRewards.reduce(0, +) / 2, "rewards/accuracies": golden.accuracy,
      "rewards/margins": golden.margin, "logps/chosen": -11, "logps/rejected": -11.25,
    ]
    #expect(metrics.keys == expected.keys)
    for (name, value) in expected { #expect(try (#require(metrics[name]) - value).magnitude < 1e-12, "\(name)") }
  }

  @Test(arguments: losses) func gradientsAreThoseOfFiniteDifferences(loss: DPOLoss) throws {
    let golden: GoldenPairs = try lossFixture("dpo.json")
    let far = PreferencePair(
      chosen: .init(policy: -5, reference: -30, length: 3), rejected: .init(policy: -40, reference: -35, length: 9))
    let near = PreferencePair(
      chosen: .init(policy: -40, reference: -30, length: 1), rejected: .init(policy: -20, reference: -35, length: 2))
    let pairs = golden.pairs + [far, near]
    let result = loss.evaluate(pairs, pairCount: 5)

    let error = largestSlopeError(
      [result.chosenGradient, result.rejectedGradient],
      at: [pairs.map(\.chosen.policy), pairs.map(\.rejected.policy)]
    ) { rows in
      var moved = pairs
      for place in pairs.indices {
        moved[place].chosen.policy = rows[0][place]
        moved[place].rejected.policy = rows[1][place]
      }
      return loss.evaluate(moved, pairCount: 5).loss
    }

    #expect(error < 1e-7)
    #expect(result.chosenGradient.contains { $0 < 0 })
  }

  @Test(arguments: losses) func microBatchesAddUpToTheWholeStep(loss: DPOLoss) throws {
    let pairs = try (lossFixture("dpo.json") as GoldenPairs).pairs
    let whole = loss.evaluate(pairs, pairCount: 2)

    let parts = pairs.map { loss.evaluate([$0], pairCount: 2) }
    var statistics = parts[0].statistics
    statistics.merge(parts[1].statistics)

    #expect((parts[0].loss + parts[1].loss - whole.loss).magnitude < 1e-14)
    #expect(parts.flatMap(\.chosenGradient) == whole.chosenGradient)
    #expect(parts.flatMap(\.rejectedGradient) == whole.rejectedGradient)
    #expect(statistics == whole.statistics)
  }

  @Test(arguments: losses, [1e5, -1e5]) func marginsOfAnySizeStayFinite(loss: DPOLoss, margin: Double) {
    let pair = PreferencePair(
      chosen: .init(policy: margin, reference: 0, length: 1), rejected: .init(policy: 0, reference: 0, length: 0))

    let result = loss.evaluate([pair], pairCount: 1)

    #expect(result.loss.isFinite && result.chosenGradient[0].isFinite)
  }

  @Test(arguments: losses) func notANumberShows(loss: DPOLoss) {
    let pair = PreferencePair(
      chosen: .init(policy: .nan, reference: 0, length: 1), rejected: .init(policy: 0, reference: 0, length: 1))

    #expect(loss.evaluate([pair], pairCount: 1).loss.isNaN)
  }

  @Test func noPairsGiveNothing() {
    let result = DPOLoss().evaluate([], pairCount: 0)

    #expect(result.loss == 0)
    #expect(result.statistics.metrics.isEmpty)
  }

  @Test func equalRewardsAreNotAccurate() {
    let completion = ScoredCompletion(policy: -1, reference: -2, length: 1)

    let statistics = DPOLoss().evaluate([.init(chosen: completion, rejected: completion)], pairCount: 1).statistics

    #expect(statistics.accuracy == 0)
    #expect(statistics.margin == 0)
  }

  static let refused: [(DPOLoss, String)] = [
    (DPOLoss(beta: 0), "beta: 0.0 has no meaning. Give a number above 0."),
    (
      DPOLoss(type: .robust, labelSmoothing: 0.5),
      "label_smoothing: 0.5 has no meaning. Give a number from 0 to below 0.5."
    ),
    (
      DPOLoss(labelSmoothing: 0.1),
      "label_smoothing: does not go with loss type 'sigmoid'. Take 'robust', or leave it out."
    ),
  ]

  @Test(arguments: refused) func settingsWithoutMeaningAreRefused(loss: DPOLoss, message: String) {
    let error = #expect(throws: LossError.self) { try loss.check() }
    #expect(error?.description == message)
  }
}
