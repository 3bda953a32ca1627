import Audio
import Models
import Tensors

/// The weights of a policy while it is put together: what is trained gets memory of its own, the rest is held once for the
/// engine and the tape.
struct PolicyAssembly {
  private(set) var parameters: [String: Parameter] = [:]
  private(set) var adapters: [String: LowRankAdapter] = [:]
  private(set) var held = HeldWeights()
  private let checkpoint: Checkpoint
  private let part: TrainedPart
  /// Those that can have an adapter.
  private let layers: [String]

  init(checkpoint: Checkpoint, part: TrainedPart, seed: UInt64) throws {
    self.checkpoint = checkpoint
    self.part = part
    layers = checkpoint.names.filter(checkpoint.isMatrix).compactMap(TrainedPart.adaptableLayer)
    try part.check(names: checkpoint.names, layers: layers)
    let source = WeightSource(checkpoint: checkpoint, format: part.frozenFormat)
    for name in checkpoint.names {
      if part.trains(name) {
        try hold(trained: name)
      } else if checkpoint.isMatrix(name) {
        let isVocabulary = ["decoder.embed_tokens.weight", "decoder.lm_head.weight"].contains(name)
        held.matrices[name] = try source.matrix(name, atLeast: isVocabulary ? .int8 : .int4)
      }
    }
    try addAdapters(seed: seed)
  }

  private mutating func hold(trained name: String) throws {
    var value = try checkpoint.tensor(name)
    if value.shape.count == 3 { value = Convolution.taps(of: value) }
    let parameter = Parameter(name: name, value: value)
    parameters[name] = parameter
    if parameter.value.shape.count == 2 {
      held.matrices[name] = WeightMatrix(sharing: parameter.value)
    } else {
      held.tensors[name] = parameter.value
    }
  }

  private mutating func addAdapters(seed: UInt64) throws {
    guard let settings = part.lowRank else { return }
    let layers = layers.filter(part.adapts)
    guard !layers.isEmpty else { throw TrainingError.noTargets(settings.targets.map(\.text)) }
    if let twice = layers.first(where: { parameters["\($0).weight"] != nil }) {
      throw TrainingError.trainedTwice(layer: twice)
    }
    for (index, layer) in layers.enumerated() {
      guard let matrix = held.matrices["\(layer).weight"] else { continue }
      var random = SplitMix64(seed: seed, index: UInt64(index))
      let bound = 1 / Double(matrix.inputs).squareRoot()
      // PEFT's start: Kaiming's uniform with a = sqrt(5) for A, zero for B (peft 0.21, LoraLayer.reset_lora_parameters).
      let a = Tensor(shape: [settings.rank, matrix.inputs]) { elements in
        for place in elements.indices { elements[place] = Float(random.uniform(-bound...bound)) }
      }
      add(
        LowRankAdapter(
          a: Parameter(name: "\(layer).lora_A", value: a),
          b: Parameter(name: "\(layer).lora_B", value: Tensor(shape: [matrix.outputs, settings.rank])),
          scale: settings.scale, dropout: Float(settings.dropout)), to: layer)
    }
  }

  private mutating func add(_ adapter: LowRankAdapter, to layer: String) {
    adapters[layer] = adapter
    for parameter in [adapter.a, adapter.b] { parameters[parameter.name] = parameter }
    held.adapters[layer] = LowRankFactors(
      down: WeightMatrix(sharing: adapter.a.value), up: WeightMatrix(sharing: adapter.b.value), scale: adapter.scale)
  }

  /// The model on a tape. `model` is the engine on the same weights.
  func graph(of model: AudioLanguageModel) throws -> PolicyGraph {
    let weights = PolicyWeights(
      source: WeightSource(checkpoint: checkpoint, format: part.frozenFormat, held: held), parameters: parameters,
      adapters: adapters)
    return try PolicyGraph(model: model, weights: weights)
  }

  /// The model that adapters were put to, on a tape: without them, and with the files' weights in place of those that
  /// learn beside them.
  func bareGraph(of model: AudioLanguageModel) throws -> PolicyGraph {
    var kept = held
    for name in parameters.keys { (kept.matrices[name], kept.tensors[name]) = (nil, nil) }
    // What is not held was in training, and begins as the files have it.
    let weights = PolicyWeights(
      source: WeightSource(checkpoint: checkpoint, format: nil, held: kept), parameters: [:], adapters: [:])
    return try PolicyGraph(model: model, weights: weights)
  }

  /// The same with the adapters, and with what learns beside them, as `start` has them: copies that stay as they are.
  func frozenGraph(of model: AudioLanguageModel, at start: ModelAdapter, file: String) throws -> PolicyGraph {
    var kept = held
    for name in parameters.keys where adapterLayer(of: name) == nil {
      guard let tensor = start.trained[name] else { throw TrainingError.otherAdapter(file, layer: name) }
      (kept.matrices[name], kept.tensors[name]) = tensor.shape.count == 2 ? (WeightMatrix(tensor), nil) : (nil, tensor)
    }
    let stored = Dictionary(uniqueKeysWithValues: start.layers.map { ($0.name, $0) })
    var frozen: [String: LowRankAdapter] = [:]
    for (layer, adapter) in adapters {
      guard let factors = stored[layer] else { throw TrainingError.otherAdapter(file, layer: layer) }
      frozen[layer] = LowRankAdapter(
        a: Parameter(name: adapter.a.name, value: factors.a), b: Parameter(name: adapter.b.name, value: factors.b),
        scale: adapter.scale)
    }
    let weights = PolicyWeights(
      source: WeightSource(checkpoint: checkpoint, format: nil, held: kept), parameters: [:], adapters: frozen)
    return try PolicyGraph(model: model, weights: weights)
  }

  /// The layer whose factor a parameter is.
  private func adapterLayer(of parameter: String) -> String? {
    guard parameter.hasSuffix(".lora_A") || parameter.hasSuffix(".lora_B") else { return nil }
    return String(parameter.dropLast(".lora_A".count))
  }
}

extension PolicyGraph {
  init(model: AudioLanguageModel, weights: PolicyWeights) throws {
    decoder = try PolicyDecoder(configuration: model.configuration.decoder, weights: weights)
    encoder = try model.encoder.map {
      try PolicyEncoder(configuration: $0.configuration, positions: $0.positions, weights: weights)
    }
    audioToken = model.encoder == nil ? nil : model.configuration.audioToken
  }
}
