import Foundation
import Models
import Tensors
import Testing

@testable import Training

/// What must not depend on how a step is computed.
@Suite struct PolicyEqualityTests {
  private static let models = ["qwen2-audio", "qwen2-untied"]

  /// How far the gradients and the loss of a step in one pass and in a pass for each group are from each other.
  private func difference(_ policy: Policy, _ learn: (PassOptions) throws -> Double) throws -> (Double, Double) {
    var (whole, parts) = (0.0, 0.0)
    let one = try policy.gradients { whole = try learn(PassOptions(mostRows: 1 << 20)) }
    let many = try policy.gradients { parts = try learn(PassOptions(mostRows: 1)) }
    return (largestShare(many, one).share, abs(whole - parts) / max(1, abs(whole)))
  }

  @Test(arguments: models)
  func aBatchOfEightEqualsEightOfOneInSupervisedTraining(_ name: String) throws {
    let policy = try tinyPolicy(name)
    let groups = policy.someGroups().map { group in
      PolicyGroup(
        tokens: TokenGroup(prompt: group.tokens.prompt, completions: [group.tokens.completions[2]]), audio: group.audio)
    }

    let (gradient, loss) = try difference(policy) { options in
      try policy.learn(targets: groups, options: options, dropoutSeed: nil).loss
    }

    print("sft, \(name): gradient \(gradient), loss \(loss)")
    #expect(gradient < 1e-5 && loss < 1e-5)
  }

  @Test(arguments: models, DPOLoss.Kind.allCases)
  func aBatchOfEightEqualsEightOfOneOnPairs(_ name: String, _ kind: DPOLoss.Kind) throws {
    let policy = try tinyPolicy(name)
    let pairs = try policy.someGroups().enumerated().map { place, group in
      let pair = PolicyGroup(
        tokens: TokenGroup(prompt: group.tokens.prompt, completions: Array(group.tokens.completions.prefix(2))),
        audio: group.audio)
      let sums = try policy.score([pair], options: PassOptions()).logProbabilities.map { $0.reduce(0, +) }
      return DPOPair(group: pair, reference: (chosen: sums[0] + sin(Double(place)), rejected: sums[1] + 0.3))
    }

    let (gradient, loss) = try difference(policy) { options in
      try policy.learn(
        from: pairs, loss: DPOLoss(type: kind, labelSmoothing: kind == .robust ? 0.1 : 0), options: options,
        dropoutSeed: nil
      ).loss
    }

    print("dpo, \(name), \(kind): gradient \(gradient), loss \(loss)")
    #expect(gradient < 1e-5 && loss < 1e-5)
  }

  @Test(arguments: models, GRPOLoss.Kind.allCases)
  func aBatchOfEightEqualsEightOfOneOnGroups(_ name: String, _ kind: GRPOLoss.Kind) throws {
    let policy = try tinyPolicy(name)
    let groups = try policy.someRewardedGroups()

    for level in [nil, GRPOLoss.ImportanceSampling.sequence] where level == nil || kind == .grpo || kind == .dapo {
      let loss = GRPOLoss(type: kind, importanceSampling: level, beta: 0.04, maximumCompletionLength: 16)
      let (gradient, difference) = try difference(policy) { options in
        let (report, hasGradient) = try policy.learn(from: groups, loss: loss, options: options, dropoutSeed: nil)
        #expect(hasGradient)
        return report.loss
      }

      print("\(kind), \(name): gradient \(gradient), loss \(difference)")
      // Vespo's loss is the log-probabilities, here of up to 60 nats, times a power of the ratio: what float32 rounds
      // there shows.
      #expect(gradient < 1e-5 && difference < (kind == .vespo ? 5e-5 : 1e-5))
    }
  }

