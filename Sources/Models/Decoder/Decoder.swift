import Tensors

/// Qwen2's decoder, the language model of all three families (transformers 5.23, `Qwen2Model`).
///
/// Qwen2.5-Omni's three-row positions are equal for text and audio, so they are ordinary positions here.
public struct Decoder: Sendable {
  /// The layout of the decoder.
  public let configuration: DecoderConfiguration
  private let embedding: WeightMatrix
  private let layers: [DecoderLayer]
  private let norm: Tensor
  private let head: WeightMatrix
  private let rotary: RotaryTable

  init(configuration: DecoderConfiguration, weights: WeightSource) throws(CheckpointError) {
    self.configuration = configuration
    // Logits and embeddings lose most by coarse weights: they keep eight bits.
    embedding = try weights.matrix("decoder.embed_tokens.weight", atLeast: .int8)
    var layers: [DecoderLayer] = []
    for layer in 0..<configuration.layers {
      layers.append(try DecoderLayer(weights: weights, prefix: "decoder.layers.\(layer)"))
    }
    self.layers = layers
    norm = try weights.tensor("decoder.norm.weight")
    let headName = "decoder.lm_head.weight"
    head = weights.contains(headName) ? try weights.matrix(headName, atLeast: .int8) : embedding
    rotary = RotaryTable(
      headDimension: configuration.headDimension, theta: configuration.ropeTheta,
      positions: configuration.maximumPositions)
  }

  /// The embeddings of `tokens`, `[tokens.count, hidden]`; every token must be one of the vocabulary.
  func embeddings(of tokens: [Int]) -> Tensor {
    let width = configuration.hiddenSize
    return Tensor(shape: [tokens.count, width]) { elements in
      for (row, token) in tokens.enumerated() {
        embedding.copyRow(token, to: UnsafeMutableBufferPointer(rebasing: elements[row * width..<(row + 1) * width]))
      }
    }
  }

  /// The hidden states behind the final norm, `[rows, hidden]`, for embeddings of the same shape.
  ///
  /// The rows of `batch` cover those of `x` in order; each part's rows follow the positions in its cache, and are added
  /// to it.
  func hiddenStates(_ x: Tensor, batch: [DecoderRows]) -> Tensor {
    let pass = pass(batch)
    var x = x
    for (index, layer) in layers.enumerated() { layer.apply(to: &x, layer: index, pass: pass) }
    return x.rmsNorm(weight: norm, epsilon: configuration.normEpsilon)
  }

  /// The same, but only of the last row of each part of `batch`: `[batch.count, hidden]`.
  func lastHiddenStates(_ x: Tensor, batch: [DecoderRows]) -> Tensor {
    let pass = pass(batch)
    var x = x
    for (index, layer) in layers.enumerated() {
      if index < layers.count - 1 {
        layer.apply(to: &x, layer: index, pass: pass)
      } else {
        x = layer.appliedToLastRows(of: x, layer: index, pass: pass)
      }
    }
    return x.rmsNorm(weight: norm, epsilon: configuration.normEpsilon)
  }

  private func pass(_ batch: [DecoderRows]) -> DecoderPass {
    let positions = batch.flatMap { part in
      let start = part.cache.count
      return start..<start + part.rows.count
    }
    return DecoderPass(batch: batch, positions: positions, rotary: rotary, configuration: configuration)
  }

  /// The logits `[rows, vocabulary]` of hidden states `[rows, hidden]`.
  func logits(_ hidden: Tensor) -> Tensor { head.product(hidden) }
}
