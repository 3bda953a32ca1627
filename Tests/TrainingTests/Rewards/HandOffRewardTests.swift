import Foundation
import Testing
import Training

/// Reference: the rewards that are handed to other trainers, in Python (Tests/Fixtures/rewards/fuzz.py).
@Suite struct HandOffRewardTests {
  private struct Question: Decodable {
    var choices: [String]
    var answer: Int
    var solution: String
    var completions: [Completion]
  }

  private struct Completion: Decodable {
    var text: String
    var tokens: Int
    var longest: Int
    var scores: String
    var overlong: Double?
    var cosine: Double?

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      text = try list.decode(String.self)
      tokens = try list.decode(Int.self)
      longest = try list.decode(Int.self)
      scores = try list.decode(String.self)
      overlong = try list.decode(Double?.self)
      cosine = try list.decode(Double?.self)
    }
  }

  private static let names =
    AccuracyReward.Rule.allCases.map { "accuracy:\($0.rawValue)" } + ["format:answer", "format:think-answer"]

  @Test func rewardsAgreeWithThoseHandedToOtherTrainersOnTenThousandCompletions() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../Fixtures/rewards/fuzz.jsonl").standardizedFileURL
    let rewards = try Self.names.map { try RewardName($0).reward }
    let overlong = try RewardName("length:overlong:32").reward
    let cosine = try RewardName("length:cosine:letter-or-text").reward
    var count = 0
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let question = try JSONDecoder().decode(Question.self, from: Data(line.utf8))
      for recorded in question.completions {
        let completion = RewardedCompletion(
          text: recorded.text, tokenCount: recorded.tokens, maximumTokens: recorded.longest, choices: question.choices,
          answer: question.answer, solution: question.solution)
        let scores = rewards.map { $0.score(completion).map { $0 == 1 ? "1" : "0" } ?? "-" }.joined()
        #expect(scores == recorded.scores, "\(recorded.text) of \(question.choices), \(question.answer)")
        #expect(Self.areEqual(overlong.score(completion), recorded.overlong))
        #expect(Self.areEqual(cosine.score(completion), recorded.cosine))
        count += 1
      }
    }
    #expect(count == 10_000)
  }

  private static func areEqual(_ ours: Double?, _ theirs: Double?) -> Bool {
    guard let ours, let theirs else { return ours == nil && theirs == nil }
    return abs(ours - theirs) < 1e-12
  }
}
