import Dataset
import Foundation
import Models
import Pipelines
import Stages
import Tensors
import Testing
import Training

@Suite struct TrainingSettingsTests {
  private let folder = NSTemporaryDirectory() + "earshot-training-\(UUID().uuidString)"
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// A file whose phase begins at line 8.
  private func settings(
    _ phases: String = "sft: {}\n", train: String = "", data: String = "", overrides: [String] = []
  ) throws -> TrainingSettings {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/t.yaml"
    let text = """
      name: t
      train:
        model: m
        \(train)
      data:
        train: [a.jsonl, /b.jsonl]
        prompt: p.md\(data.isEmpty ? "" : "\n  " + data)
      \(phases)
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try TrainingSettings(file: PipelineFile(path: path, overrides: overrides))
  }

  private func message(
    _ phases: String = "sft: {}\n", train: String = "", data: String = "", overrides: [String] = []
  ) -> String {
    do {
      return "\(try settings(phases, train: train, data: data, overrides: overrides).phases.count) phases"
    } catch {
      return "\(error)".replacing(folder + "/", with: "")
    }
  }

  @Test func aShortFileHasTheDefaults() throws {
    let settings = try settings()
    let phase = try #require(settings.phases.first)

    #expect(settings.name == "t")
    #expect(settings.model == folder + "/m")
    #expect(
      try self.settings(overrides: ["train.model=Qwen/Qwen2-Audio-7B-Instruct"]).model == "Qwen/Qwen2-Audio-7B-Instruct"
    )
    #expect(settings.seed == 42 && settings.threads == nil && settings.output == nil)
    #expect(settings.part == TrainedPart())
    #expect(phase.name == "sft")
    #expect(phase.data == DataSettings(train: [folder + "/a.jsonl", "/b.jsonl"], prompt: folder + "/p.md"))
    #expect(phase.optimizer == OptimizerSettings(learningRate: 2e-5))
    #expect(phase.watch == WatchSettings())
    guard case .sft(let sft) = phase.method else { return #expect(Bool(false), "\(phase.method)") }
    #expect(sft == SFTSettings())
  }

  @Test func phasesRunInTheOrderOfTheFile() throws {
    let settings = try settings(
      "warm-up:\n  method: sft\ngrpo: {}\nsft:\ndpo: {pairs: given}\nlast: {method: grpo}\n")

    #expect(settings.phases.map(\.name) == ["warm-up", "grpo", "sft", "dpo", "last"])
    #expect(settings.phases.map(\.use) == [.teaching, .rewarding, .teaching, .preferring, .rewarding])
  }

  @Test func aPhaseMayHaveDataOfItsOwn() throws {
    let phases = try settings(
      "sft:\n  data: {target: labels, prompt: q.md}\ngrpo:\n  data: {train: c.jsonl, audio: silence}\n",
      data: "shuffle_choices: true\n  dev: d.jsonl\n  dev_share: 0.1"
    ).phases

    #expect(phases[0].data.form == .labels && phases[0].data.prompt == folder + "/q.md")
    #expect(phases[0].data.train == [folder + "/a.jsonl", "/b.jsonl"] && phases[0].data.dev == [folder + "/d.jsonl"])
    #expect(phases[1].data.train == [folder + "/c.jsonl"] && phases[1].data.audio == .silence)
    #expect(phases[1].data.dev == nil, "the dev file of another set")
    #expect(phases.allSatisfy { $0.data.shufflesChoices && $0.data.devShare == 0.1 })
  }

  @Test func heldOutAnswersMayBeLimitedAndTestRowsLeftOut() throws {
    let phases = try settings(
      "sft: {max_tokens: 9, test_limit: 0}\ngrpo:\n  test_limit: 50\n  data: {set: x, test: []}\n",
      data: "test: t.jsonl"
    ).phases

    guard case .sft(let sft) = phases[0].method else { return #expect(Bool(false), "\(phases[0].method)") }
    #expect(sft.maximumTokens == 9 && phases.map(\.watch.testLimit) == [0, 50])
    #expect(phases[0].data.test == [folder + "/t.jsonl"])
    // Given, though empty: those of the set are not read.
    #expect(phases[1].data.test == [] && phases[1].data.dev == nil)
  }

  @Test func whatIsTrainedIsRead() throws {
    let part = try settings(
      train: "lora: {rank: 8, alpha: 16, dropout: 0, rslora: true, targets: ['*.q_proj', '*.v_proj']}\n"
        + "  weights: int8\n  frozen: 'audio_tower.*'\n  also_trained: [multi_modal_projector.*]"
    ).part

    #expect(
      part
        == TrainedPart(
          lowRank: TrainedPart.LowRank(
            rank: 8, alpha: 16, dropout: 0, isRankStabilized: true,
            targets: [NamePattern("*.q_proj"), NamePattern("*.v_proj")]),
          frozen: [NamePattern("audio_tower.*")], alsoTrained: [NamePattern("multi_modal_projector.*")],
          frozenFormat: .int8))
    #expect(try settings(train: "lora: {}").part.lowRank == TrainedPart.LowRank())
    #expect(try settings(train: "lora: {}").adapterLayout == .version5)
    #expect(try settings(train: "lora: {peft_layout: v4}").adapterLayout == .version4)
    #expect(
      message(train: "also_trained: x")
        == "t.yaml:4: 'train.also_trained' does not go with a training without lora, where all learns that is not frozen. "
        + "Leave it out.")
    #expect(message(train: "weights: int8").hasPrefix("t.yaml:4: 'train.weights' does not go with a training in which"))
    for train in ["lora: {}", "frozen: ['audio_tower.*', 'multi_modal_projector.*']"] {
      #expect(
        message("sft: {spec_augment: {}}\n", train: train).contains(
          "'sft.spec_augment' does not go with an audio tower"))
    }
    #expect(message("sft: {spec_augment: {}}\n", train: "frozen: 'audio_tower.layers.*'") == "1 phases")
  }

  @Test func theOptimizerIsRead() throws {
    let phase = try settings(
      """
      sft:
        learning_rate: 5e-4
        schedule: cosine
        warmup_steps: 50
        weight_decay: 0.01
        adam: {beta1: 0.8, beta2: 0.99, epsilon: 1e-6}
        max_grad_norm: off
        batch: 24
        pass_tokens: 9000
        epochs: 2.5
        log_every: 1
        sample_every: 0
        evaluate_every: 7
        evaluate_limit: 100
        save_every: 9
        keep: 1
        recompute: true
        stop: {not_finite: false, without_signal: off, flat_reward_steps: off, kl: 5, kl_steps: 3, largest_kl: off}
        spec_augment: {time_masks: 1}
      """
    ).phases[0]

    var optimizer = OptimizerSettings(learningRate: 5e-4, batch: 24, epochs: 2.5)
    (optimizer.schedule, optimizer.warmupSteps, optimizer.weightDecay) = (.cosine, 50, 0.01)
    (optimizer.beta1, optimizer.beta2, optimizer.epsilon) = (0.8, 0.99, 1e-6)
    (optimizer.maximumGradientNorm, optimizer.passTokens) = (nil, 9000)
    #expect(phase.optimizer == optimizer)
    #expect(phase.watch.logEvery == 1 && phase.watch.sampleEvery == 0 && phase.watch.evaluateEvery == 7)
    #expect(phase.watch.evaluationLimit == 100 && phase.watch.saveEvery == 9 && phase.watch.keep == 1)
    #expect(phase.watch.recomputesActivations)
    var rules = StopRules.off
    (rules.divergence, rules.divergencePatience) = (5, 3)
    #expect(phase.watch.stopRules == rules)
    guard case .sft(let sft) = phase.method else { return #expect(Bool(false), "\(phase.method)") }
    #expect(sft.specAugment == SpecAugment(timeMasks: 1))
  }

  @Test func grpoIsRead() throws {
    let phase = try settings(
      """
      grpo:
        generations: 4
        iterations: 2
        steps_per_generation: 3
        loss: dr_grpo
        importance_sampling_level: sequence
        epsilon_low: 0.1
        epsilon_high: 0.28
        delta: 2
        beta: 0.04
        aggregation: normalize_then_sum
        mask_truncated: true
        sampling_rounds: 3
        temperature: 0.9
        top_p: 0.95
        top_k: 50
        min_p: 0.01
        max_tokens: 64
        rewards: [accuracy:letter, "format:answer"]
        weights: [2, 0.5]
        curriculum: easy-to-hard
        drop: [never-solved, always-solved]
      """
    ).phases[0]

    guard case .grpo(let grpo) = phase.method else { return #expect(Bool(false), "\(phase.method)") }
    #expect(
      grpo.loss
        == GRPOLoss(
          type: .drGRPO, importanceSampling: .sequence, epsilonLow: 0.1, epsilonHigh: 0.28, delta: 2, beta: 0.04,
          maximumCompletionLength: 64))
    #expect(grpo.generations == 4 && grpo.iterations == 2 && grpo.stepsPerGeneration == 3)
    #expect(grpo.advantages == AdvantageSettings(aggregation: .normalizeThenSum))
    #expect(grpo.masksTruncated && grpo.dynamicSampling == DynamicSampling(maximumRounds: 3))
    #expect(grpo.sampling.temperature == 0.9 && grpo.sampling.topP == 0.95)
    #expect(grpo.sampling.topK == 50 && grpo.sampling.minP == 0.01)
    #expect(grpo.sampling.repetitionPenalty == 1)
    #expect(grpo.rewards.names == ["accuracy:letter", "format:answer"] && grpo.rewards.weights == [2, 0.5])
    #expect(grpo.curriculum == Curriculum(dropsNeverSolved: true, dropsAlwaysSolved: true))
    #expect(grpo.maximumTokens == 64)
  }

  @Test func dpoIsRead() throws {
    let phase = try settings(
      "dpo: {loss: robust, beta: 0.2, label_smoothing: 0.1, pairs: sampled, samples: 4, max_tokens: 9}\n"
    ).phases[0]

    guard case .dpo(let dpo) = phase.method else { return #expect(Bool(false), "\(phase.method)") }
    #expect(dpo.loss == DPOLoss(type: .robust, beta: 0.2, labelSmoothing: 0.1))
    #expect(dpo.pairs == .sampled && dpo.samples == 4 && dpo.maximumTokens == 9)
    #expect(dpo.rewards.names == ["accuracy:exact"])
  }

  @Test(arguments: [
    ("sft: {learning_rat: 1}\n", "t.yaml:8: unknown key 'learning_rat' in 'sft'. Did you mean 'learning_rate'?"),
    ("sft: {generations: 8}\n", "t.yaml:8: unknown key 'generations' in 'sft'. There are: adam, batch, data"),
    ("grop: {}\n", "t.yaml:8: unknown section 'grop'. Did you mean 'grpo'?"),
    ("scan: {}\n", "t.yaml: is a pipeline file, which makes its own questions. Use 'earshot run t.yaml'."),
    ("rewards: {}\n", "t.yaml:8: unknown section 'rewards'. There are: train, data, sft, dpo, grpo."),
    ("rl: {method: ppo}\n", "t.yaml:8: 'rl.method' is 'ppo', which is not one of sft, dpo, grpo."),
    ("", "t.yaml: 'sft, dpo or grpo' is missing. Set it to the settings of a phase."),
    ("sft: {batch: 0}\n", "t.yaml:8: 'sft.batch' is '0', which is not a whole number between 1 and 65536."),
    (
      "sft: {steps: 5, epochs: 2}\n",
      "t.yaml:8: 'sft.epochs' does not go with steps. Leave one out."
    ),
    (
      "sft: {max_grad_norm: none}\n",
      "t.yaml:8: 'sft.max_grad_norm' is 'none', which is not a number between 1e-06 and 1000000000, or off."
    ),
    ("sft:\n  stop: {kll: 3}\n", "t.yaml:9: unknown key 'kll' in 'sft.stop'. Did you mean 'kl'?"),
    (
      "sft:\n  data: {audio: loud}\n",
      "t.yaml:9: 'sft.data.audio' is 'loud', which is not one of audio, silence, none, captions."
    ),
    (
      "grpo:\n  loss: luspo\n  importance_sampling_level: token\n",
      "t.yaml:10: grpo.importance_sampling_level: does not go with loss type 'luspo'"
    ),
    ("grpo:\n  loss: sapo\n  delta: 3\n", "t.yaml:10: grpo.delta: does not go with loss type 'sapo'. Leave it out."),
    ("grpo:\n  rewards: [accuracy, speed]\n", "t.yaml:9: grpo.rewards: there is no 'speed'. Take from accuracy:exact"),
    ("grpo:\n  rewards: [accuracy]\n  weights: [1, 2]\n", "t.yaml:9: grpo.rewards: 2 weights for 1 rewards."),
    ("grpo:\n  weights: [1, x]\n", "t.yaml:9: 'grpo.weights[1]' is 'x', which is not a number between"),
    ("grpo:\n  drop: [never-solved]\n", "t.yaml:9: 'grpo.drop' does not go with an order without curriculum"),
    (
      "grpo: {loss: sapo, epsilon_low: 0.1}\n", "t.yaml:8: 'grpo.epsilon_low' does not go with loss: sapo, which has no"
    ),
    ("grpo: {loss: cispo, epsilon_low: 0.1}\n", "t.yaml:8: 'grpo.epsilon_low' does not go with loss: cispo"),
    ("grpo: {vespo_k_pos: 1}\n", "t.yaml:8: 'grpo.vespo_k_pos' does not go with loss: dapo"),
    (
      "grpo: {aggregation: normalize_then_sum, scale_rewards: none}\n",
      "t.yaml:8: 'grpo.scale_rewards' does not go with aggregation: normalize_then_sum"
    ),
    ("dpo: {temperature: 0.5}\n", "t.yaml:8: 'dpo.temperature' does not go with pairs: distractor, for which"),
    ("grpo: {temperature: 0}\n", "t.yaml:8: 'grpo.temperature' is '0', which is not a number between 0.01 and 10."),
    ("dpo: {label_smoothing: 0.1}\n", "t.yaml:8: dpo.label_smoothing: does not go with loss type 'sigmoid'."),
  ])
  func aBadSettingIsToldWithItsLine(phases: String, expected: String) {
    let told = message(phases)

    #expect(told.hasPrefix(expected), "\(told)")
  }

  @Test func aSetOrFilesAndAPromptAreNeeded() throws {
    let path = folder + "-2.yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func message(_ data: String) throws -> String? {
      try Data("name: t\ntrain: {model: m}\ndata: \(data)\nsft: {}\n".utf8).write(to: URL(fileURLWithPath: path))
      let file = try PipelineFile(path: path)
      do {
        _ = try TrainingSettings(file: file)
        return nil
      } catch {
        return "\(error)".replacing(path, with: "t.yaml")
      }
    }

    #expect(
      try message("{prompt: p.md}")
        == "t.yaml:3: 'data.train' is missing. Set it to the files to train on, or 'data.set' to the folder of a run.")
    #expect(try message("{train: a}") == "t.yaml:3: 'data.prompt' is missing. Set it to a prompt file.")
    #expect(try message("{set: a, prompt: p.md}") == nil)
  }

  @Test func overridesWin() throws {
    let settings = try settings("grpo: {steps: 1000}\n", overrides: ["grpo.steps=3", "train.seed=7", "data.limit=9"])

    #expect(settings.phases[0].optimizer.steps == 3)
    #expect(settings.seed == 7)
    #expect(settings.phases[0].data.limit == 9)
  }

  @Test func aLimitOnStepsShortensEveryPhase() throws {
    let limited = try settings("sft: {epochs: 3}\ngrpo: {steps: 1000}\ndpo: {steps: 4}\n").limited(toSteps: 10)

    #expect(limited.phases.map { $0.stepCount(examples: 1600) } == [10, 10, 4])
    #expect(limited.phases.map { $0.stepCount(examples: 16) } == [3, 10, 4])
    #expect(limited.limited(toSteps: 2).phases.map { $0.stepCount(examples: 1600) } == [2, 2, 2])
  }

  @Test func everyKeyStandsInTheManual() throws {
    let manual = try String(contentsOfFile: Self.project + "/docs/training.md", encoding: .utf8)
    let wrong = [
      ("sft", "zzzzzzzzzzzz: 1"), ("dpo", "zzzzzzzzzzzz: 1"), ("grpo", "zzzzzzzzzzzz: 1"),
      ("sft", "stop: {zzzzzzzzzzzz: 1}"), ("sft", "adam: {zzzzzzzzzzzz: 1}"), ("sft", "data: {zzzzzzzzzzzz: 1}"),
      ("sft", "spec_augment: {zzzzzzzzzzzz: 1}"),
    ]

    for (section, setting) in wrong {
      let error = #expect(throws: PipelineError.self) { try settings("\(section): {\(setting)}\n") }
      guard case .unknownKey(_, _, _, _, let known)? = error else { continue }
      #expect(known.count > 2)
      for key in known { #expect(manual.contains("`\(key)`"), "\(key)") }
    }
    for train in ["zzzzzzzzzzzz: 1", "lora: {zzzzzzzzzzzz: 1}"] {
      let error = #expect(throws: PipelineError.self) { try settings(train: train) }
      guard case .unknownKey(_, _, _, _, let known)? = error else { continue }
      #expect(known.count > 2)
      for key in known { #expect(manual.contains("`\(key)`"), "\(key)") }
    }
  }
}
