import Testing

@testable import Training

/// What Tests/Fixtures/training/rewards.py recorded: judgements by Python's `re`, lengths by TRL's reward functions.
private struct Recorded: Decodable {
  struct Tagged: Decodable {
    var text: String
    var one: Bool
    var thought: Bool
    var answer: String?
  }

  struct Lengths: Decodable {
    var longest: Int
    var cache: Int
    var counts: [Int]
    var overlong: [Double]
    var right: [Double]
    var wrong: [Double]
  }

  var tagged: [Tagged]
  var lengths: [Lengths]
}

@Suite struct RecordedRewardTests {
  @Test func formatsAreThoseOfRegularExpressions() throws {
    let recorded: Recorded = try lossFixture("rewards.json")

    #expect(recorded.tagged.filter(\.one).count > 15)
    #expect(recorded.tagged.filter(\.thought).count > 10)
    for item in recorded.tagged {
      let completion = RewardedCompletion(text: item.text)
      #expect(AnswerTagReward().score(completion) == (item.one ? 1 : 0), "\(item.text)")
      #expect(ThinkAnswerReward().score(completion) == (item.thought ? 1 : 0), "\(item.text)")
    }
  }

  @Test func answersAreThoseOfRegularExpressions() throws {
    let recorded: Recorded = try lossFixture("rewards.json")

    #expect(recorded.tagged.filter { $0.answer == nil }.count > 5)
    for item in recorded.tagged {
      let answer = TaggedText(item.text).answer
      #expect(answer.map { Array($0.utf8) } == item.answer.map { Array($0.utf8) }, "\(item.text)")
    }
  }

  @Test func lengthsAreRewardedAsByTRL() throws {
    let recorded: Recorded = try lossFixture("rewards.json")

    #expect(recorded.lengths.count == 4)
    for item in recorded.lengths {
      for (place, count) in item.counts.enumerated() {
        var completion = RewardedCompletion(
          text: "Car", tokenCount: count, maximumTokens: item.longest, choices: ["Car", "Dog"], answer: 0)
        let overlong = try #require(LengthReward(cache: item.cache).score(completion))
        #expect((overlong - item.overlong[place]).magnitude < 1e-12, "\(count) of \(item.longest)")
        let right = try #require(CosineLengthReward().score(completion))
        #expect((right - item.right[place]).magnitude < 1e-12, "\(count) of \(item.longest)")
        completion.text = "Dog"
        let wrong = try #require(CosineLengthReward().score(completion))
        #expect((wrong - item.wrong[place]).magnitude < 1e-12, "\(count) of \(item.longest)")
      }
    }
  }
}
