import Testing

@testable import Training

/// What checkpoints and run folders keep of settings. A text that changes makes every old run one of other settings.
@Suite struct IdentityTests {
  private func settings(_ change: (inout TrainingSettings) throws -> Void = { _ in }) throws -> TrainingSettings {
    var grpo = GRPOSettings(rewards: try WeightedRewards(names: ["accuracy", "format:answer"], weights: [1, 0.5]))
    (grpo.loss.beta, grpo.iterations) = (0.04, 2)
    grpo.curriculum = Curriculum(dropsNeverSolved: true)
    let data = DataSettings(train: ["a.jsonl"], prompt: "p.md")
    var settings = TrainingSettings(
      name: "t", model: "m", part: TrainedPart(frozen: [NamePattern("audio_tower.*")]), seed: 7,
      phases: [
        TrainingPhase(
          name: "warm-up", method: .sft(SFTSettings(specAugment: SpecAugment(timeMasks: 1))), data: data,
          optimizer: OptimizerSettings(learningRate: 2e-5, epochs: 3)),
        TrainingPhase(
          name: "grpo", method: .grpo(grpo), data: data, optimizer: OptimizerSettings(learningRate: 1e-6)),
        TrainingPhase(
          name: "dpo", method: .dpo(DPOSettings(rewards: try WeightedRewards(names: ["accuracy"]))), data: data,
          optimizer: OptimizerSettings(learningRate: 1e-6, batch: 4)),
      ])
    try change(&settings)
    return settings
  }

  @Test func settingsAreKeysWithValuesWithoutDefaults() throws {
    #expect(
      try settings().identity == """
        seed=7 train{frozen=[audio_tower.*]} warm-up{method=sft spec_augment={timeMasks=1} learning_rate=2e-05 batch=16} \
        grpo{method=grpo loss=dapo beta=0.04 max_tokens=256 generations=8 iterations=2 curriculum=[easy-to-hard,never] \
        rewards=[accuracy:exact,format:answer] weights=[1.0,0.5] learning_rate=1e-06 batch=16} \
        dpo{method=dpo pairs=distractor learning_rate=1e-06 batch=4}
        """)
  }

  @Test func howARunIsWatchedAndHowLongItIsDoesNotCount() throws {
    let other = try settings {
      for index in $0.phases.indices {
        $0.phases[index].watch.evaluateEvery = 7
        $0.phases[index].watch.evaluationLimit = 8
        $0.phases[index].watch.sampleEvery = 9
        $0.phases[index].watch.recomputesActivations = true
        $0.phases[index].optimizer.passTokens = 10
        $0.phases[index].optimizer.steps = 11
        $0.phases[index].stepLimit = 12
      }
      $0.threads = 3
    }

    #expect(try other.identity == settings().identity)
  }

  @Test func passesCountWhereAdaptersDropOut() throws {
    for (dropout, counts) in [(0.0, false), (0.1, true)] {
      let one = try settings { $0.part.lowRank = .init(dropout: dropout) }
      var other = one
      other.phases[0].optimizer.passTokens = 10
      #expect((one.identity != other.identity) == counts)
    }
  }
}