  /// With dropout, which leaves out the same of a group whatever pass it is in.
  @Test func adaptersAccumulateAsWeightsDo() throws {
    let policy = try tinyPolicy(
      "qwen2-audio", TrainedPart(lowRank: .init(rank: 4, dropout: 0.5, targets: [NamePattern("*")])))
    policy.awakeAdapters()
    let groups = try policy.someRewardedGroups()
    let (gradient, loss) = try difference(policy) { options in
      try policy.learn(from: groups, loss: GRPOLoss(), options: options, dropoutSeed: 4).report.loss
    }
    #expect(gradient < 1e-5 && loss < 1e-5)
  }

  @Test(arguments: ["qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2-untied", "qwen2-tied"])
  func aSharedPromptEqualsPromptsOfTheirOwn(_ name: String) throws {
    let policy = try tinyPolicy(name)
    let shared = policy.someGroups(4)
    let alone = shared.flatMap { group in
      group.tokens.completions.map {
        PolicyGroup(tokens: TokenGroup(prompt: group.tokens.prompt, completions: [$0]), audio: group.audio)
      }
    }
    var scores: [[[Double]]] = []
    func gradients(_ groups: [PolicyGroup]) throws -> [String: Tensor] {
      var found: [[Double]] = []
      let gradients = try policy.gradients {
        try policy.learn(from: groups, options: PassOptions(), dropoutSeed: nil) { _, scores in
          found += scores.logProbabilities
          return Self.slopes(scores.logProbabilities)
        }
      }
      scores.append(found)
      return gradients
    }

    let share = largestShare(try gradients(shared), try gradients(alone))

    print("shared, \(name): log-probabilities \(largestDifference(scores[0], scores[1])), gradient \(share)")
    #expect(largestDifference(scores[0], scores[1]) < 1e-5)
    #expect(share.share < 1e-5)
  }

  /// Some derivative for every token.
  private static func slopes(_ rows: [[Double]]) -> [[Double]] {
    rows.enumerated().map { row, tokens in tokens.indices.map { sin(Double(3 * row + 7 * $0)) } }
  }

