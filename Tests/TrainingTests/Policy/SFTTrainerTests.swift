import Dataset
import Models
import Tensors
import Testing

@testable import Training

@Suite struct SFTTrainerTests {
  private let folder = TrainerFolder()

  private func trainer(consumed: Int = 0, batch: Int = 3) throws -> (SFTTrainer, PhaseTools) {
    let tools = try TinyTraining.tools(
      TinyTraining.phase(.sft(SFTSettings()), batch: batch), questions: TinyTraining.questions(5), folder: folder)
    return (SFTTrainer(tools, settings: SFTSettings(), consumed: consumed), tools)
  }

  /// Without a mistake in the labels, the loss of a policy that knows nothing is the logarithm of its vocabulary.
  @Test func theLossIsThatOfTheAnswersAlone() throws {
    let (trainer, tools) = try trainer(batch: 5)
    let step = try trainer.step(0, samples: false)
    let example = try tools.data.example(0, epoch: 0)
    let target = try tools.prompts.target(try #require(example.target))
    #expect(tools.policy.model.tokenizer.decode(target, skippingSpecialTokens: true) == "cat")
    #expect(target.last == tools.policy.model.tokenizer.id(of: "<|im_end|>"))
    // Five examples with the same answer: prompts, and all of the answers but their ends.
    let prompts = try (0..<5).map {
      try tools.prompts.prompt(try tools.data.example($0, epoch: 0), completionTokens: 1).tokens.count
    }
    #expect(step.tokenCount == prompts.reduce(0, +) + 5 * (target.count - 1))
    #expect(abs(try #require(step[.loss]) - 6.93) < 0.3)
    #expect(step.hasGradient && step.epoch == 1)
  }

  @Test func aStepFollowsFromItsPlaceAlone() throws {
    let (trainer, tools) = try trainer()
    var last: [Float] = []
    for step in 0..<3 {
      tools.policy.clearGradients()
      _ = try trainer.step(step, samples: false)
      last = tools.policy.parameters.flatMap(\.gradient.values)
    }
    #expect(trainer.consumed == 9)

    let (resumed, other) = try self.trainer(consumed: 6)
    _ = try resumed.step(2, samples: false)

    #expect(other.policy.parameters.flatMap(\.gradient.values) == last)
  }

  @Test func aPromptThatLeavesNoRoomIsRefused() throws {
    let (_, tools) = try trainer()
    let example = try tools.data.example(0, epoch: 0)
    #expect(throws: TrainingDataError.self) { try tools.prompts.prompt(example, completionTokens: 512) }
  }
}
