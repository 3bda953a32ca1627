package import Tensors

/// Weights that somebody holds in place of those of a checkpoint's files: what is trained, and what was converted once
/// for several users.
package struct HeldWeights: Sendable {
  package var matrices: [String: WeightMatrix] = [:]
  package var tensors: [String: Tensor] = [:]
  /// Additions to layers, by the layers' names.
  package var adapters: [String: LowRankFactors] = [:]

  package init() {}
}

/// Hands out a checkpoint's weights in the number format they are to be held in.
package struct WeightSource: Sendable {
  private let checkpoint: Checkpoint
  private let format: WeightFormat?
  private let held: HeldWeights

  /// `format` `nil` keeps what the files hold.
  package init(checkpoint: Checkpoint, format: WeightFormat?, held: HeldWeights = HeldWeights()) {
    self.checkpoint = checkpoint
    self.format = format
    self.held = held
  }

  package func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    if let tensor = held.tensors[name] { return tensor }
    return try checkpoint.tensor(name)
  }

  package func contains(_ name: String) -> Bool { checkpoint.contains(name) }

  /// A matrix in the format asked for; never in a larger one than the file's.
  package func matrix(_ name: String, atLeast least: WeightFormat = .int4) throws(CheckpointError) -> WeightMatrix {
    if let matrix = held.matrices[name] { return matrix }
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
      bias: contains("\(name).bias") ? try tensor("\(name).bias") : nil,
      adapter: held.adapters[name])
  }

  /// The convolution `name`, whose taps may be held as a matrix (see ``Convolution/taps(of:)``).
  func convolution(_ name: String, stride: Int) throws(CheckpointError) -> Convolution {
    let bias = try tensor("\(name).bias")
    if let taps = held.matrices["\(name).weight"] { return Convolution(taps: taps, bias: bias, stride: stride) }
    return Convolution(weight: try tensor("\(name).weight"), bias: bias, stride: stride)
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
