import Dataset
import Evaluation
import Foundation
import Models
import Synchronization
import Tensors
import Testing

@testable import Judging

/// Held to what transformers answers with the same checkpoint, item by item: `nano-eval.json`.
@Suite struct NanoEvalTests {
  private func replies(_ answerer: some Answerer, _ asks: [Ask]) async throws -> [Reply?] {
    let replies = Mutex([Reply?](repeating: nil, count: asks.count))
    try await answerer.answer(asks) { place, reply in replies.withLock { $0[place] = reply } }
    return replies.withLock { $0 }
  }

  private func asks(_ items: [BenchmarkItem]) -> [Ask] {
    let sounds = ItemSounds(items, missing: [], hearing: .audio)
    return zip(items, sounds.heard).map { item, heard in
      guard case .heard(let sound, _) = heard else { return Ask(item: item, order: ChoiceOrder(choices: 0)) }
      return Ask(item: item, order: ChoiceOrder(choices: item.choices.count), sound: sound)
    }
  }

  @Test func writtenAnswersAreThoseOfTransformersItemByItem() async throws {
    let folder = try TemporaryFolder()
    let questions = try NanoQuestions(in: folder)
    let model = try AudioLanguageModel(folder: NanoQuestions.model, weights: .float32)
    let answerer = GeneratingAnswerer(model: model, prompts: AskPrompts(), maximumTokens: questions.maximumTokens)

    let replies = try await replies(answerer, asks(questions.items))

    #expect(replies.count == 40)
    for (reply, expected) in zip(replies, questions.recorded) {
      #expect(reply?.output == expected.output, "\(expected.id)")
      #expect(reply?.tokens == expected.tokens, "\(expected.id)")
      #expect(reply?.isCut == (expected.tokens == questions.maximumTokens))
    }
  }

  @Test func likelihoodsOfChoicesAreThoseOfTransformersItemByItem() async throws {
    let folder = try TemporaryFolder()
    let questions = try NanoQuestions(in: folder)
    let model = try AudioLanguageModel(folder: NanoQuestions.model, weights: .float32)
    let answerer = LikelihoodAnswerer(model: model, prompts: AskPrompts(), measure: .sum, form: .text)

    let replies = try await replies(answerer, asks(questions.items))

    var largest = 0.0
    for (reply, expected) in zip(replies, questions.recorded) {
      let scores = try #require(reply?.choiceScores)
      let without = try #require(scores.without)
      for (own, other) in zip(scores.sum + without, expected.sum + expected.without) {
        largest = max(largest, abs(own - other))
      }
      let best = expected.sum.indices.max { expected.sum[$0] < expected.sum[$1] } ?? 0
      #expect(reply?.output == expected.choices[best], "\(expected.id)")
    }
    print("largest difference of sums of log-probabilities: \(largest)")
    #expect(largest < 1e-4)
  }

  @Test func meanAndCalibratedMeasuresDecideByTheirOwnNumbers() async throws {
    let folder = try TemporaryFolder()
    let questions = try NanoQuestions(in: folder)
    let model = try AudioLanguageModel(folder: NanoQuestions.model, weights: .float32)

    for measure in [LikelihoodAnswerer.Measure.mean, .calibrated] {
      let answerer = LikelihoodAnswerer(model: model, prompts: AskPrompts(), measure: measure, form: .text)
      for (reply, item) in zip(try await replies(answerer, asks(questions.items)), questions.items) {
        let scores = try #require(reply?.choiceScores)
        let without = try #require(scores.without)
        let values: [Double] = scores.sum.indices.map { place in
          if measure == .mean { return scores.sum[place] / Double(scores.tokens[place]) }
          return scores.sum[place] - without[place]
        }
        let best = values.indices.max { values[$0] < values[$1] } ?? 0
        #expect(reply?.output == item.choices[best])
      }
    }
  }

  @Test func answersDoNotDependOnWhatRunsBesideThem() async throws {
    let folder = try TemporaryFolder()
    let questions = try NanoQuestions(in: folder)
    let model = try AudioLanguageModel(folder: NanoQuestions.model, weights: .float32)
    let sampling = Sampling(temperature: 1, seed: 7)
    let asks = Array(asks(questions.items).prefix(8))
    func outputs(batch: Int, _ asks: [Ask]) async throws -> [String?] {
      let answerer = GeneratingAnswerer(
        model: model, prompts: AskPrompts(), sampling: sampling, maximumTokens: 8, batch: batch)
      return try await replies(answerer, asks).map { $0?.output }
    }

    let together = try await outputs(batch: 8, asks)
    let alone = try await outputs(batch: 1, asks.reversed())

    #expect(together == Array(alone.reversed()))
    #expect(Set(together).count > 1)
  }
}
