import Tensors

/// One pre-norm layer of Whisper's encoder: bidirectional attention, then a feed-forward block with erf-GELU.
struct EncoderLayer: Sendable {
  private let heads: Int
  private let attentionNorm: LayerNorm
  private let queries: Linear
  private let keys: Linear
  private let values: Linear
  private let output: Linear
  private let feedForwardNorm: LayerNorm
  private let widening: Linear
  private let narrowing: Linear

  init(weights: WeightSource, prefix: String, heads: Int) throws(CheckpointError) {
    self.heads = heads
    attentionNorm = try LayerNorm(weights: weights, name: "\(prefix).self_attn_layer_norm")
    queries = try weights.linear("\(prefix).self_attn.q_proj")
    keys = try weights.linear("\(prefix).self_attn.k_proj")
    values = try weights.linear("\(prefix).self_attn.v_proj")
    output = try weights.linear("\(prefix).self_attn.out_proj")
    feedForwardNorm = try LayerNorm(weights: weights, name: "\(prefix).final_layer_norm")
    widening = try weights.linear("\(prefix).fc1")
    narrowing = try weights.linear("\(prefix).fc2")
  }

  /// Adds the layer's two blocks to `x` `[rows, width]`; each of `segments` attends to itself alone.
  func apply(to x: inout Tensor, segments: [Range<Int>]) {
    let projected = Linear.apply([queries, keys, values], to: attentionNorm(x))
    let headWidth = projected[0].columns / heads
    let attended = segmentAttention(
      queries: projected[0], keys: projected[1], values: projected[2], heads: heads, segments: segments,
      scale: 1 / Float(headWidth).squareRoot())
    x.add(output(attended))
    var hidden = widening(feedForwardNorm(x))
    hidden.gelu()
    x.add(narrowing(hidden))
  }
}

/// A layer norm's parameters; epsilon is PyTorch's default, which the configurations do not name.
struct LayerNorm: Sendable {
  private let weight: Tensor
  private let bias: Tensor

  init(weights: WeightSource, name: String) throws(CheckpointError) {
    weight = try weights.tensor("\(name).weight")
    bias = try weights.tensor("\(name).bias")
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.layerNorm(weight: weight, bias: bias, epsilon: 1e-5) }
}
