import Models
import Tensors

/// Qwen2's decoder on a tape: what ``Decoder`` computes, for groups of completions, with gradients.
struct PolicyDecoder {
  private let configuration: DecoderConfiguration
  private let embedding: MatrixWeight
  private let layers: [PolicyDecoderLayer]
  private let norm: VectorWeight
  let head: MatrixWeight
  private let rotary: RotaryTable

  init(configuration: DecoderConfiguration, weights: PolicyWeights) throws {
    self.configuration = configuration
    embedding = try weights.matrix("decoder.embed_tokens.weight", atLeast: .int8)
    layers = try (0..<configuration.layers).map {
      try PolicyDecoderLayer(weights: weights, prefix: "decoder.layers.\($0)")
    }
    norm = try weights.vector("decoder.norm.weight")
    let headName = "decoder.lm_head.weight"
    head = weights.contains(headName) ? try weights.matrix(headName, atLeast: .int8) : embedding
    rotary = RotaryTable(
      headDimension: configuration.headDimension, theta: configuration.ropeTheta,
      positions: configuration.maximumPositions)
  }

  /// The hidden states behind the final norm of the rows that predict something, `[predictingRows.count, hidden]`.
  ///
  /// `audio` holds the encoder's rows `[places, hidden]` for the places of the batch's audio tokens, in order.
  func hiddenStates(
    of batch: PackedBatch, audio: (rows: Variable, places: [Int])?, recomputing: Bool, on tape: Tape
  ) -> Variable {
    var x = tape.embedding(batch.tokens, embedding)
    if let audio { x = tape.replacingRows(of: x, at: audio.places, with: audio.rows) }
    let pass = PolicyDecoderPass(batch: batch, rotary: rotary, configuration: configuration)
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let compute = { (tape: Tape, x: Variable) in
        isLast ? layer.appliedToPredictingRows(of: x, pass, on: tape) : layer.applied(to: x, pass, on: tape)
      }
      x = recomputing ? tape.recomputing(x, learns: layer.learns, compute) : compute(tape, x)
    }
    return tape.rmsNorm(x, weight: norm, epsilon: configuration.normEpsilon)
  }
}

/// What the layers of one pass have in common.
struct PolicyDecoderPass {
  let batch: PackedBatch
  let rotary: RotaryTable
  let configuration: DecoderConfiguration
}

/// One layer of Qwen2's decoder on a tape.
struct PolicyDecoderLayer {
  private let attentionNorm: VectorWeight
  private let queries: LinearWeights
  private let keys: LinearWeights
  private let values: LinearWeights
  private let output: LinearWeights
  private let feedForwardNorm: VectorWeight
  private let gate: LinearWeights
  private let up: LinearWeights
  private let down: LinearWeights

  init(weights: PolicyWeights, prefix: String) throws {
    attentionNorm = try weights.vector("\(prefix).input_layernorm.weight")
    queries = try weights.linear("\(prefix).self_attn.q_proj")
    keys = try weights.linear("\(prefix).self_attn.k_proj")
    values = try weights.linear("\(prefix).self_attn.v_proj")
    output = try weights.linear("\(prefix).self_attn.o_proj")
    feedForwardNorm = try weights.vector("\(prefix).post_attention_layernorm.weight")
    gate = try weights.linear("\(prefix).mlp.gate_proj")
    up = try weights.linear("\(prefix).mlp.up_proj")
    down = try weights.linear("\(prefix).mlp.down_proj")
  }

  /// Whether any weight of the layer is trained.
  var learns: Bool {
    [queries, keys, values, output, gate, up, down].contains(where: \.isTrained) || attentionNorm.isTrained
      || feedForwardNorm.isTrained
  }

  /// `[rows, hidden]` to the same.
  func applied(to x: Variable, _ pass: PolicyDecoderPass, on tape: Tape) -> Variable {
    let normed = tape.rmsNorm(x, weight: attentionNorm, epsilon: pass.configuration.normEpsilon)
    let projected = tape.linear(normed, [queries, keys, values], numbers: pass.batch.numbers)
    let attended = attention(
      (projected[0], pass.batch.positions), keys: projected[1], values: projected[2], blocks: pass.batch.blocks, pass,
      on: tape)
    return finished(x, attended: attended, numbers: pass.batch.numbers, pass, on: tape)
  }

  /// The same for the rows that predict something alone: behind the last layer no other row is of use.
  func appliedToPredictingRows(of x: Variable, _ pass: PolicyDecoderPass, on tape: Tape) -> Variable {
    let (batch, rows) = (pass.batch, pass.batch.predictingRows)
    let normed = tape.rmsNorm(x, weight: attentionNorm, epsilon: pass.configuration.normEpsilon)
    let projected = tape.linear(normed, [keys, values], numbers: batch.numbers)
    let numbers = rows.map { batch.numbers[$0] }
    let asked = tape.linear(tape.selectingRows(of: normed, rows), queries, numbers: numbers)
    let attended = attention(
      (asked, rows.map { batch.positions[$0] }), keys: projected[0], values: projected[1],
      blocks: batch.predictingBlocks, pass, on: tape)
    return finished(tape.selectingRows(of: x, rows), attended: attended, numbers: numbers, pass, on: tape)
  }

  private func attention(
    _ queries: (rows: Variable, positions: [Int]), keys: Variable, values: Variable, blocks: [AttentionBlock],
    _ pass: PolicyDecoderPass, on tape: Tape
  ) -> Variable {
    let configuration = pass.configuration
    let (heads, keyHeads) = (configuration.heads, configuration.keyValueHeads)
    return tape.attention(
      queries: tape.rotary(queries.rows, heads: heads, positions: queries.positions, table: pass.rotary),
      keys: tape.rotary(keys, heads: keyHeads, positions: pass.batch.positions, table: pass.rotary), values: values,
      heads: heads, keyValueHeads: keyHeads, blocks: blocks,
      scale: 1 / Float(configuration.headDimension).squareRoot())
  }

  private func finished(
    _ x: Variable, attended: Variable, numbers: [Int], _ pass: PolicyDecoderPass, on tape: Tape
  ) -> Variable {
    let x = tape.add(x, tape.linear(attended, output, numbers: numbers))
    let normed = tape.rmsNorm(x, weight: feedForwardNorm, epsilon: pass.configuration.normEpsilon)
    let widened = tape.linear(normed, [gate, up], numbers: numbers)
    return tape.add(x, tape.linear(tape.silu(widened[0], times: widened[1]), down, numbers: numbers))
  }
}
