import Foundation
import Models
import Tensors
import Testing

@testable import Training

/// The policy against the engine that has the same weights.
@Suite struct PolicyEngineTests {
  struct Held: Sendable, CustomTestStringConvertible {
    var name: String
    var part: TrainedPart
    /// What the log-probabilities may differ by: with weights of 8 bits, the engine rounds what it multiplies with them
    /// to 8 bits too, and the tape does not.
    var tolerance = 1e-4
    var testDescription: String { name }
  }

  /// What is trained and how the rest is held.
  private static let parts = [
    Held(name: "all", part: TrainedPart()),
    Held(name: "adapters", part: TrainedPart(lowRank: .init(rank: 3, alpha: 5, dropout: 0.1))),
    Held(
      name: "adapters on float32", part: TrainedPart(lowRank: queryValueAdapters(), frozenFormat: .float32)),
    Held(
      name: "adapters on bfloat16", part: TrainedPart(lowRank: queryValueAdapters(), frozenFormat: .bfloat16)),
    Held(
      name: "adapters on int8", part: TrainedPart(lowRank: queryValueAdapters(), frozenFormat: .int8),
      tolerance: 0.5),
    Held(
      name: "tower alone, int8",
      part: TrainedPart(frozen: [NamePattern("decoder.*")], frozenFormat: .int8), tolerance: 0.5),
    Held(
      name: "adapters everywhere",
      part: TrainedPart(lowRank: .init(rank: 2, dropout: 0, targets: [NamePattern("*")]))),
  ]

  @Test(
    arguments: ["qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2-untied", "qwen2-tied"], parts)
  func scoresAreThoseOfTheEngine(_ name: String, _ held: Held) throws {
    if !name.contains("audio") && !name.contains("omni") && held.part.frozen != [] { return }
    let policy = try tinyPolicy(name, held.part)
    policy.awakeAdapters()
    let clip = policyClip(seed: 81, count: 5_000)
    let group = policy.someGroup(seed: 81, samples: 5_000, completions: [5, 1, 9])

    let scores = try policy.score([group], options: PassOptions()).logProbabilities
    let engine = try policy.model.score(
      prompt: group.tokens.prompt, audios: policy.model.encoder == nil ? [] : [clip],
      completions: group.tokens.completions)

    let difference = largestDifference(scores, engine.map { $0.map(Double.init) })
    print("engine, \(name), \(held.name): \(difference)")
    #expect(difference < held.tolerance)
  }

  /// On the tape, a product with frozen weights of 8 bits is that with the numbers they stand for.
  @Test(arguments: ["qwen2-audio", "qwen2-untied"])
  func frozenWeightsOfEightBitsAreTheNumbersTheyStandFor(_ name: String) throws {
    let folder = TrainerFolder()
    try CheckpointQuantization(try PeftFixture.model(name), format: .int8).write(to: folder("int8"))
    let checkpoint = try Checkpoint(folder: folder("int8"))
    try #require(checkpoint.isQuantized)
    let frozen = try Policy(checkpoint: checkpoint, part: TrainedPart(lowRank: queryValueAdapters()), seed: 1)
    // Trained weights are float32.
    let trained = try Policy(checkpoint: checkpoint, part: TrainedPart(), seed: 1)
    let group = frozen.someGroup(seed: 12, samples: 0, completions: [6, 3])

    let scores = try [frozen, trained].map { try $0.score([group], options: PassOptions()).logProbabilities }

    print("int8, \(name): \(largestDifference(scores[0], scores[1]))")
    #expect(largestDifference(scores[0], scores[1]) < 1e-4)
  }

  @Test(arguments: ["qwen2-audio", "qwen2-untied"])
  func theReferenceWithoutAdaptersIsTheBaseModel(_ name: String) throws {
    let checkpoint = try PeftFixture.model(name)
    let policy = try Policy(checkpoint: checkpoint, part: TrainedPart(lowRank: queryValueAdapters()), seed: 1)
    let groups = policy.someGroups(3)
    let fresh = try policy.score(groups, options: PassOptions()).logProbabilities
    policy.awakeAdapters()

    let off = try ReferenceModel.withoutAdapters.score(groups, policy: policy, options: PassOptions())
    let base = try ReferenceModel(checkpoint: checkpoint).score(groups, policy: policy, options: PassOptions())
    let engine = try AudioLanguageModel(folder: checkpoint.folder)
    for (rows, place) in zip(rows(of: groups), groups.indices) {
      let clip = policyClip(seed: UInt64(70 + place), count: 1_900 + 700 * (place % 3))
      let expected = try engine.score(
        prompt: groups[place].tokens.prompt, audios: engine.encoder == nil ? [] : [clip],
        completions: groups[place].tokens.completions)
      #expect(largestDifference(Array(off[rows]), expected.map { $0.map(Double.init) }) < 1e-4)
    }

    // An adapter begins as nothing, and then is something.
    #expect(largestDifference(fresh, off) < 1e-6)
    #expect(largestDifference(base, off) < 1e-6)
    #expect(try largestDifference(policy.score(groups, options: PassOptions()).logProbabilities, off) > 0.01)
  }

