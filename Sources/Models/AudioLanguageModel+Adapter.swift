public import Tensors

extension AudioLanguageModel {
  /// Opens the folder of a model with an adapter of Earshot's or PEFT's beside its weights, which stay as they are.
  ///
  /// `weights` is as for a model alone; the adapter's factors are float32 always.
  public init(folder: String, adapter: String?, weights: WeightFormat? = nil) throws {
    let checkpoint = try Checkpoint(folder: folder)
    guard let adapter else {
      try self.init(checkpoint: checkpoint, weights: weights)
      return
    }
    let added = try ModelAdapter(folder: adapter, base: checkpoint.configuration)
    try self.init(checkpoint: checkpoint, weights: weights, held: HeldWeights(added))
    revision = "\(checkpoint.revision) with \(try ModelAdapter.revision(folder: adapter))"
  }
}

extension HeldWeights {
  fileprivate init(_ adapter: ModelAdapter) {
    self.init()
    for layer in adapter.layers {
      adapters[layer.name] = LowRankFactors(
        down: WeightMatrix(layer.a), up: WeightMatrix(layer.b), scale: adapter.scale(of: layer))
    }
    for (name, tensor) in adapter.trained {
      if tensor.shape.count == 2 { matrices[name] = WeightMatrix(tensor) } else { tensors[name] = tensor }
    }
  }
}
