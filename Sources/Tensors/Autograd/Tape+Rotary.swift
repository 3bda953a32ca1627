import CKernels

extension Tape {
  /// Turns each of `heads` heads of row i, `[rows, heads * headDimension]`, by the angles of `positions[i]` (rotary
  /// position embedding, Su et al. 2021).
  public func rotary(_ x: Variable, heads: Int, positions: [Int], table: RotaryTable) -> Variable {
    var value = x.value
    value.rotate(heads: heads, positions: positions, table: table)
    return result(value, needsGradient: x.needsGradient) { [x = x.sink] gradient in
      x.accumulate(gradient.rotatedBack(heads: heads, positions: positions, table: table))
    }
  }
}

extension Tensor {
  /// What ``rotate(heads:positions:table:)`` turns into this.
  fileprivate func rotatedBack(heads: Int, positions: [Int], table: RotaryTable) -> Tensor {
    let (cosines, sines) = table.angles(positions: (positions.max() ?? -1) + 1)
    let (columns, dimension, wide) = (columns, table.headDimension, positions.map(Int64.init))
    return Tensor(shape: shape) { out in
      withUnsafeElements { source in
        cosines.withUnsafeElements { cosines in
          sines.withUnsafeElements { sines in
            wide.withUnsafeBufferPointer { positions in
              guard let x = source.baseAddress, let out = out.baseAddress, let positions = positions.baseAddress else {
                return
              }
              LoopSplit.forEach(wide.count, elementsEach: columns) { range in
                let first = range.lowerBound
                transformer_rotate_back(
                  x + first * columns, range.count, heads, dimension, positions + first, cosines.baseAddress,
                  sines.baseAddress, out + first * columns)
              }
            }
          }
        }
      }
    }
  }
}