  @Test func weightsThatLearnBesideAdaptersAreTheFilesInTheReference() throws {
    let part = TrainedPart(lowRank: queryValueAdapters(), alsoTrained: [NamePattern("decoder.norm.weight")])
    let policy = try tinyPolicy("qwen2-untied", part)
    let groups = policy.someGroups(2)
    let before = try policy.score(groups, options: PassOptions()).logProbabilities
    policy.awakeAdapters()
    policy.fill("norm.weight") { 1 + 0.5 * sin(Double($0 + $1)) }

    let reference = try ReferenceModel.withoutAdapters.score(groups, policy: policy, options: PassOptions())

    #expect(largestDifference(reference, before) < 1e-5)
  }

  @Test func aModelOfItsOwnStaysWhereThePolicyBegan() throws {
    let policy = try tinyPolicy("qwen2-audio")
    let reference = try ReferenceModel(checkpoint: policy.base)
    let groups = policy.someGroups(3)
    let before = try policy.score(groups, options: PassOptions()).logProbabilities
    policy.fill("self_attn.v_proj.weight") { 0.05 * sin(Double(3 * $1 + $0)) }

    let kept = try reference.score(groups, policy: policy, options: PassOptions())

    #expect(largestDifference(kept, before) < 1e-6)
    #expect(try largestDifference(policy.score(groups, options: PassOptions()).logProbabilities, before) > 0.01)
  }

  /// What a cache of features holds, against encoding in each step.
  @Test(arguments: ["qwen2-audio", "qwen2.5-omni"])
  func rowsOfAFrozenTowerEqualEncodingAnew(_ name: String) throws {
    let frozen = TrainedPart(frozen: [NamePattern("audio_tower.*"), NamePattern("multi_modal_projector.*")])
    let (policy, hearing) = (try tinyPolicy(name, frozen), try tinyPolicy(name))
    try #require(!policy.encoderLearns && hearing.encoderLearns)

    let known = try policy.score(policy.someGroups(), options: PassOptions()).logProbabilities
    let anew = try hearing.score(hearing.someGroups(), options: PassOptions()).logProbabilities

    print("features, \(name): \(largestDifference(known, anew))")
    #expect(largestDifference(known, anew) < 1e-4)
  }

  /// What the policy writes is scored as it was written: the ratio of the first step is 1.
  @Test(arguments: [Float(1), 0.7])
  func completionsHaveTheProbabilitiesTheyWereSampledWith(_ temperature: Float) throws {
    let policy = try tinyPolicy("qwen2-audio", TrainedPart(lowRank: queryValueAdapters()))
    policy.awakeAdapters()
    let group = policy.someGroup(seed: 9, completions: [1])
    let prompt = PolicyPrompt(
      example: TrainingExample(id: "", messages: []), tokens: group.tokens.prompt, audio: group.audio)
    let sampler = RolloutSampler(
      policy: policy, sampling: Sampling(temperature: temperature), maximumTokens: 12, batch: 4)
    let written = try #require(try sampler.sample([prompt], count: 4, seeds: [6]).first).completions
    try #require(written.count == 4)

    let scored = PolicyGroup(
      tokens: TokenGroup(prompt: group.tokens.prompt, completions: written.map(\.tokens)), audio: group.audio)
    let scores = try policy.score([scored], options: PassOptions()).logProbabilities

    #expect(largestDifference(scores, written.map { $0.logProbabilities.map(Double.init) }) < 1e-4)
  }

  @Test func aPromptWithOtherRowsThanItsSoundIsRefused() throws {
    let policy = try tinyPolicy("qwen2-audio")
    var group = policy.someGroup(seed: 9, completions: [2])
    group.tokens.prompt.removeAll { $0 == policy.model.configuration.audioToken }
    #expect(throws: ModelError.self) { try policy.score([group], options: PassOptions()) }
  }
}
