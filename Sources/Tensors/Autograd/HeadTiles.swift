import CKernels
import Glibc

/// The rows of a vocabulary's matrix, as many at a time as a thread works on.
struct HeadTiles {
  let head: WeightMatrix
  /// What the threads do apart, whatever their number.
  let parts: [Range<Int>]

  /// The most tokens of a tile.
  static let width = 512

  /// The tokens of a tile: fewer where the weights are widened, to find them in the cache afterwards.
  private var tileWidth: Int {
    head.format == .float32 ? Self.width : min(Self.width, max(256, (1 << 18) / max(1, head.inputs) / 32 * 32))
  }

  /// For products of `rows` rows.
  init(_ head: WeightMatrix, rows: Int) {
    self.head = head
    // Each part of the vocabulary has its own sum of gradients, which limits their number.
    let count = min(16, FixedParts.count(work: rows * head.inputs * head.outputs, most: max(1, head.outputs / 128)))
    parts = FixedParts.ranges(head.outputs, count: count, multiple: 32)
  }

  /// Calls `body` with the tokens of each tile of a part, and with their weights as float32 and the distance of rows.
  func forEach(in part: Range<Int>, _ body: (Range<Int>, UnsafePointer<Float>, Int) -> Void) {
    let inputs = head.inputs
    guard head.format != .float32 else {
      guard let weights = head.values.bytes.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
      for tile in tiles(of: part) { body(tile, weights + tile.lowerBound * inputs, inputs) }
      return
    }
    let stride = matmul_blocks(inputs) * 32
    var scratch = Tensor.unfilled([tileWidth, stride])
    guard let wide = scratch.fillingAddress else { return }
    for tile in tiles(of: part) {
      WeightTile(weight: head, outputs: tile, inputs: 0..<inputs).widen(to: wide, stride: stride)
      body(tile, UnsafePointer(wide), stride)
    }
    withExtendedLifetime((scratch, head)) {}
  }

  private func tiles(of part: Range<Int>) -> [Range<Int>] {
    stride(from: part.lowerBound, to: part.upperBound, by: tileWidth)
      .map { $0..<min($0 + tileWidth, part.upperBound) }
  }
}

/// A part of a softmax over the vocabulary, to be put together with others.
struct SoftmaxSum {
  /// The largest logit over the temperature, and its token, the first of equals.
  private(set) var largest = -Float.infinity
  private(set) var token = 0
  /// The sums of e and e z, for e = exp(z) and z = logit / temperature - largest.
  private(set) var sum = 0.0
  private(set) var weighted = 0.0

  init() {}

  /// Of `count` logits, the first of which is that of `token`.
  init(_ logits: UnsafePointer<Float>, count: Int, token: Int, inverseTemperature: Float) {
    var part = training_softmax()
    training_softmax_part(logits, count, inverseTemperature, &part)
    (largest, sum, weighted) = (part.largest, part.sum, part.weighted)
    self.token = token + part.place
  }

  /// Adds the sum over tokens that come after those here.
  mutating func add(_ other: SoftmaxSum) {
    guard other.sum != 0 else { return }
    guard sum != 0 else {
      self = other
      return
    }
    let most = other.largest > largest ? other.largest : largest
    let (lift, otherLift) = (Double(largest) - Double(most), Double(other.largest) - Double(most))
    weighted =
      exp(lift) * (weighted + lift * sum) + exp(otherLift) * (other.weighted + otherLift * other.sum)
    sum = exp(lift) * sum + exp(otherLift) * other.sum
    token = other.largest > largest ? other.token : token
    largest = most
  }

  /// The logarithm of a logit's share.
  func logProbability(of logit: Float, inverseTemperature: Float) -> Float {
    Float(Double(logit * inverseTemperature - largest) - log(sum))
  }

  /// In nats.
  var entropy: Float { Float(max(0, log(sum) - weighted / sum)) }
}
