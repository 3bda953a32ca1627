import Models
import Tensors
import Testing

@testable import Training

@Suite struct NamePatternTests {
  @Test(arguments: [
    ("decoder.*.q_proj", "decoder.layers.3.self_attn.q_proj", true),
    ("decoder.*.q_proj", "audio_tower.layers.3.self_attn.q_proj", false),
    ("decoder.*.q_proj", "decoder.layers.3.self_attn.q_proj.weight", false),
    ("audio_tower.*", "audio_tower.conv1.weight", true),
    ("audio_tower.*", "my_audio_tower.conv1.weight", false),
    ("*", "anything", true), ("*", "", true), ("", "", true), ("", "a", false), ("abc", "abc", true),
    ("abc", "abcd", false), ("a*b*c", "a1b2c", true), ("a*b*c", "abc", true), ("a*b*c", "acb", false),
    // What begins a name cannot end it too.
    ("aba*aba", "aba", false), ("aba*aba", "abaaba", true), ("aba*aba", "ababa", false),
    ("a**c", "abc", true), ("*b*", "abc", true), ("*b*b*", "abc", false), ("*b*b*", "abcb", true),
    ("*ab*ba*", "aba", false),
  ])
  func starsStandForAnyRunOfCharacters(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect(NamePattern(pattern).matches(name) == fits)
    #expect([NamePattern("no"), NamePattern(pattern)].match(name) == fits)
  }
}

@Suite struct TrainedPartTests {
  private func names(_ part: TrainedPart, _ model: String = "qwen2-audio") throws -> [String] {
    try tinyPolicy(model, part).parameters.map(\.name)
  }

  @Test func everythingIsTrainedButTheEncodersPositions() throws {
    let policy = try tinyPolicy("qwen2-audio")
    let all = policy.base.names.filter { $0 != "audio_tower.embed_positions.weight" }.sorted()
    #expect(policy.parameters.map(\.name) == all)
    #expect(policy.encoderLearns && policy.adapters.isEmpty)
    #expect(policy.parameterCount == policy.parameters.reduce(0) { $0 + $1.value.count })
  }

  @Test func aTiedHeadIsOneParameter() throws {
    let names = try names(TrainedPart(), "qwen2-tied")
    #expect(names.contains("decoder.embed_tokens.weight") && !names.contains("decoder.lm_head.weight"))
  }

  @Test func frozenPatternsKeepTheirWeights() throws {
    let towerless = try names(TrainedPart(frozen: [NamePattern("audio_tower.*")]))
    #expect(!towerless.contains { $0.hasPrefix("audio_tower") })
    #expect(towerless.contains("multi_modal_projector.linear.weight") && towerless.contains("decoder.norm.weight"))
    let deaf = try tinyPolicy(
      "qwen2-audio", TrainedPart(frozen: [NamePattern("audio_tower.*"), NamePattern("multi_modal_projector.*")]))
    #expect(!deaf.encoderLearns && deaf.parameters.allSatisfy { $0.name.hasPrefix("decoder.") })
  }

  @Test func adaptersOfTheDecoderLeaveTheTowerAlone() throws {
    let policy = try tinyPolicy("qwen2-audio", TrainedPart(lowRank: .init()))
    #expect(policy.adapters.count == 2 * 7)
    #expect(policy.adapters.allSatisfy { $0.layer.hasPrefix("decoder.layers.") })
    #expect(policy.parameters.count == 2 * policy.adapters.count && !policy.encoderLearns)
    #expect(policy.adapters.map(\.layer) == policy.adapters.map(\.layer).sorted())
  }

  @Test func adaptersOfTheTowerMakeTheEncoderLearn() throws {
    let lowRank = TrainedPart.LowRank(targets: [NamePattern("audio_tower.*.v_proj"), NamePattern("audio_tower.*.fc1")])
    let policy = try tinyPolicy("qwen2-audio", TrainedPart(lowRank: lowRank))
    #expect(policy.adapters.count == 4 && policy.encoderLearns)
  }

