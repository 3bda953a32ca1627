import Audio
import Models
import Tensors

/// An example's prompt as the policy takes it.
struct PolicyPrompt {
  var example: TrainingExample
  /// The audio token once for every row of audio.
  var tokens: [Int]
  var audio: PolicyAudio?

  /// The prompt with completions behind it.
  func group(_ completions: [[Int]]) -> PolicyGroup {
    PolicyGroup(tokens: TokenGroup(prompt: tokens, completions: completions), audio: audio)
  }
}

/// Makes prompts of examples: reads and encodes their sounds, and turns their texts to tokens.
final class PromptMaker {
  private let policy: Policy
  private let loader: AudioLoader
  private let features: FeatureCache?
  private var memory = RecentRows()

  /// `features` keeps what the encoder makes of a clip, or its tower alone where the projection learns; it is not asked
  /// where the tower learns.
  init(policy: Policy, loader: AudioLoader, features: FeatureCache?) {
    self.policy = policy
    self.loader = loader
    self.features = features
  }

  /// The prompt of an example. Throws for sounds that cannot be read, and for prompts that leave no room for
  /// `completionTokens`, naming the row.
  func prompt(_ example: TrainingExample, completionTokens: Int) throws -> PolicyPrompt {
    do {
      let sound = try example.audio.map { try loader.load($0) }
      if let sound, let path = example.audio?.path { try policy.model.check(audio: sound.samples, named: path) }
      let tokens = try policy.model.prompt(example.messages, audios: sound.map { [$0.samples] } ?? [])
      let limit = policy.model.configuration.decoder.maximumPositions
      guard tokens.count + completionTokens <= limit else {
        throw TrainingDataError.Obstacle.tooLong(prompt: tokens.count, answer: completionTokens, limit: limit)
      }
      return PolicyPrompt(example: example, tokens: tokens, audio: try sound.flatMap { try audio($0) })
    } catch let error as AudioError {
      throw TrainingDataError.unusableRow(id: example.id, .audio(error), count: 1, of: 1)
    } catch let error as ModelError {
      throw TrainingDataError.unusableRow(id: example.id, .prompt(error), count: 1, of: 1)
    } catch let error as TrainingDataError.Obstacle {
      throw TrainingDataError.unusableRow(id: example.id, error, count: 1, of: 1)
    }
  }

  /// The tokens of what supervised training teaches, its end included.
  func target(_ text: String) throws(TrainingError) -> [Int] {
    policy.model.tokenizer.encode(text, parsingSpecialTokens: false) + [try policy.model.turnEnd()]
  }

  private func audio(_ sound: LoadedAudio) throws -> PolicyAudio? {
    guard policy.model.encoder != nil else { return nil }
    if policy.towerLearns { return policy.audio(sound.samples) }
    let wrap = policy.encoderLearns ? PolicyAudio.tower : PolicyAudio.rows
    if let rows = memory.rows(for: sound.key) { return wrap(rows) }
    let format = policy.part.frozenFormat?.rawValue ?? "as stored"
    let key = FeatureKey(
      sound: sound.key, model: policy.model.revision, mode: policy.encoderLearns ? "\(format), tower" : format)
    let stored = features?.rows(for: key)
    guard let rows = stored ?? policy.audio(sound.samples)?.frozenRows else { return nil }
    // A full disk must not end a run that can go on without.
    if stored == nil { try? features?.store(rows, for: key) }
    memory.keep(rows, for: sound.key)
    return wrap(rows)
  }
}

extension AudioLanguageModel {
  /// The token that ends a turn, which supervised training teaches.
  func turnEnd() throws(TrainingError) -> Int {
    guard let token = tokenizer.id(of: "<|im_end|>") ?? endTokens.min() else { throw .noEndToken }
    return token
  }

  /// The tokens that end what the policy writes: those of the model's settings, and the one that is taught.
  func stopTokens() throws(TrainingError) -> Set<Int> { endTokens.union([try turnEnd()]) }
}

extension PolicyAudio {
  /// What never changes in training.
  fileprivate var frozenRows: Tensor? {
    switch self {
    case .input: nil
    case .tower(let rows), .rows(let rows): rows
    }
  }
}

/// The encoder's rows of the last clips, as many as fit into some memory.
private struct RecentRows {
  private var rows: [String: Tensor] = [:]
  private var order: [String] = []
  private var room = 256 << 20

  func rows(for key: String) -> Tensor? { rows[key] }

  mutating func keep(_ tensor: Tensor, for key: String) {
    guard rows.updateValue(tensor, forKey: key) == nil else { return }
    order.append(key)
    room -= tensor.count * 4
    while room < 0, order.count > 1 { room += (rows.removeValue(forKey: order.removeFirst())?.count ?? 0) * 4 }
  }
}
