import Dataset
import Foundation
import Models
import Tensors
import Testing

@testable import Training

@Suite struct DPOTrainerTests {
  private let folder = TrainerFolder()

  private func trainer(
    _ pairs: DPOSettings.Pairs, rewards: [any Reward] = [LettersReward()], part: TrainedPart = TrainedPart(),
    _ questions: [ImportedQuestion] = TinyTraining.questions(4)
  ) throws -> (DPOTrainer, Policy) {
    var settings = DPOSettings(rewards: try WeightedRewards(rewards))
    settings.pairs = pairs
    settings.samples = 4
    settings.maximumTokens = 8
    let tools = try TinyTraining.tools(
      TinyTraining.phase(.dpo(settings), batch: 2), questions: questions, folder: folder, part: part)
    return (DPOTrainer(tools, settings: settings, consumed: 0), tools.policy)
  }

  @Test(arguments: DPOSettings.Pairs.allCases, [false, true])
  func aPolicyBeginsAtItsReferenceAndLeavesIt(_ pairs: DPOSettings.Pairs, _ adapts: Bool) throws {
    let part = TrainedPart(lowRank: adapts ? queryValueAdapters() : nil)
    let questions = TinyTraining.questions(2).map { question in
      var question = question
      question.rejected = pairs == .given ? "cow" : nil
      return question
    }
    let (trainer, policy) = try trainer(pairs, part: part, questions)

    let first = try trainer.step(0, samples: false)
    #expect(first.hasGradient && trainer.consumed == 2)
    // log 2 where policy and reference agree.
    #expect(abs(try #require(first[.loss]) - log(2)) < 1e-5)
    #expect(abs(try #require(first[.rewardMargin])) < 1e-4)
    guard pairs != .sampled else { return }
    AdamW(parameters: policy.parameters).step(learningRate: 3e-3)
    policy.clearGradients()
    let second = try trainer.step(1, samples: false)

    #expect(try #require(second[.loss]) < log(2))
    #expect(try #require(second[.rewardMargin]) > 0 && second[.rewardAccuracy] == 1)
  }

  @Test func sampledPairsAreTheBestAndTheWorst() throws {
    let (trainer, policy) = try trainer(.sampled)
    let step = try trainer.step(0, samples: true)
    let sample = try #require(step.samples.first)
    let rewards = sample.completions.compactMap(\.reward)
    #expect(rewards.count == 4 && Set(rewards).count > 1)
    #expect(step.hasGradient && gradientNorm(policy.parameters) > 0 && step.generationSeconds > 0)

    let (again, other) = try self.trainer(.sampled)
    #expect(try again.step(0, samples: true).samples == step.samples)
    for (a, b) in zip(policy.parameters, other.parameters) { #expect(a.gradient == b.gradient) }
    // Other steps write others.
    #expect(try again.step(1, samples: true).samples != step.samples)
  }

  @Test func pairsOfEqualWorthAreLeftOut() throws {
    let (trainer, policy) = try trainer(.sampled, rewards: [FlatReward(solutions: ["cat"])])
    let step = try trainer.step(0, samples: true)
    #expect(!step.hasGradient && step.tokenCount == 0)
    #expect(step[.loss] == nil)
    #expect(step.samples.count == 1 && gradientNorm(policy.parameters) == 0 && trainer.consumed == 2)
  }

  /// A loss that there is none of is not taken for one that is not a number.
  @Test func aRunWithoutPairsGoesOnAndLeavesItsWeights() throws {
    var settings = DPOSettings(rewards: try WeightedRewards([FlatReward(solutions: ["cat"])]))
    (settings.pairs, settings.samples, settings.maximumTokens) = (.sampled, 2, 3)
    let run = try TinyRun(TinyTraining.phase(.dpo(settings), batch: 2), questions: TinyTraining.questions(2))

    let result = try run.run()

    #expect(result.steps == 4)
    let (start, end) = (try Checkpoint(folder: run.model.path), try Checkpoint(folder: result.checkpoint))
    for name in start.names { #expect(try end.tensor(name) == start.tensor(name), "\(name)") }
  }

  @Test func adaptersDropNothing() throws {
    let losses = try [0, 0.5].map { dropout in
      let part = TrainedPart(lowRank: queryValueAdapters(dropout: dropout))
      let (trainer, policy) = try trainer(.distractor, part: part)
      policy.awakeAdapters()
      return try #require(try trainer.step(0, samples: false)[.loss])
    }

    #expect(losses[0] == losses[1])
  }

  @Test func theReferenceIsAskedOnceForAPair() throws {
    let known = PairReference()
    var asked: [[Int]] = []
    func scores(_ example: Int, _ prompt: [Int], _ completions: [[Int]]) -> PairReference.Scores {
      let group = PolicyGroup(tokens: TokenGroup(prompt: prompt, completions: completions))
      return known.scores(of: group, example: example) { group in
        asked.append([example] + group.tokens.prompt)
        return group.tokens.completions.map { $0.map { Double(-$0) } }
      }
    }

    let first = scores(0, [1, 2], [[3, 4], [5]])
    // Another row with another sound, another order of choices, another distractor.
    for (example, prompt, completions) in [
      (1, [1, 2], [[3, 4], [5]]), (0, [2, 1], [[3, 4], [5]]), (0, [1, 2], [[3, 4], [6]]), (0, [1, 2, 3], [[4], [5]]),
    ] { _ = scores(example, prompt, completions) }
    let again = scores(0, [1, 2], [[3, 4], [5]])

    #expect(first == (-7, -5) && again == first)
    #expect(asked == [[0, 1, 2], [1, 1, 2], [0, 2, 1], [0, 1, 2], [0, 1, 2, 3]] && known.count == 5)
  }

  @Test func distractorsChangeFromEpochToEpoch() throws {
    let (trainer, policy) = try trainer(.distractor, TinyTraining.questions(2))
    var gradients: [[Float]] = []
    for step in 0..<4 {
      policy.clearGradients()
      _ = try trainer.step(step, samples: false)
      gradients.append(try #require(policy.parameters.first { $0.name.contains("lm_head") }).gradient.values)
    }
    #expect(trainer.consumed == 8 && Set(gradients).count > 1)
  }
}