  @Test func whatIsAlsoTrainedStandsBesideTheAdapters() throws {
    let names = try names(
      TrainedPart(lowRank: queryValueAdapters(), alsoTrained: [NamePattern("multi_modal_projector.*")]))
    #expect(names.filter { $0.hasSuffix(".lora_A") }.count == 4)
    #expect(
      names.filter { !$0.contains(".lora_") }
        == ["multi_modal_projector.linear.bias", "multi_modal_projector.linear.weight"])
  }

  @Test func scalesAreThoseOfTheRank() {
    #expect(TrainedPart.LowRank(rank: 16, alpha: 32).scale == 2)
    #expect(TrainedPart.LowRank(rank: 16, alpha: 32, isRankStabilized: true).scale == 8)
  }

  @Test func adaptersBeginAsNothingAndFromTheSeed() throws {
    let part = TrainedPart(lowRank: queryValueAdapters())
    let (first, again, other) = (
      try tinyPolicy("qwen2-untied", part, seed: 1), try tinyPolicy("qwen2-untied", part, seed: 1),
      try tinyPolicy("qwen2-untied", part, seed: 2)
    )
    #expect(first.values == again.values && first.values != other.values)
    for (_, adapter) in first.adapters {
      #expect(adapter.b.value.values.allSatisfy { $0 == 0 })
      let bound = 1 / Float(adapter.a.value.columns).squareRoot()
      #expect(
        adapter.a.value.values.allSatisfy { abs($0) <= bound } && adapter.a.value.values.contains { $0 > bound / 2 })
    }
  }

  @Test func nothingToTrainAndNothingToAdaptAreRefused() {
    #expect(throws: TrainingError.nothingToTrain) {
      try tinyPolicy("qwen2-tied", TrainedPart(frozen: [NamePattern("*")]))
    }
    #expect(throws: TrainingError.noTargets(["decoder.layers.*_proj"])) {
      try tinyPolicy("qwen2-tied", TrainedPart(lowRank: .init(), frozen: [NamePattern("decoder.*")]))
    }
  }

  @Test func aPatternThatFitsNothingIsRefusedWithTheNearestName() {
    func problem(_ part: TrainedPart, _ model: String = "qwen2-audio") -> TrainingError? {
      #expect(throws: TrainingError.self) { try tinyPolicy(model, part) }
    }
    func noMatch(_ key: String, _ pattern: String, _ nearest: String) -> TrainingError {
      .noMatch(key: key, pattern: pattern, nearest: nearest)
    }
    let (norm, misspelt) = (NamePattern("decoder.norm.weight"), NamePattern("audio_towr.*"))
    #expect(
      problem(TrainedPart(frozen: [norm, misspelt])) == noMatch("frozen", "audio_towr.*", "audio_tower.conv1.bias"))
    #expect(
      problem(TrainedPart(lowRank: .init(), alsoTrained: [NamePattern("multi_modal_projector.*.wight")]))
        == noMatch("also_trained", "multi_modal_projector.*.wight", "multi_modal_projector.linear.weight"))
    // A weight is no layer.
    #expect(
      problem(TrainedPart(lowRank: .init(targets: [NamePattern("*.v_proj"), NamePattern("*.q_proj.weight")])))
        == noMatch("lora.targets", "*.q_proj.weight", "audio_tower.layers.0.self_attn.q_proj"))
    #expect(
      noMatch("frozen", "audio_towr.*", "audio_tower.conv1.bias").description == """
        train.frozen: nothing in the model has a name like 'audio_towr.*'; the nearest is 'audio_tower.conv1.bias'. \
        'earshot models show MODEL --tensors' lists the names.
        """)
  }

  @Test func aRecipeMayFreezeThePartsOfModelsThatHear() throws {
    let part = TrainedPart(frozen: [NamePattern("audio_tower.*"), NamePattern("multi_modal_projector.*")])
    #expect(try !names(part, "qwen2-tied").isEmpty)
  }

  @Test func onlyLayersOnTheWayToTheHeadGetAdapters() throws {
    for model in ["qwen2-untied", "qwen2-audio", "qwen2.5-omni"] {
      let policy = try tinyPolicy(model, TrainedPart(lowRank: .init(targets: [NamePattern("*")])))
      #expect(!policy.adapters.contains { $0.layer.contains("embed") || $0.layer.contains("lm_head") })

      // Every factor has a part in what the model says.
      policy.awakeAdapters()
      let gradients = try policy.gradients {
        try policy.learn(from: policy.someGroups(2), options: PassOptions(), dropoutSeed: nil) { _, scores in
          scores.logProbabilities.map { row in row.indices.map { 1 / Double($0 + 1) } }
        }
      }
      for (name, gradient) in gradients { #expect(gradient.values.contains { $0 != 0 }, "\(name)") }
    }
    for (pattern, name) in [("*.lm_head", "decoder.lm_head"), ("*.embed_positions", "audio_tower.embed_positions")] {
      #expect(throws: TrainingError.notAdaptable(pattern: pattern, name: name)) {
        try tinyPolicy("qwen2-audio", TrainedPart(lowRank: .init(targets: [NamePattern(pattern)])))
      }
    }
  }
}
