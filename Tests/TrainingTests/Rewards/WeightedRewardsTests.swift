import Testing

@testable import Training

/// A reward that is what it is told.
private struct FixedReward: Reward {
  var name: String
  var value: Double?

  func score(_ completion: RewardedCompletion) -> Double? { value }
}

@Suite struct WeightedRewardsTests {
  private let completion = RewardedCompletion(text: "<answer>Car</answer>\n", choices: ["Dog", "Car"], answer: 1)

  @Test func rewardsAreWeightedAndAdded() throws {
    let rewards = try WeightedRewards(
      names: ["accuracy:exact", "format:answer", "length:overlong"], weights: [2, 0.5, 1])

    let score = rewards.score(completion)

    #expect(score == RewardScore(values: [1, 1, nil], total: 2.5))
    #expect(rewards.names == ["accuracy:exact", "format:answer", "length:overlong"])
  }

  @Test func whereNoneAppliesThereIsNoTotal() throws {
    let rewards = try WeightedRewards([
      FixedReward(name: "missing", value: nil), FixedReward(name: "broken", value: .nan),
    ])

    #expect(rewards.score(completion) == RewardScore(values: [nil, nil], total: nil))
  }

  @Test func metricsAreOverTheCompletionsToWhichARewardApplies() throws {
    let rewards = try WeightedRewards(names: ["accuracy:exact", "format:answer", "length:overlong"])
    let scores = [[1.0, nil, nil], [0.0, nil, nil], [nil, 1.0, nil]].map { RewardScore(values: $0, total: 0) }

    let expected = [
      "rewards/accuracy:exact/mean": 0.5, "rewards/accuracy:exact/std": 0.5.squareRoot(),
      "rewards/format:answer/mean": 1, "rewards/format:answer/std": 0,
    ]
    #expect(rewards.metrics(scores) == expected)
  }

  @Test(arguments: [
    ("accuracy", "accuracy:exact"), ("accuracy:letter-or-text", "accuracy:letter-or-text"),
    ("format:think-answer", "format:think-answer"), ("length:overlong", "length:overlong"),
    ("length:overlong:64", "length:overlong:64"), ("length:cosine", "length:cosine:exact"),
    ("length:cosine:mmau", "length:cosine:mmau"),
  ]) func namesAreRead(text: String, name: String) throws {
    let read = try RewardName(text)

    #expect(read.description == name)
    #expect(try RewardName(name) == read)
  }

  @Test func everyNameThatMessagesListIsKnown() throws {
    for name in RewardName.known {
      let text = name.replacing("TOKENS", with: "7").replacing("RULE", with: "exact")
      #expect(try RewardName(text).reward.name == text)
    }
    #expect(RewardName.known.count == AccuracyReward.Rule.allCases.count + 5)
  }

  @Test(arguments: [
    "", ":", "accuracy:", "accuracy:MMAU", "format", "length:cosine:x", "format:answer:1", "accuracy:exact:",
  ])
  func unknownNamesAreAnsweredWithTheKnownOnes(name: String) {
    let error = #expect(throws: RewardError.self) { try RewardName(name) }
    #expect(
      error?.description == """
        rewards: there is no '\(name)'. Take from accuracy:exact, accuracy:caseless, accuracy:mmau, accuracy:letter, \
        accuracy:letter-or-text, format:answer, format:think-answer, length:overlong, length:overlong:TOKENS, \
        length:cosine:RULE.
        """)
  }

  @Test func configurationsWithoutMeaningAreRefused() {
    func message(_ names: [String], _ weights: [Double]?) -> String? {
      #expect(throws: RewardError.self) { try WeightedRewards(names: names, weights: weights) }?.description
    }
    #expect(message([], nil) == "rewards: none is named. Name at least one, for instance 'accuracy:exact'.")
    #expect(
      message(["accuracy", "accuracy:exact"], nil)
        == "rewards: 'accuracy:exact' stands there twice. Name it once, with the sum of the weights.")
    #expect(
      message(["accuracy"], [1, 2])
        == "rewards: 2 weights for 1 rewards. Give one weight for each reward, or none.")
    #expect(
      message(["accuracy"], [.infinity])
        == "rewards: 'accuracy:exact' cannot weigh inf. Give a finite number but 0.")
    #expect(
      message(["length:overlong:99999999999999999999"], nil)
        == "rewards: '99999999999999999999' is no number of tokens. Write it as in 'length:overlong:64'.")
  }
}
