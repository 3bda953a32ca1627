import Models
import Tensors

/// The audio tower and its projection on a tape: what ``AudioEncoder`` computes, with gradients.
struct PolicyEncoder {
  private let configuration: EncoderConfiguration
  private let positions: Tensor
  private let widening: LinearWeights
  private let halving: LinearWeights
  private let layers: [PolicyEncoderLayer]
  private let norm: (weight: VectorWeight, bias: VectorWeight)
  private let projection: LinearWeights

  /// `positions` as the engine's encoder has them.
  init(configuration: EncoderConfiguration, positions: Tensor, weights: PolicyWeights) throws {
    self.configuration = configuration
    self.positions = positions
    let tower = "audio_tower"
    widening = try weights.convolution("\(tower).conv1")
    halving = try weights.convolution("\(tower).conv2")
    layers = try (0..<configuration.layers).map {
      try PolicyEncoderLayer(weights: weights, prefix: "\(tower).layers.\($0)", heads: configuration.heads)
    }
    let isOmni = configuration.window != nil
    let normName = isOmni ? "\(tower).ln_post" : "\(tower).layer_norm"
    norm = (try weights.vector("\(normName).weight"), try weights.vector("\(normName).bias"))
    projection = try weights.linear(isOmni ? "\(tower).proj" : "multi_modal_projector.linear")
  }

  /// The rows of all clips one below the other, `[rows, decoder width]`; `groups` are the places in the step of the groups
  /// that the clips belong to.
  func rows(of clips: [EncoderInput], groups: [Int], recomputing: Bool, on tape: Tape) -> Variable {
    let rows = towerRows(of: clips, groups: groups, recomputing: recomputing, on: tape)
    return projected(rows, counts: clips.map { $0.halved.reduce(0, +) / 2 }, groups: groups, on: tape)
  }

  /// The same from what the tower makes of the clips, `counts` rows each.
  func projected(_ rows: Variable, counts: [Int], groups: [Int], on tape: Tape) -> Variable {
    tape.linear(rows, projection, numbers: numbers(counts, groups))
  }

  /// What the tower makes of all clips, `[rows, width]`, before the projection.
  func towerRows(of clips: [EncoderInput], groups: [Int], recomputing: Bool, on tape: Tape) -> Variable {
    var (segments, frames) = ([Range<Int>](), 0)
    for clip in clips {
      segments += clip.chunks.map { $0.lowerBound + frames..<$0.upperBound + frames }
      frames += clip.frames.rows
    }
    let (widened, halved) = (clips.flatMap(\.widened), clips.flatMap(\.halved))
    let input = Variable(Tensor(concatenatingRows: clips.map(\.frames)))
    let stem = { (tape: Tape, x: Variable) in
      let wide = tape.neighbourhoods(x, segments: segments, rowCounts: widened, stride: 1)
      let first = tape.gelu(tape.linear(wide, widening))
      let narrow = tape.neighbourhoods(first, segments: consecutive(widened), rowCounts: halved, stride: 2)
      return tape.gelu(tape.linear(narrow, halving))
    }
    var x =
      recomputing
      ? tape.recomputing(input, learns: widening.isTrained || halving.isTrained, stem) : stem(tape, input)
    x = tape.adding(positionRows(halved), to: x)
    let attending = clips.reduce(into: [Range<Int>]()) { ranges, clip in
      var start = ranges.last?.upperBound ?? 0
      for count in clip.halved {
        ranges.append(start..<start + count)
        start += count
      }
    }
    let numbers = numbers(clips.map { $0.halved.reduce(0, +) }, groups)
    for layer in layers {
      let compute = { (tape: Tape, x: Variable) in
        layer.applied(to: x, segments: attending, numbers: numbers, on: tape)
      }
      x = recomputing ? tape.recomputing(x, learns: layer.learns, compute) : compute(tape, x)
    }
    let pooled = tape.averagedPairs(x, rowCounts: clips.map { $0.halved.reduce(0, +) })
    // PyTorch's default epsilon, as in the engine.
    return tape.layerNorm(pooled, weight: norm.weight, bias: norm.bias, epsilon: 1e-5)
  }

  /// The numbers by which dropout knows the rows of each clip.
  private func numbers(_ counts: [Int], _ groups: [Int]) -> [Int] {
    zip(counts, groups).flatMap { PackedBatch.numbers(group: $1, count: $0) }
  }

  /// The positions of each segment, beginning anew with each.
  private func positionRows(_ counts: [Int]) -> Tensor {
    positions.rows(at: counts.flatMap { 0..<$0 })
  }
}

/// One layer of Whisper's encoder on a tape.
private struct PolicyEncoderLayer {
  private let heads: Int
  private let attentionNorm: (weight: VectorWeight, bias: VectorWeight)
  private let queries: LinearWeights
  private let keys: LinearWeights
  private let values: LinearWeights
  private let output: LinearWeights
  private let feedForwardNorm: (weight: VectorWeight, bias: VectorWeight)
  private let widening: LinearWeights
  private let narrowing: LinearWeights

  init(weights: PolicyWeights, prefix: String, heads: Int) throws {
    self.heads = heads
    func norm(_ name: String) throws -> (VectorWeight, VectorWeight) {
      (try weights.vector("\(prefix).\(name).weight"), try weights.vector("\(prefix).\(name).bias"))
    }
    attentionNorm = try norm("self_attn_layer_norm")
    queries = try weights.linear("\(prefix).self_attn.q_proj")
    keys = try weights.linear("\(prefix).self_attn.k_proj")
    values = try weights.linear("\(prefix).self_attn.v_proj")
    output = try weights.linear("\(prefix).self_attn.out_proj")
    feedForwardNorm = try norm("final_layer_norm")
    widening = try weights.linear("\(prefix).fc1")
    narrowing = try weights.linear("\(prefix).fc2")
  }

  /// Whether any weight of the layer is trained.
  var learns: Bool {
    [queries, keys, values, output, widening, narrowing].contains(where: \.isTrained)
      || [attentionNorm, feedForwardNorm].contains { $0.weight.isTrained || $0.bias.isTrained }
  }

  func applied(to x: Variable, segments: [Range<Int>], numbers: [Int], on tape: Tape) -> Variable {
    let normed = tape.layerNorm(x, weight: attentionNorm.weight, bias: attentionNorm.bias, epsilon: 1e-5)
    let projected = tape.linear(normed, [queries, keys, values], numbers: numbers)
    let attended = tape.attention(
      queries: projected[0], keys: projected[1], values: projected[2], heads: heads, keyValueHeads: heads,
      blocks: segments.map { AttentionBlock(queries: $0, keys: $0, isCausal: false) },
      scale: 1 / Float(projected[0].value.columns / heads).squareRoot())
    let x = tape.add(x, tape.linear(attended, output, numbers: numbers))
    let hidden = tape.gelu(
      tape.linear(
        tape.layerNorm(x, weight: feedForwardNorm.weight, bias: feedForwardNorm.bias, epsilon: 1e-5), widening,
        numbers: numbers))
    return tape.add(x, tape.linear(hidden, narrowing, numbers: numbers))
  }
}
