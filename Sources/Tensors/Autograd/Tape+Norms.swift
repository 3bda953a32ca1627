import CKernels

extension Tape {
  /// Each row over its root mean square, times `weight` `[columns]`; `epsilon` is added to the mean square.
  public func rmsNorm(_ x: Variable, weight: VectorWeight, epsilon: Float) -> Variable {
    let value = x.value.rmsNorm(weight: weight.value, epsilon: epsilon)
    return result(value, needsGradient: x.needsGradient || weight.isTrained) { gradient in
      NormGradient(x: x, weights: [weight], gradient: gradient) { x, gradient, rows, columns, out, sums in
        weight.value.withUnsafeElements { weight in
          transformer_rms_norm_backward(x, weight.baseAddress, gradient, epsilon, rows, columns, out, sums[0])
        }
      }.accumulate()
    }
  }

  /// Each row less its mean, over its standard deviation, times `weight` plus `bias`, both `[columns]`; `epsilon` is
  /// added to the variance.
  public func layerNorm(_ x: Variable, weight: VectorWeight, bias: VectorWeight, epsilon: Float) -> Variable {
    let value = x.value.layerNorm(weight: weight.value, bias: bias.value, epsilon: epsilon)
    let needsGradient = x.needsGradient || weight.isTrained || bias.isTrained
    return result(value, needsGradient: needsGradient) { gradient in
      NormGradient(x: x, weights: [weight, bias], gradient: gradient) { x, gradient, rows, columns, out, sums in
        weight.value.withUnsafeElements { weight in
          transformer_layer_norm_backward(
            x, weight.baseAddress, gradient, epsilon, rows, columns, out, sums[0], sums[1])
        }
      }.accumulate()
    }
  }
}

/// The way back through a norm of rows.
private struct NormGradient {
  typealias Step = (
    _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ rows: Int, _ columns: Int,
    _ out: UnsafeMutablePointer<Float>?, _ sums: [UnsafeMutablePointer<Float>?]
  ) -> Void

  let x: Variable
  let weights: [VectorWeight]
  let gradient: Tensor
  /// Writes the gradient of some rows, and adds those of the weights.
  let step: Step

  /// Rows whose sums are formed together, whatever the number of threads: so that the result is always the same.
  private static let part = 32

  private var columns: Int { x.value.columns }
  private var parts: Int { (x.value.rows + Self.part - 1) / Self.part }

  func accumulate() {
    // For each weight a row for each part.
    var sums = Tensor(shape: [weights.contains(where: \.isTrained) ? weights.count * parts : 0, columns])
    let change = Tensor(shape: x.needsGradient ? x.value.shape : [0]) { out in
      sums.withUnsafeMutableElements { run(out: x.needsGradient ? out.baseAddress : nil, sums: $0.baseAddress) }
    }
    if x.needsGradient { x.accumulate(change) }
    for (index, weight) in weights.enumerated() {
      if case .trained(let parameter) = weight { parameter.addSum(of: sums, rows: index * parts..<(index + 1) * parts) }
    }
  }

  private func run(out: UnsafeMutablePointer<Float>?, sums: UnsafeMutablePointer<Float>?) {
    let (rows, columns, parts) = (x.value.rows, columns, parts)
    x.value.withUnsafeElements { x in
      gradient.withUnsafeElements { gradient in
        guard let x = x.baseAddress, let gradient = gradient.baseAddress else { return }
        LoopSplit.forEach(parts, elementsEach: Self.part * columns) { range in
          for part in range {
            let first = part * Self.part
            let places = weights.indices.map { index in
              weights[index].isTrained ? sums.map { $0 + (index * parts + part) * columns } : nil
            }
            step(
              x + first * columns, gradient + first * columns, min(Self.part, rows - first), columns,
              out.map { $0 + first * columns }, places)
          }
        }
      }
    }
  }
}

extension Parameter {
  /// Adds the sum of `rows` of a matrix, in their order, to the gradient.
  fileprivate func addSum(of matrix: Tensor, rows: Range<Int>) {
    precondition(matrix.columns == count, "rows of \(matrix.columns) for \(count) elements")
    withUnsafeMutableGradient { gradient in
      matrix.withUnsafeElements { source in
        guard let gradient = gradient.baseAddress, let source = source.baseAddress else { return }
        for row in rows { transformer_add(gradient, source + row * matrix.columns, matrix.columns) }
      }
    }
  }
}
