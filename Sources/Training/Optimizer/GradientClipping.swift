import CKernels
public import Tensors

/// Scales the gradients so that all of them together have at most the Euclidean norm `maximumNorm`, and returns the
/// norm they had, as torch.nn.utils.clip_grad_norm_ does.
///
/// A norm that is infinite or NaN is returned as such, with the gradients as they are: a step with them is of no use.
public func clipGradients(_ parameters: [Parameter], maximumNorm: Double) -> Double {
  precondition(maximumNorm >= 0, "a largest norm of \(maximumNorm)")
  let norm = gradientNorm(parameters)
  // torch divides by the norm plus this.
  let factor = maximumNorm / (norm + 1e-6)
  if norm.isFinite, factor < 1 {
    for parameter in parameters { parameter.scaleGradient(by: Float(factor)) }
  }
  return norm
}

/// The Euclidean norm of all gradients together; the same to the bit whatever the threads do.
public func gradientNorm(_ parameters: [Parameter]) -> Double {
  parameters.reduce(0) { $0 + $1.sumOfSquaredGradients }.squareRoot()
}

extension Parameter {
  fileprivate func scaleGradient(by factor: Float) {
    withUnsafeMutableGradient { gradient in
      guard let base = gradient.baseAddress else { return }
      Parallel.forEach(gradient.count, grain: 65_536) { training_scale(base + $0.lowerBound, $0.count, factor) }
    }
  }

  /// Sums of a fixed portion each, added in their order.
  fileprivate var sumOfSquaredGradients: Double {
    let portion = 65_536
    return gradient.withUnsafeElements { gradient in
      guard let base = gradient.baseAddress else { return 0 }
      var sums = [Double](repeating: 0, count: (gradient.count + portion - 1) / portion)
      sums.withUnsafeMutableBufferPointer { sums in
        Parallel.forEach(sums.count) { range in
          for index in range {
            let start = index * portion
            sums[index] = training_sum_of_squares(base + start, min(portion, gradient.count - start))
          }
        }
      }
      return sums.reduce(0, +)
    }
  }
}
