import CKernels

extension Tensor {
  /// Each row less its mean, over its standard deviation, times `weight` plus `bias`, both `[columns]`; `epsilon` is
  /// added to the variance.
  public func layerNorm(weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
    precondition(weight.count == columns && bias.count == columns, "a norm of \(weight.count) for \(columns) columns")
    let columns = columns
    return weight.withUnsafeElements { weight in
      bias.withUnsafeElements { bias in
        mappingRows { x, rows, out in
          transformer_layer_norm(x, weight.baseAddress, bias.baseAddress, epsilon, rows, columns, out)
        }
      }
    }
  }

  /// Each row over its root mean square, times `weight` `[columns]`; `epsilon` is added to the mean square.
  public func rmsNorm(weight: Tensor, epsilon: Float) -> Tensor {
    precondition(weight.count == columns, "a norm of \(weight.count) for \(columns) columns")
    let columns = columns
    return weight.withUnsafeElements { weight in
      mappingRows { x, rows, out in
        transformer_rms_norm(x, weight.baseAddress, epsilon, rows, columns, out)
      }
    }
  }

  /// Row i is a copy of this tensor's row `places[i]`; a row may come several times.
  package func rows(at places: [Int]) -> Tensor {
    let columns = columns
    return Tensor(shape: [places.count, columns]) { target in
      LoopSplit.forEach(places.count, elementsEach: columns) { range in
        for index in range { copyRow(places[index], target[rowOf: index..<index + 1, columns]) }
      }
    }
  }

  /// The means of rows 0 and 1, 2 and 3, and so on, `[rows / 2, columns]`; an odd row at the end is left out.
  public func averagedPairs() -> Tensor {
    let (pairs, columns) = (rows / 2, columns)
    return withUnsafeElements { source in
      Tensor(shape: [pairs, columns]) { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        LoopSplit.forEach(pairs, elementsEach: 2 * columns) { range in
          transformer_average_pairs(
            source + 2 * range.lowerBound * columns, range.count, columns, target + range.lowerBound * columns)
        }
      }
    }
  }

  /// The logarithm of the sum of the exponentials of each row.
  public func logSumExp() -> [Float] {
    reducingRows(transformer_log_sum_exp)
  }

  /// The column of the largest element of each row, the first of equals.
  public func argmax() -> [Int] {
    precondition(columns > 0, "the largest of no elements")
    return reducingRows(transformer_argmax)
  }

  /// Whether no element is infinite or NaN.
  public var allFinite: Bool {
    withUnsafeElements { elements in
      guard let base = elements.baseAddress else { return true }
      let grain = LoopSplit.grain * 4
      let parts = [Bool](unsafeUninitializedCapacity: (elements.count + grain - 1) / grain) { parts, count in
        count = parts.count
        guard let found = parts.baseAddress else { return }
        LoopSplit.forEach(count, elementsEach: grain) { range in
          for part in range {
            let start = part * grain
            (found + part).initialize(
              to: transformer_all_finite(base + start, min(grain, elements.count - start)))
          }
        }
      }
      return parts.allSatisfy { $0 }
    }
  }

  /// A tensor of this shape, filled part by part: `body` gets the first of some rows here, how many, and where they go.
  private func mappingRows(
    _ body: (UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let (rows, columns) = (rows, columns)
    return withUnsafeElements { source in
      Tensor(shape: shape) { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        LoopSplit.forEach(rows, elementsEach: columns) { range in
          let start = range.lowerBound * columns
          body(source + start, range.count, target + start)
        }
      }
    }
  }

  /// What `body` makes of each row.
  private func reducingRows<Value: BitwiseCopyable>(_ body: (UnsafePointer<Float>, Int) -> Value) -> [Value] {
    let (rows, columns) = (rows, columns)
    return withUnsafeElements { source in
      [Value](unsafeUninitializedCapacity: rows) { values, count in
        count = rows
        guard let source = source.baseAddress, let values = values.baseAddress else { return }
        LoopSplit.forEach(rows, elementsEach: columns) { range in
          for row in range { (values + row).initialize(to: body(source + row * columns, columns)) }
        }
      }
    }
  }
}
