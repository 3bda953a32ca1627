import Tensors

/// One layer of Qwen2's decoder: grouped-query attention with rotary positions, then a SwiGLU block, both pre-norm.
struct DecoderLayer: Sendable {
  private let attentionNorm: Tensor
  private let queries: Linear
  private let keys: Linear
  private let values: Linear
  private let output: Linear
  private let feedForwardNorm: Tensor
  private let gate: Linear
  private let up: Linear
  private let down: Linear

  init(weights: WeightSource, prefix: String) throws(CheckpointError) {
    attentionNorm = try weights.tensor("\(prefix).input_layernorm.weight")
    queries = try weights.linear("\(prefix).self_attn.q_proj")
    keys = try weights.linear("\(prefix).self_attn.k_proj")
    values = try weights.linear("\(prefix).self_attn.v_proj")
    output = try weights.linear("\(prefix).self_attn.o_proj")
    feedForwardNorm = try weights.tensor("\(prefix).post_attention_layernorm.weight")
    gate = try weights.linear("\(prefix).mlp.gate_proj")
    up = try weights.linear("\(prefix).mlp.up_proj")
    down = try weights.linear("\(prefix).mlp.down_proj")
  }

  /// Adds the layer's two blocks to `x` `[rows, hidden]`, and the rows' keys and values to each sequence's cache.
  func apply(
    to x: inout Tensor, layer: Int, batch: [DecoderRows], positions: [Int], rotary: RotaryTable,
    configuration: DecoderConfiguration
  ) {
    let epsilon = configuration.normEpsilon
    var projected = Linear.apply([queries, keys, values], to: x.rmsNorm(weight: attentionNorm, epsilon: epsilon))
    projected[0].rotate(heads: configuration.heads, positions: positions, table: rotary)
    projected[1].rotate(heads: configuration.keyValueHeads, positions: positions, table: rotary)
    for part in batch {
      part.cache.blocks(ofLayer: layer).last?.append(keys: projected[1], values: projected[2], rows: part.rows)
    }
    let attended = causalAttention(
      queries: projected[0], heads: configuration.heads, keyValueHeads: configuration.keyValueHeads,
      batch: batch.map { AttentionRows(rows: $0.rows, blocks: $0.cache.blocks(ofLayer: layer)) },
      scale: 1 / Float(configuration.headDimension).squareRoot())
    x.add(output(attended))

    var widened = Linear.apply([gate, up], to: x.rmsNorm(weight: feedForwardNorm, epsilon: epsilon))
    widened[0].silu(times: widened[1])
    x.add(down(widened[0]))
  }
}
