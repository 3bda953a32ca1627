import Audio
public import Tensors

/// The audio tower and its projection: log-mel frames in, one row of the decoder's width per 40 ms out.
///
/// Whisper's encoder, followed by an average over pairs of rows, a layer norm and a linear projection. Two families use
/// it: Qwen2-Audio lets a clip attend to itself whole; Qwen2.5-Omni cuts it into windows of two seconds, each with
/// positions of its own (transformers 5.23, `Qwen2AudioEncoder` and `Qwen2_5OmniAudioEncoder`).
public struct AudioEncoder: Sendable {
  /// The layout of the tower.
  public let configuration: EncoderConfiguration
  private let frontEnd: LogMel
  private let widening: Convolution
  private let halving: Convolution
  /// `[count, width]`, added to the rows that enter the first layer; each segment begins anew.
  package let positions: Tensor
  private let layers: [EncoderLayer]
  private let norm: LayerNorm
  private let projection: Linear

  init(configuration: EncoderConfiguration, weights: WeightSource) throws(CheckpointError) {
    self.configuration = configuration
    frontEnd = LogMel(bands: configuration.melBands)
    let tower = "audio_tower"
    widening = try weights.convolution("\(tower).conv1", stride: 1)
    halving = try weights.convolution("\(tower).conv2", stride: 2)
    var layers: [EncoderLayer] = []
    for layer in 0..<configuration.layers {
      layers.append(
        try EncoderLayer(weights: weights, prefix: "\(tower).layers.\(layer)", heads: configuration.heads))
    }
    self.layers = layers
    if let window = configuration.window {
      positions = sinusoids(count: window, width: configuration.width)
      norm = try LayerNorm(weights: weights, name: "\(tower).ln_post")
      projection = try weights.linear("\(tower).proj")
    } else {
      positions = try weights.tensor("\(tower).embed_positions.weight")
      norm = try LayerNorm(weights: weights, name: "\(tower).layer_norm")
      projection = try weights.linear("multi_modal_projector.linear")
    }
  }

  /// The longest clip, in samples at 16 kHz.
  public var maximumSamples: Int { configuration.maximumSamples }

  /// The number of rows, and so of placeholder tokens, of a clip of `samples` samples; 0 where it is too short.
  public func rowCount(samples: Int) -> Int { rowCount(frames: LogMel.validFrames(samples: samples)) }

  private func rowCount(frames: Int) -> Int { convolvedCount(frames: frames) / 2 }

  private func convolvedCount(frames: Int) -> Int { frames == 0 ? 0 : (frames - 1) / 2 + 1 }

  /// One tensor `[rows, decoder width]` per clip of mono samples at 16 kHz.
  ///
  /// A clip is worked on for its own length only, and its result does not depend on the others. No clip may be shorter
  /// than one row or longer than ``maximumSamples``.
  public func callAsFunction(_ clips: [[Float]]) -> [Tensor] {
    let parts = clips.map { clip in
      precondition(rowCount(samples: clip.count) > 0 && clip.count <= maximumSamples, "a clip of \(clip.count) samples")
      return stem(clip)
    }
    let rowCounts = parts.map { $0.rows.rows }
    var x = Tensor(concatenatingRows: parts.map(\.rows))
    var segments: [Range<Int>] = []
    for part in parts {
      let start = segments.last?.upperBound ?? 0
      segments += part.segments.map { start + $0.lowerBound..<start + $0.upperBound }
    }
    for layer in layers { layer.apply(to: &x, segments: segments) }
    return project(x, rowCounts: rowCounts)
  }

  private func project(_ x: Tensor, rowCounts: [Int]) -> [Tensor] {
    var start = 0
    let pooled = rowCounts.map { count in
      defer { start += count }
      return x.rows(start..<start + count).averagedPairs()
    }
    let projected = projection(norm(Tensor(concatenatingRows: pooled)))
    start = 0
    return pooled.map { part in
      defer { start += part.rows }
      return projected.rows(start..<start + part.rows)
    }
  }

  /// The rows that enter the first layer, positions added, and the segments that attend to themselves.
  private func stem(_ clip: [Float]) -> (rows: Tensor, segments: [Range<Int>]) {
    let input = input(clip)
    var x = widening(input.frames, segments: input.chunks, rowCounts: input.widened)
    x.gelu()
    x = halving(x, segments: consecutive(input.widened), rowCounts: input.halved)
    x.gelu()
    let segments = consecutive(input.halved)
    addPositions(to: &x, segments: segments)
    return (x, segments)
  }

  /// What the convolutions work on.
  package func input(_ clip: [Float]) -> EncoderInput {
    let valid = LogMel.validFrames(samples: clip.count)
    let rowCount = convolvedCount(frames: valid)
    let window = configuration.window.map { $0 * 2 }
    // Whisper's frames go on after the sound: the last row that holds sound sees two of them.
    let frameCount = window == nil ? min(2 * rowCount + 1, maximumSamples / 160) : valid
    let chunks = pieces(of: frameCount, length: window ?? frameCount)
    let widened = window == nil ? [min(2 * rowCount, frameCount)] : chunks.map(\.count)
    return EncoderInput(
      frames: frontEnd(clip, paddedTo: maximumSamples, frames: frameCount).transposed(), chunks: chunks,
      widened: widened, halved: window == nil ? [rowCount] : widened.map { ($0 - 1) / 2 + 1 })
  }

  private func addPositions(to x: inout Tensor, segments: [Range<Int>]) {
    let width = x.columns
    positions.withUnsafeElements { positions in
      x.withUnsafeMutableElements { x in
        for segment in segments {
          for index in 0..<segment.count * width { x[segment.lowerBound * width + index] += positions[index] }
        }
      }
    }
  }
}

/// A clip as the encoder's convolutions take it.
package struct EncoderInput: Sendable {
  /// Log-mel, `[frames, bands]`.
  package var frames: Tensor
  /// The frames that are convolved with each other.
  package let chunks: [Range<Int>]
  /// The rows of each chunk behind the first convolution, and behind the second.
  package let widened: [Int]
  package let halved: [Int]
}

/// Ranges of at most `length` that follow each other from 0 to `count`.
private func pieces(of count: Int, length: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
}

/// Ranges of these lengths that follow each other from 0.
package func consecutive(_ counts: [Int]) -> [Range<Int>] {
  var start = 0
  return counts.map { count in
    defer { start += count }
    return start..<start + count
  }
}

extension EncoderConfiguration {
  /// The longest clip, in samples at 16 kHz: half a minute for Qwen2-Audio, five minutes for Qwen2.5-Omni.
  public var maximumSamples: Int {
    // The feature extractors' chunk_length: Whisper's is what its positions cover, Omni's 300 s.
    window == nil ? maximumPositions * 320 : 4_800_000
  }
}
