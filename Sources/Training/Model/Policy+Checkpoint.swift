import Models
import Tensors

extension Policy {
  /// What a checkpoint keeps of the weights; `name` is what an adapter's file calls the base model.
  func weights(baseName name: String, layout: AdapterLayout = .version5) -> CheckpointWeights {
    let trained = Dictionary(
      uniqueKeysWithValues: parameters.filter { !isFactor($0) }.map { ($0.name, hubLayout($0)) })
    guard let lowRank = part.lowRank else { return .model(base: base, tensors: trained) }
    let settings = ModelAdapter.Settings(
      rank: lowRank.rank, alpha: lowRank.alpha, dropout: lowRank.dropout, isRankStabilized: lowRank.isRankStabilized)
    let layers = adapters.map { ModelAdapter.Layer(name: $0.layer, a: $0.adapter.a.value, b: $0.adapter.b.value) }
    return .adapter(
      ModelAdapter(settings: settings, layers: layers, trained: trained, baseName: name), base: base, name: name,
      layout: layout)
  }

  /// Takes over the weights of a checkpoint that was written from a policy like this one.
  func restore(_ checkpoint: SavedCheckpoint) throws {
    guard checkpoint.isAdapter else {
      let model = try Checkpoint(folder: checkpoint.folder)
      for parameter in parameters { parameter.assign(try trainedLayout(model, parameter.name)) }
      return
    }
    let adapter = try ModelAdapter(folder: checkpoint.folder, base: base.configuration)
    let layers = Dictionary(uniqueKeysWithValues: adapter.layers.map { ($0.name, $0) })
    for (layer, factors) in adapters {
      guard let stored = layers[layer] else { throw TrainingError.otherAdapter(checkpoint.folder, layer: layer) }
      factors.a.assign(stored.a)
      factors.b.assign(stored.b)
    }
    for parameter in parameters where !isFactor(parameter) {
      guard let stored = adapter.trained[parameter.name] else {
        throw TrainingError.otherAdapter(checkpoint.folder, layer: parameter.name)
      }
      parameter.assign(stored.shape.count == 3 ? Convolution.taps(of: stored) : stored)
    }
  }

  private func isFactor(_ parameter: Parameter) -> Bool {
    parameter.name.hasSuffix(".lora_A") || parameter.name.hasSuffix(".lora_B")
  }

  /// Convolutions are trained as matrices of taps.
  private func hubLayout(_ parameter: Parameter) -> Tensor {
    isConvolution(parameter.name) ? Convolution.weight(ofTaps: parameter.value) : parameter.value
  }

  private func trainedLayout(_ model: Checkpoint, _ name: String) throws -> Tensor {
    let tensor = try model.tensor(name)
    return isConvolution(name) ? Convolution.taps(of: tensor) : tensor
  }

  private func isConvolution(_ name: String) -> Bool {
    name.hasPrefix("audio_tower.conv") && name.hasSuffix(".weight")
  }
}

extension Parameter {
  /// Copies a tensor of the same shape over the elements, for all who hold them.
  fileprivate func assign(_ tensor: Tensor) {
    precondition(tensor.shape == value.shape, "\(tensor.shape) for \(name) of \(value.shape)")
    update { elements, _ in tensor.withUnsafeElements { _ = elements.update(fromContentsOf: $0) } }
  }
}
