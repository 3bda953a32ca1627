import Testing

@testable import Training

/// What Tests/Fixtures/training/rewards.py recorded of TRL's formulas.
private struct RecordedAdvantages: Decodable {
  struct Scores: Decodable {
    struct Case: Decodable {
      var scale: String
      var aggregation: String
      var advantages: [Double]
    }

    var scores: [[Double?]]
    var weights: [Double]
    var size: Int
    var cases: [Case]
  }

  var advantages: Scores
}

@Suite struct AdvantagesTests {
  @Test func advantagesAreThoseOfTRL() throws {
    let recorded = try (lossFixture("rewards.json") as RecordedAdvantages).advantages

    #expect(recorded.cases.count == 4)
    for item in recorded.cases {
      let settings = AdvantageSettings(
        scale: try #require(.init(rawValue: item.scale)), aggregation: try #require(.init(rawValue: item.aggregation)))
      let advantages = Advantages(
        scores: recorded.scores, weights: recorded.weights, groupSize: recorded.size, settings: settings)
      #expect(
        largestDifference([advantages.values], [item.advantages]) < 1e-12, "\(item.scale) \(item.aggregation)")
    }
  }

  @Test func advantagesOfTheGoldenRewardsAreTheGoldenOnes() throws {
    let golden: GoldenLosses = try lossFixture("grpo.json")

    let advantages = Advantages(scores: golden.rewards.map { [$0] }, weights: [1], groupSize: 4)

    #expect(largestDifference([advantages.values], [golden.advantages]) < 1e-12)
  }

  @Test(arguments: AdvantageSettings.Scale.allCases, AdvantageSettings.Aggregation.allCases)
  func groupsWithoutSpreadGiveExactlyNothing(
    scale: AdvantageSettings.Scale, aggregation: AdvantageSettings.Aggregation
  ) {
    let scores: [[Double?]] = [
      [0.1, 0.7], [0.1, 0.7], [0.1, 0.7], [nil, nil], [nil, nil], [nil, nil], [1, 0], [0, 0], [0, 1],
    ]

    let advantages = Advantages(
      scores: scores, weights: [1, 0.3], groupSize: 3, settings: .init(scale: scale, aggregation: aggregation))

    #expect(advantages.values.prefix(6).allSatisfy { $0 == 0 })
    #expect(advantages.values.suffix(3).contains { $0 > 0 })
    #expect(advantages.groups.map(\.hasSignal) == [false, false, true])
    #expect(advantages.shareWithoutSignal == 2.0 / 3)
  }

  @Test(arguments: AdvantageSettings.Scale.allCases) func aGroupOfOneHasNoSignal(scale: AdvantageSettings.Scale) {
    let advantages = Advantages(scores: [[1], [0], [nil]], weights: [1], groupSize: 1, settings: .init(scale: scale))

    #expect(advantages.values == [0, 0, 0])
    #expect(advantages.rewards == [1, 0, nil])
    #expect(advantages.shareWithoutSignal == 1)
  }

  @Test func missingRewardsAreLeftOutOfTheMean() {
    let advantages = Advantages(
      scores: [[1], [nil], [0], [nil]], weights: [2], groupSize: 4, settings: .init(scale: .none))

    #expect(advantages.values == [1, 0, -1, 0])
    #expect(advantages.groups == [.init(mean: 1, standardDeviation: 2.0.squareRoot(), hasSignal: true)])
  }

  // Two rewards that cancel in the sum are still told apart when each is scaled by itself.
  @Test func rewardsScaledOneByOneKeepTheirOwnSpread() {
    let scores: [[Double?]] = [[1, 0], [0, 0.1], [0, 0.1], [0, 0.1]]

    let summed = Advantages(scores: scores, weights: [1, 10], groupSize: 4)
    let scaled = Advantages(
      scores: scores, weights: [1, 10], groupSize: 4, settings: .init(aggregation: .normalizeThenSum))

    #expect(summed.shareWithoutSignal == 1)
    #expect(scaled.shareWithoutSignal == 0)
    #expect(scaled.values[0] < 0)
  }

  @Test func metricsHaveTheNamesOfTRL() {
    let advantages = Advantages(scores: [[1], [0], [1], [1], [nil], [nil]], weights: [1], groupSize: 2)

    #expect(advantages.metrics == ["reward": 0.75, "reward_std": 0.5, "frac_reward_zero_std": 2.0 / 3])
    #expect(Advantages(scores: [], weights: [1], groupSize: 2).metrics == ["frac_reward_zero_std": 0])
  }
}
