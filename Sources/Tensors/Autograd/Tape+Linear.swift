extension Tape {
  /// `x Wᵀ + b`, and what an adapter adds: `[rows, inputs]` to `[rows, outputs]`.
  ///
  /// The weights are taken as they are stored, but activations are not rounded in any format.
  public func linear(_ x: Variable, _ layer: LinearWeights) -> Variable {
    linear(x, [layer])[0]
  }

  /// The results of several layers for one input; the threads meet once for all.
  public func linear(_ x: Variable, _ layers: [LinearWeights]) -> [Variable] {
    let products = LinearProducts(x.value, layers, dropoutSeed: dropoutSeed)
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
  var isTrained: Bool { weight.isTrained || adapter != nil || bias?.isTrained ?? false }
}
