import Dataset
import Models
import Tensors
import Testing

@testable import Training

@Suite struct GRPOTrainerTests {
  private let folder = TrainerFolder()

  private func trainer(
    _ phase: TrainingPhase, _ questions: [ImportedQuestion] = TinyTraining.questions(6), seed: UInt64 = 11
  ) throws -> (GRPOTrainer, Policy) {
    guard case .grpo(let settings) = phase.method else { preconditionFailure("a phase of another method") }
    let tools = try TinyTraining.tools(phase, questions: questions, folder: folder, seed: seed)
    return (try GRPOTrainer(tools, settings: settings, consumed: 0), tools.policy)
  }

  private func gradients(_ policy: Policy) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: policy.parameters.map { ($0.name, $0.gradient) })
  }

  @Test func theSameSeedMakesTheSameStepAndAnotherAnother() throws {
    func step(_ seed: UInt64) throws -> ([String: Tensor], [SampleGroup]) {
      let (trainer, policy) = try trainer(TinyTraining.grpo(), seed: seed)
      let result = try trainer.step(0, samples: true)
      #expect(result.hasGradient && trainer.consumed == 2)
      return (gradients(policy), result.samples)
    }

    let (first, again, other) = (try step(1), try step(1), try step(2))

    #expect(first.0 == again.0 && first.1 == again.1)
    #expect(first.1 != other.1)
    #expect(first.1.count == 2 && first.1.allSatisfy { $0.completions.count == 4 })
  }

  /// A step is what the loss makes of the completions, their rewards and the policy's own probabilities.
  @Test func aStepIsThatOfItsCompletions() throws {
    let (trainer, policy) = try trainer(TinyTraining.grpo())
    let result = try trainer.step(0, samples: true)
    for sample in result.samples {
      let rewards = sample.completions.compactMap(\.reward)
      let mean = rewards.reduce(0, +) / 4
      let deviation = (rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
      for completion in sample.completions {
        let expected = deviation > 0 ? (try #require(completion.reward) - mean) / (deviation + 1e-4) : 0
        #expect(abs(completion.advantage - expected) < 1e-9)
      }
    }
    #expect(result[.reward] != nil && result[.entropy] ?? 0 > 1 && result[.shareWithoutSignal] == 0)
    #expect(result[.clippedMean] == 0)
    // Ratios of 1, advantages that add up to 0: a loss of 0 with a gradient.
    #expect(abs(try #require(result[.loss])) < 1e-6)
    #expect(gradientNorm(policy.parameters) > 1e-3)
  }

  @Test func laterIterationsCompareWithThePolicyThatWrote() throws {
    let (once, alone) = try trainer(TinyTraining.grpo())
    _ = try once.step(0, samples: false)
    let (trainer, policy) = try trainer(TinyTraining.grpo { $0.iterations = 3 })

    let first = try trainer.step(0, samples: false)
    let start = gradients(policy)
    #expect(largestShare(start, gradients(alone)).share < 1e-5)
    policy.clearGradients()

    // Nothing has changed: the ratios are 1 again.
    let second = try trainer.step(1, samples: false)
    #expect(largestShare(gradients(policy), start).share < 1e-6)
    #expect(abs(try #require(second[.loss])) < 1e-5)
    policy.move(by: 0.01)
    let third = try trainer.step(2, samples: false)

    #expect(abs(try #require(first[.loss])) < 1e-5)
    #expect(try #require(third[.loss]) < -1e-3)
    #expect(try #require(third[.clippedMean]) > 0)
    #expect(trainer.consumed == 2)
    #expect(!trainer.isResumable(after: 1) && !trainer.isResumable(after: 2) && trainer.isResumable(after: 3))
    // The completions are sampled anew.
    policy.clearGradients()
    #expect(abs(try #require(try trainer.step(3, samples: false)[.loss])) < 1e-5)
    #expect(trainer.consumed == 4)
  }

  @Test func aBatchOfCompletionsLastsSeveralSteps() throws {
    let (trainer, policy) = try trainer(TinyTraining.grpo { $0.stepsPerGeneration = 2 })
    let first = try trainer.step(0, samples: false)
    #expect(trainer.consumed == 4)
    #expect(abs(try #require(first[.loss])) < 1e-5)
    policy.move(by: 0.01)

    // The second half of the completions was written by the policy before the first step.
    let second = try trainer.step(1, samples: false)

    #expect(abs(try #require(second[.loss])) > 1e-4)
    #expect(try #require(second[.clippedMean]) > 0)
    #expect(trainer.consumed == 4 && trainer.isResumable(after: 2) && !trainer.isResumable(after: 1))
    policy.clearGradients()
    #expect(abs(try #require(try trainer.step(2, samples: false)[.loss])) < 1e-5)
    #expect(trainer.consumed == 8)
  }

  @Test func groupsWithoutSignalAreReplaced() throws {
    // The order of six questions; those with an even number earn the same whatever is written.
    let questions = TinyTraining.questions(6).enumerated().map { place, question in
      var question = question
      question.choices[1] = place % 2 == 0 ? "flat" : "cat"
      return question
    }
    let phase = try TinyTraining.grpo(rewards: [FlatReward(solutions: ["flat"])]) {
      $0.dynamicSampling = DynamicSampling(maximumRounds: 6)
    }
    let (trainer, _) = try trainer(phase, questions)

    let step = try trainer.step(0, samples: true)

    #expect(step.hasGradient && step.samples.count == 2)
    #expect(step.samples.allSatisfy { ["q1", "q3", "q5"].contains($0.id) })
    let (again, _) = try self.trainer(phase, questions)
    #expect(try again.step(0, samples: true).samples == step.samples)
    #expect(again.consumed == trainer.consumed)
    // A look at all questions finds three.
    #expect(trainer.consumed >= 2 && trainer.consumed <= 6)
    let share = try #require(step[.shareWithoutSignal])
    #expect(abs(share - Double(trainer.consumed - 2) / Double(trainer.consumed)) < 1e-9)
  }

  @Test func whereNoGroupHasSignalTheSearchEndsAndNothingIsLearned() throws {
    let flat: [any Reward] = [FlatReward(solutions: ["cat"])]
    let (trainer, policy) = try trainer(
      TinyTraining.grpo(rewards: flat) { $0.dynamicSampling = DynamicSampling(maximumRounds: 3) })
    let step = try trainer.step(0, samples: true)
    #expect(!step.hasGradient && trainer.consumed == 6 && gradientNorm(policy.parameters) == 0)

    let (plain, other) = try self.trainer(TinyTraining.grpo(rewards: flat))
    let second = try plain.step(0, samples: true)
    #expect(!second.hasGradient && plain.consumed == 2 && gradientNorm(other.parameters) == 0)
    #expect(second[.shareWithoutSignal] == 1 && second[.loss] == 0)
  }

  @Test func completionsThatAreAllCutOffTeachNothingWhereTheyAreMasked() throws {
    let short = { (settings: inout GRPOSettings) in
      settings.loss.maximumCompletionLength = 2
      settings.loss.beta = 0.1
    }
    let (trainer, policy) = try trainer(
      TinyTraining.grpo {
        short(&$0)
        $0.masksTruncated = true
      })
    let step = try trainer.step(0, samples: false)
    #expect(step[.shareCutOff] == 1)
    #expect(!step.hasGradient && gradientNorm(policy.parameters) == 0)

    let (open, learning) = try self.trainer(TinyTraining.grpo(short))
    #expect(try open.step(0, samples: false).hasGradient)
    #expect(gradientNorm(learning.parameters) > 0)
  }

  @Test func groupsThatAreMaskedAwayAreReplacedToo() throws {
    let (trainer, _) = try trainer(
      TinyTraining.grpo {
        ($0.masksTruncated, $0.loss.maximumCompletionLength) = (true, 2)
        $0.dynamicSampling = DynamicSampling(maximumRounds: 3)
      })

    let step = try trainer.step(0, samples: false)

    #expect(step[.shareCutOff] == 1 && !step.hasGradient && trainer.consumed == 6)
  }

  @Test func withoutSignalThereIsNoStepWhateverTheDivergence() throws {
    let (trainer, policy) = try trainer(
      TinyTraining.grpo(rewards: [FlatReward(solutions: ["cat"])]) { $0.loss.beta = 0.04 })
    // Away from the reference, which would pull.
    policy.fill("embed_tokens.weight") { 0.1 * Double(($0 + 7 * $1) % 11) - 0.5 }

    let step = try trainer.step(0, samples: false)

    #expect(!step.hasGradient && gradientNorm(policy.parameters) == 0)
  }

  @Test func theDivergenceBeginsAtZeroAndGrows() throws {
    let (trainer, policy) = try trainer(TinyTraining.grpo { $0.loss.beta = 0.1 })
    let first = try trainer.step(0, samples: false)
    #expect(abs(try #require(first[.divergence])) < 1e-6)
    policy.move(by: 0.01)
    let second = try trainer.step(1, samples: false)
    #expect(try #require(second[.divergence]) > 1e-3)
  }

  @Test func aCurriculumGoesFromEasyToHard() throws {
    let questions = TinyTraining.questions(6, passRates: [0, 0.2, 1, 0.9, nil, 0.5])
    let curriculum = Curriculum(dropsNeverSolved: true, dropsAlwaysSolved: true)
    let (trainer, _) = try trainer(TinyTraining.grpo(batch: 1) { $0.curriculum = curriculum }, questions)

    let ids = try (0..<5).map { try trainer.step($0, samples: true).samples.map(\.id) }

    #expect(ids == [["q3"], ["q5"], ["q1"], ["q4"], ["q3"]])
    let solved = TinyTraining.questions(2, passRates: [1, 0])
    #expect(throws: TrainingError.nothingLeft(phase: "tiny")) {
      try self.trainer(TinyTraining.grpo { $0.curriculum = curriculum }, solved)
    }
  }

  @Test func aRunWithoutSignalLeavesItsWeightsBitEqual() throws {
    for (masks, beta) in [(false, 0), (true, 0), (false, 0.04)] {
      var phase = try TinyTraining.grpo(rewards: masks ? [LettersReward()] : [FlatReward(solutions: ["cat"])]) {
        $0.masksTruncated = masks
        $0.loss.beta = beta
        if masks { $0.loss.maximumCompletionLength = 1 }
      }
      phase.optimizer.weightDecay = 0.1
      let run = try TinyRun(phase, questions: TinyTraining.questions(4))

      let result = try run.run()

      #expect(result.steps == 4)
      let start = try Checkpoint(folder: run.model.path)
      let end = try Checkpoint(folder: result.checkpoint)
      for name in start.names { #expect(try end.tensor(name) == start.tensor(name), "\(name)") }
    }
  }

  @Test func aRunWithSignalChangesThem() throws {
    let run = try TinyRun(TinyTraining.grpo(), questions: TinyTraining.questions(4))
    let result = try run.run()
    let (start, end) = (try Checkpoint(folder: run.model.path), try Checkpoint(folder: result.checkpoint))
    let changed = try start.names.filter { try end.tensor($0) != start.tensor($0) }
    // No sound was heard.
    #expect(Set(changed) == Set(start.names.filter { $0.hasPrefix("decoder.") }))
  }
}
