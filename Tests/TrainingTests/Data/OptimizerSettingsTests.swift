import Dataset
import Models
import Testing
import Training

@Suite struct OptimizerSettingsTests {
  @Test func anEpochVisitsWhatTheCurriculumKeepsAndTrainsOnItAsOftenAsIterated() throws {
    var grpo = GRPOSettings(rewards: try WeightedRewards(names: ["accuracy"]))
    grpo.curriculum = Curriculum(dropsNeverSolved: true)
    grpo.iterations = 2
    let phase = TrainingPhase(
      name: "grpo", method: .grpo(grpo), data: DataSettings(), optimizer: OptimizerSettings(learningRate: 1, batch: 4))
    let rows = [0, 0.5, 1, nil, 0, 0.25].enumerated().map { place, rate in
      ImportedQuestion(
        id: "\(place)", question: "?", choices: ["a", "b"], answer: 0, passRate: rate)
    }
    let set = try TrainingSet(
      rows + rows, composer: ExampleComposer(prompt: QuestionPrompt(name: "p") { _ in [] }, audio: .none),
      use: .rewarding)

    #expect(phase.epochLength(of: set) == 8)
    // 8 questions, twice each, 4 a step.
    #expect(phase.stepCount(on: set) == 4)
  }

  @Test func stepsFollowFromEpochsAndBatch() {
    var optimizer = OptimizerSettings(learningRate: 1, batch: 16, epochs: 2)

    #expect(optimizer.stepCount(examples: 100) == 13)
    #expect(optimizer.stepCount(examples: 0) == 1)
    optimizer.warmupRatio = 0.03
    #expect(optimizer.warmupCount(of: 100) == 3)
    #expect(optimizer.warmupCount(of: 10) == 1)
    optimizer.warmupSteps = 50
    #expect(optimizer.warmupCount(of: 10) == 10)
    optimizer.steps = 7
    #expect(optimizer.stepCount(examples: 100) == 7)
    optimizer.steps = nil
    optimizer.epochs = 1e300
    #expect(optimizer.stepCount(examples: 100) == 1_000_000_000_000_000)
  }
}
