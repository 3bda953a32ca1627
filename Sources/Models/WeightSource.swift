import Tensors

/// Hands out a checkpoint's weights in the number format they are to be held in.
struct WeightSource: Sendable {
  private let checkpoint: Checkpoint
  private let format: WeightFormat?

  /// `format` `nil` keeps what the files hold.
  init(checkpoint: Checkpoint, format: WeightFormat?) {
    self.checkpoint = checkpoint
    self.format = format
  }

  func tensor(_ name: String) throws(CheckpointError) -> Tensor { try checkpoint.tensor(name) }

  func contains(_ name: String) -> Bool { checkpoint.contains(name) }

  /// A matrix in the format asked for; never in a larger one than the file's.
  func matrix(_ name: String, atLeast least: WeightFormat = .int4) throws(CheckpointError) -> WeightMatrix {
    let stored = try checkpoint.matrix(name)
    guard let format else { return stored }
    let wanted = format.bitsPerWeight < least.bitsPerWeight ? least : format
    let widening = format == .float32 && stored.format == .bfloat16
    return wanted.bitsPerWeight < stored.format.bitsPerWeight || widening ? stored.converted(to: wanted) : stored
  }

  /// The layer `name.weight`, with `name.bias` where there is one.
  func linear(_ name: String) throws(CheckpointError) -> Linear {
    Linear(
      weight: try matrix("\(name).weight"),
      bias: contains("\(name).bias") ? try tensor("\(name).bias") : nil)
  }
}

extension WeightFormat {
  /// The size of one weight without its share of a scale.
  var bitsPerWeight: Int {
    switch self {
    case .float32: 32
    case .bfloat16: 16
    case .int8: 8
    case .int4: 4
    }
  }
}
