package import Tensors

/// A convolution over time with a kernel of three taps and one frame of zero padding at both ends, as a matrix product.
package struct Convolution: Sendable {
  private let linear: Linear
  private let stride: Int

  /// From PyTorch's `weight` `[outputs, inputs, 3]` and `bias` `[outputs]`.
  init(weight: Tensor, bias: Tensor, stride: Int) {
    self.init(taps: WeightMatrix(Self.taps(of: weight)), bias: bias, stride: stride)
  }

  /// From the taps as ``taps(of:)`` arranges them.
  init(taps: WeightMatrix, bias: Tensor, stride: Int) {
    linear = Linear(weight: taps, bias: bias)
    self.stride = stride
  }

  /// PyTorch's `[outputs, inputs, 3]` as the matrix `[outputs, 3 * inputs]` of a product with three frames in a row.
  package static func taps(of weight: Tensor) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    return Tensor(shape: [outputs, 3 * inputs]) { elements in
      weight.withUnsafeElements { weight in
        for output in 0..<outputs {
          for input in 0..<inputs {
            for tap in 0..<3 {
              elements[(output * 3 + tap) * inputs + input] = weight[(output * inputs + input) * 3 + tap]
            }
          }
        }
      }
    }
  }

  /// The inverse of ``taps(of:)``.
  package static func weight(ofTaps taps: Tensor) -> Tensor {
    let (outputs, inputs) = (taps.shape[0], taps.shape[1] / 3)
    return Tensor(shape: [outputs, inputs, 3]) { elements in
      taps.withUnsafeElements { taps in
        for output in 0..<outputs {
          for input in 0..<inputs {
            for tap in 0..<3 {
              elements[(output * inputs + input) * 3 + tap] = taps[(output * 3 + tap) * inputs + input]
            }
          }
        }
      }
    }
  }

  /// The first `rows` frames of the result `[rows, outputs]` for `frames` `[count, inputs]`.
  ///
  /// What lies before the first and after the last frame of each of `segments` counts as zero; a segment of n frames
  /// becomes `rowCounts[i]` rows, of which there are at most (n - 1) / stride + 1.
  func callAsFunction(_ frames: Tensor, segments: [Range<Int>], rowCounts: [Int]) -> Tensor {
    linear(frames.neighbourhoods(segments: segments, rowCounts: rowCounts, stride: stride))
  }
}