  @Test(arguments: ["qwen2-audio", "qwen2.5-omni", "qwen2-tied"], [false, true])
  func layersComputedAgainGiveTheSameGradientsToTheBit(_ name: String, _ adapts: Bool) throws {
    let tower = name == "qwen2-tied" ? [] : [NamePattern("audio_tower.*.fc2")]
    let lowRank = TrainedPart.LowRank(rank: 3, dropout: 0.3, targets: [NamePattern("*_proj")] + tower)
    let policy = try tinyPolicy(name, TrainedPart(lowRank: adapts ? lowRank : nil))
    if adapts { policy.awakeAdapters() }
    let groups = policy.someGroups(4)
    func gradients(_ recomputes: Bool) throws -> [String: Tensor] {
      try policy.gradients {
        try policy.learn(from: groups, options: PassOptions(recomputesActivations: recomputes), dropoutSeed: 8) {
          Self.slopes($1.logProbabilities)
        }
      }
    }

    let (kept, again) = (try gradients(false), try gradients(true))

    #expect(kept.values.contains { $0.values.contains { $0 != 0 } })
    for (name, gradient) in kept { #expect(again[name] == gradient, "\(name)") }
  }

  @Test func dropoutFollowsFromItsSeedAndDiffersFromGroupToGroup() throws {
    let policy = try tinyPolicy("qwen2-untied", TrainedPart(lowRank: queryValueAdapters(dropout: 0.5)))
    policy.awakeAdapters()
    let group = policy.someGroup(seed: 5, completions: [4, 3])
    func scores(_ seed: UInt64?, _ groups: [PolicyGroup]) throws -> [[Double]] {
      var found: [[Double]] = []
      try policy.learn(from: groups, options: PassOptions(mostRows: 1), dropoutSeed: seed) { _, scores in
        found += scores.logProbabilities
        return scores.logProbabilities
      }
      return found
    }

    let whole = try policy.score([group], options: PassOptions()).logProbabilities
    #expect(try scores(nil, [group]) == whole)
    let (first, again, other) = (try scores(1, [group]), try scores(1, [group]), try scores(2, [group]))
    #expect(first == again && first != whole && first != other)
    // The same group twice, in passes of their own.
    let twice = try scores(1, [group, group])
    #expect(twice[0] != twice[1])
  }

  @Test func whatIsTrainedAloneGetsTheGradientItHasAmongAll() throws {
    let all = try tinyPolicy("qwen2-audio")
    let whole = try all.gradients { try learn(all) }
    for frozen in ["audio_tower.*", "decoder.*", "multi_modal_projector.*", "decoder.layers.1.*"] {
      let policy = try tinyPolicy("qwen2-audio", TrainedPart(frozen: [NamePattern(frozen)]))
      let gradients = try policy.gradients { try learn(policy) }
      #expect(gradients.count < whole.count && !gradients.keys.contains { NamePattern(frozen).matches($0) })
      let expected = whole.filter { gradients[$0.key] != nil }
      let difference = largestShare(gradients, expected)
      print("without \(frozen): \(difference)")
      #expect(difference.share < 1e-5)
    }
  }

  /// What a frozen tower makes of a clip is computed once, and the projection learns the same from it.
  @Test(arguments: [
    ("qwen2-audio", ["audio_tower.*"]),
    ("qwen2.5-omni", ["audio_tower.conv*", "audio_tower.layers.*", "audio_tower.ln_post.*"]),
  ])
  func aProjectionLearnsFromTheRowsOfAFrozenTower(_ name: String, _ frozen: [String]) throws {
    let policy = try tinyPolicy(name, TrainedPart(frozen: frozen.map(NamePattern.init)))
    let encoder = try #require(policy.model.encoder)
    try #require(policy.encoderLearns && !policy.towerLearns)
    let known = policy.someGroups(3)
    let anew = known.enumerated().map { place, group in
      let clip = policyClip(seed: UInt64(70 + place), count: 1_900 + 700 * (place % 3))
      return PolicyGroup(tokens: group.tokens, audio: .input(encoder.input(clip)))
    }
    for group in known {
      guard case .tower = group.audio else {
        Issue.record("encoded anew")
        return
      }
    }

    let fromRows = try policy.gradients { try learn(policy, known) }
    let fromSound = try policy.gradients { try learn(policy, anew) }

    let difference = largestShare(fromRows, fromSound)
    print("projection, \(name): \(difference)")
    #expect(difference.share < 1e-5)
    // Nothing of the tower is gone through on the way back, nor computed again.
    let tape = Tape()
    _ = policy.graph.rows(of: anew.compactMap(\.audio), groups: [0, 1, 2], recomputing: true, on: tape)
    #expect(tape.stepCount == 1)
  }

  private func learn(_ policy: Policy, _ groups: [PolicyGroup]? = nil) throws {
    try policy.learn(from: groups ?? policy.someGroups(3), options: PassOptions(), dropoutSeed: nil) {
      Self.slopes($1.logProbabilities)
    }
  }
}

extension Policy {
  /// Groups with advantages, older and reference log-probabilities that are some way off, one completion masked and one
  /// group without signal.
  func someRewardedGroups() throws -> [GRPOGroup] {
    try someGroups().enumerated().map { place, group in
      let scores = try score([group], options: PassOptions()).logProbabilities
      func moved(_ size: Double) -> [[Double]] {
        scores.enumerated().map { row, tokens in
          tokens.enumerated().map { $1 + size * sin(1.7 * Double($0) + Double(row + place)) }
        }
      }
      return GRPOGroup(
        group: group, advantages: place == 5 ? [0, 0, 0] : [1.1, -0.9 + 0.1 * Double(place), -0.2],
        isMasked: [false, false, place == 2], old: moved(0.3), reference: moved(0.2))
    }
  }
}
