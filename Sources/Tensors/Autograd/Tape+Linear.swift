extension Tape {
  /// `x Wᵀ + b`, and what an adapter adds: `[rows, inputs]` to `[rows, outputs]`.
  ///
  /// The weights are taken as they are stored, but activations are not rounded in any format. What an adapter leaves out
  /// of a row follows from the row's number, one of `numbers` each; without, rows count from 0.
  public func linear(_ x: Variable, _ layer: LinearWeights, numbers: [Int]? = nil) -> Variable {
    linear(x, [layer], numbers: numbers)[0]
  }

  /// The results of several layers for one input; the threads meet once for all.
  public func linear(_ x: Variable, _ layers: [LinearWeights], numbers: [Int]? = nil) -> [Variable] {
    let products = LinearProducts(x.value, layers, numbers: numbers, dropoutSeed: dropoutSeed)
    return layers.indices.map { index in
      let (layer, adaptation) = (layers[index], products.adaptations[index])
      // The input is needed again only to see how the weights change the result.
      let input = layer.weight.isTrained || layer.adapter != nil ? x.value : nil
      return result(products.results[index], needsGradient: x.needsGradient || layer.isTrained) {
        [x = x.sink] gradient in
        LinearGradients(layer: layer, adaptation: adaptation, input: input).add(gradient, to: x)
      }
    }
  }
}

extension LinearWeights {
  /// Whether anything of the layer learns.
  public var isTrained: Bool { weight.isTrained || adapter != nil || bias?.isTrained ?? false }
}
