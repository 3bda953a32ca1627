public import Models
public import Tensors

/// The model in training: the engine that generates, and the same weights on a tape, which learn.
///
/// Both use one memory: an optimizer's step is seen by the next completion without a copy. Used by one thread.
public final class Policy {
  /// The engine on the weights in training.
  public let model: AudioLanguageModel
  /// All that is trained, in alphabetical order; adapters' factors have the names "LAYER.lora_A" and "LAYER.lora_B".
  public let parameters: [Parameter]
  /// By the layer's name, in alphabetical order.
  public let adapters: [(layer: String, adapter: LowRankAdapter)]
  public let part: TrainedPart
  /// The folder that the weights began with.
  public let base: Checkpoint

  /// Opens the model of `checkpoint` for training; adapters begin as those that add nothing, A drawn with `seed`.
  public init(checkpoint: Checkpoint, part: TrainedPart, seed: UInt64) throws {
    self.part = part
    base = checkpoint
    let assembly = try PolicyAssembly(checkpoint: checkpoint, part: part, seed: seed)
    self.assembly = assembly
    parameters = assembly.parameters.values.sorted { $0.name < $1.name }
    adapters = assembly.adapters.sorted { $0.key < $1.key }.map { (layer: $0.key, adapter: $0.value) }
    let model = try AudioLanguageModel(checkpoint: checkpoint, weights: part.frozenFormat, held: assembly.held)
    self.model = model
    graph = try assembly.graph(of: model)
    bareGraph = adapters.isEmpty ? graph : try assembly.bareGraph(of: model)
    towerLearns = parameters.contains { $0.name.hasPrefix("audio_tower.") && !$0.name.hasPrefix("audio_tower.proj.") }
    encoderLearns =
      towerLearns
      || parameters.contains { $0.name.hasPrefix("audio_tower.") || $0.name.hasPrefix("multi_modal_projector.") }
    guard !parameters.isEmpty else { throw TrainingError.nothingToTrain }
  }

  /// The number of numbers that are trained.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Whether the audio tower or its projection learns.
  public let encoderLearns: Bool
  /// Whether the tower itself learns, so that audio has to be encoded anew in each step.
  public let towerLearns: Bool

  /// The policy on a tape.
  let graph: PolicyGraph
  /// The model as it was before, where adapters learn.
  let bareGraph: PolicyGraph
  private let assembly: PolicyAssembly

  /// The policy with adapters as `start`, of the folder `file`, has them: copies that stay as they are.
  func frozenGraph(at start: ModelAdapter, file: String) throws -> PolicyGraph {
    try assembly.frozenGraph(of: model, at: start, file: file)
  }
}

extension Policy {
  /// A clip as a step takes it: as far as what does not learn can compute it. `nil` where the policy does not hear.
  func audio(_ samples: [Float]) -> PolicyAudio? {
    guard let encoder = model.encoder else { return nil }
    if towerLearns { return .input(encoder.input(samples)) }
    guard encoderLearns else { return encoder([samples]).first.map { .rows($0) } }
    let rows = graph.encoder?.towerRows(
      of: [encoder.input(samples)], groups: [0], recomputing: false, on: Tape(isRecording: false))
    return rows.map { .tower($0.value) }
  }

  /// The encoder's rows for generation, as the weights are now, `[rows, decoder width]`.
  func rows(of audio: PolicyAudio) -> Tensor {
    graph.rows(of: [audio], groups: [0], recomputing: false, on: Tape(isRecording: false)).value
  }
}

/// A prompt with its audio, and completions.
struct PolicyGroup {
  var tokens: TokenGroup
  var audio: PolicyAudio?
}

/// A clip as the policy takes it.
enum PolicyAudio {
  /// What the encoder's convolutions work on, where the tower learns.
  case input(EncoderInput)
  /// What the tower makes of it, `[rows, tower's width]`, where the projection alone learns.
  case tower(Tensor)
  /// The encoder's rows `[rows, decoder width]`, where nothing of it learns.
  case rows(Tensor)
}
