import Audio
import Dataset
import Foundation
import Models
import Tensors

@testable import Training

/// A model of two small layers that knows the nano model's words.
enum TinyTraining {
  /// Writes the model into a folder.
  static func write(to folder: String, seed: UInt64 = 4) throws {
    let trained = try NanoTokenizer.train()
    func id(_ token: String) -> Int { trained.tokenizer.id(of: token) ?? 0 }
    var configuration = NanoModel(
      vocabularySize: NanoTokenizer.vocabularySize,
      tokens: .init(endOfText: id("<|endoftext|>"), turnEnd: id("<|im_end|>"), audio: id("<|AUDIO|>"))
    ).configuration
    configuration.decoder = DecoderConfiguration(
      vocabularySize: NanoTokenizer.vocabularySize, hiddenSize: 48, intermediateSize: 96, layers: 2, heads: 4,
      keyValueHeads: 2, headDimension: 12, normEpsilon: 1e-6, ropeTheta: 1e4, maximumPositions: 512,
      tiedEmbeddings: false)
    configuration.encoder = EncoderConfiguration(
      melBands: 128, width: 32, layers: 2, heads: 4, feedForwardWidth: 64, maximumPositions: 1_500, window: nil,
      outputWidth: 48)
    try trained.write(folder: folder)
    try NanoModel(configuration).addFiles(to: folder, seed: seed)
  }

  /// What a phase's trainer works with, on questions without sounds.
  static func tools(
    _ phase: TrainingPhase, questions: [ImportedQuestion], folder: TrainerFolder, part: TrainedPart = TrainedPart(),
    seed: UInt64 = 11
  ) throws -> PhaseTools {
    if !folder.names.contains("config.json") { try write(to: folder.path) }
    let policy = try Policy(checkpoint: Checkpoint(folder: folder.path), part: part, seed: 2)
    var reference: ReferenceModel?
    if phase.needsReference {
      reference = part.lowRank == nil ? try ReferenceModel(checkpoint: policy.base) : .withoutAdapters
    }
    return PhaseTools(
      policy: policy, prompts: PromptMaker(policy: policy, loader: AudioLoader(maximumSamples: 16_000), features: nil),
      phase: phase, data: try set(questions, phase), reference: reference, seed: seed)
  }

  static func set(_ questions: [ImportedQuestion], _ phase: TrainingPhase) throws -> TrainingSet {
    var rejects = false
    if case .dpo(let settings) = phase.method { rejects = settings.pairs == .distractor }
    return try TrainingSet(
      questions, composer: ExampleComposer(prompt: plainPrompt, audio: .none, rejectsDistractor: rejects),
      use: phase.use)
  }

  /// Questions without sounds.
  static func questions(_ count: Int, passRates: [Double?] = []) -> [ImportedQuestion] {
    (0..<count).map { place in
      var question = row("q\(place)", "What is sound \(place)?", audio: nil)
      question.passRate = passRates.indices.contains(place) ? passRates[place] : nil
      return question
    }
  }

  static func grpo(
    batch: Int = 2, rewards: [any Reward] = [LettersReward()], _ change: (inout GRPOSettings) -> Void = { _ in }
  ) throws -> TrainingPhase {
    var settings = GRPOSettings(rewards: try WeightedRewards(rewards))
    settings.generations = 4
    settings.loss = GRPOLoss(type: .grpo, maximumCompletionLength: 8)
    change(&settings)
    return phase(.grpo(settings), batch: batch)
  }

  static func phase(_ method: TrainingPhase.Method, batch: Int, rate: Double = 1e-3, steps: Int = 4) -> TrainingPhase {
    var optimizer = OptimizerSettings(learningRate: rate, batch: batch)
    optimizer.steps = steps
    optimizer.schedule = .constant
    var watch = WatchSettings()
    watch.evaluateEvery = 0
    watch.saveEvery = 0
    return TrainingPhase(name: "tiny", method: method, data: DataSettings(), optimizer: optimizer, watch: watch)
  }
}

/// A worth that is as good as random, but follows from the text: the sum of its bytes, modulo some number.
struct LettersReward: Reward {
  var name: String { "letters" }
  func score(_ completion: RewardedCompletion) -> Double? {
    Double(completion.text.utf8.reduce(0) { $0 + Int($1) } % 7)
  }
}

/// The same for every completion of the questions whose right choice is one of `solutions`.
struct FlatReward: Reward {
  var solutions: Set<String>
  var name: String { "flat" }
  func score(_ completion: RewardedCompletion) -> Double? {
    solutions.contains(completion.solution) ? 1 : LettersReward().score(completion)
  }
}

extension PhaseStep {
  /// The mean, extreme or value that was measured under a name.
  subscript(_ name: MetricName) -> Double? {
    var means = RunningMeans()
    means.add(measurements)
    return means.current[name]
  }
}

extension Policy {
  /// An optimizer's step that is as large as can be: every weight moves by `size` against its gradient's sign.
  func move(by size: Float) {
    for parameter in parameters {
      parameter.update { elements, gradient in
        for place in elements.indices where gradient[place] != 0 {
          elements[place] -= gradient[place] > 0 ? size : -size
        }
      }
      parameter.clearGradient()
    }
  }
}
