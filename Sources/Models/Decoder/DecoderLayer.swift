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
  func apply(to x: inout Tensor, layer: Int, pass: DecoderPass) {
    let normed = x.rmsNorm(weight: attentionNorm, epsilon: pass.configuration.normEpsilon)
    let projected = Linear.apply([queries, keys, values], to: normed)
    store(keys: projected[1], values: projected[2], layer: layer, pass: pass)
    finish(&x, queries: projected[0], layer: layer, pass: pass)
  }

  /// The same for the last row of each sequence alone, `[sequences, hidden]`; keys and values are those of all rows.
  ///
  /// Behind the last layer, only the row that chooses the next token is of use.
  func appliedToLastRows(of x: Tensor, layer: Int, pass: DecoderPass) -> Tensor {
    let normed = x.rmsNorm(weight: attentionNorm, epsilon: pass.configuration.normEpsilon)
    let projected = Linear.apply([keys, values], to: normed)
    store(keys: projected[0], values: projected[1], layer: layer, pass: pass)
    let lastRows = pass.batch.map { $0.rows.upperBound - 1 }
    var last = x.rows(at: lastRows)
    finish(&last, queries: queries(normed.rows(at: lastRows)), layer: layer, pass: pass.lastRows)
    return last
  }

  private func store(keys: Tensor, values: Tensor, layer: Int, pass: DecoderPass) {
    var keys = keys
    keys.rotate(heads: pass.configuration.keyValueHeads, positions: pass.positions, table: pass.rotary)
    for part in pass.batch {
      part.cache.blocks(ofLayer: layer).last?.append(keys: keys, values: values, rows: part.rows)
    }
  }

  private func finish(_ x: inout Tensor, queries: Tensor, layer: Int, pass: DecoderPass) {
    let (configuration, epsilon) = (pass.configuration, pass.configuration.normEpsilon)
    var queries = queries
    queries.rotate(heads: configuration.heads, positions: pass.positions, table: pass.rotary)
    let attended = causalAttention(
      queries: queries, heads: configuration.heads, keyValueHeads: configuration.keyValueHeads,
      batch: pass.batch.map { AttentionRows(rows: $0.rows, blocks: $0.cache.blocks(ofLayer: layer)) },
      scale: 1 / Float(configuration.headDimension).squareRoot())
    x.add(output(attended))

    var widened = Linear.apply([gate, up], to: x.rmsNorm(weight: feedForwardNorm, epsilon: epsilon))
    widened[0].silu(times: widened[1])
    x.add(down(widened[0]))
  }
}

/// What the layers of one pass through the decoder have in common.
struct DecoderPass {
  var batch: [DecoderRows]
  /// Of each row.
  var positions: [Int]
  let rotary: RotaryTable
  let configuration: DecoderConfiguration

  /// The pass for the last row of each sequence alone.
  var lastRows: DecoderPass {
    var pass = self
    pass.positions = batch.map { positions[$0.rows.upperBound - 1] }
    pass.batch = batch.enumerated().map { DecoderRows(rows: $0..<$0 + 1, cache: $1.cache) }
    return pass
  }
}
