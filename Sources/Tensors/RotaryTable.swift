import CKernels
import Glibc
import Synchronization

/// Cosines and sines of rotary position embeddings (Su et al. 2021), float32 as transformers computes them: frequency i
/// is `1 / theta^(2i / headDimension)` and an angle is its product with the position, each rounded to float32.
///
/// They are computed as positions are asked for, once for all copies of a table.
public struct RotaryTable: Sendable {
  let headDimension: Int
  private let rows: RotaryRows

  /// A table for heads of an even dimension; `capacity` is how many positions are expected, but not a limit.
  public init(headDimension: Int, theta: Double, positions capacity: Int) {
    precondition(headDimension > 0 && headDimension % 2 == 0, "a head of \(headDimension) elements has no two halves")
    self.headDimension = headDimension
    rows = RotaryRows(headDimension: headDimension, theta: theta, capacity: capacity)
  }

  /// Cosines and sines for at least the positions below `count`, `[positions, headDimension / 2]` each.
  func angles(positions count: Int) -> (cosines: Tensor, sines: Tensor) { rows.first(count) }
}

/// The rows of a table so far.
private final class RotaryRows: Sendable {
  private let frequencies: [Float]
  private let capacity: Int
  private let computed: Mutex<(cosines: Tensor, sines: Tensor)>

  init(headDimension: Int, theta: Double, capacity: Int) {
    frequencies = (0..<headDimension / 2).map { index in
      let exponent = Float(2 * index) / Float(headDimension)
      return 1 / Float(pow(theta, Double(exponent)))
    }
    self.capacity = max(1, capacity)
    let none = Tensor(shape: [0, headDimension / 2])
    computed = Mutex((none, none))
  }

  func first(_ count: Int) -> (cosines: Tensor, sines: Tensor) {
    computed.withLock { computed in
      if computed.cosines.rows < count {
        let doubled = min(capacity, max(512, 2 * computed.cosines.rows))
        computed = grown(computed, to: max(count, doubled))
      }
      return computed
    }
  }

  private func grown(_ old: (cosines: Tensor, sines: Tensor), to rows: Int) -> (cosines: Tensor, sines: Tensor) {
    (grown(old.cosines, to: rows, Glibc.cos), grown(old.sines, to: rows, Glibc.sin))
  }

  private func grown(_ old: Tensor, to rows: Int, _ function: (Double) -> Double) -> Tensor {
    let columns = frequencies.count
    return old.withUnsafeElements { old in
      Tensor(shape: [rows, columns]) { new in
        _ = new.update(fromContentsOf: old)
        guard let new = new.baseAddress else { return }
        LoopSplit.forEach(rows - old.count / columns, elementsEach: 32 * columns) { range in
          for row in range.lowerBound + old.count / columns..<range.upperBound + old.count / columns {
            for column in 0..<columns {
              new[row * columns + column] = Float(function(Double(Float(row) * frequencies[column])))
            }
          }
        }
      }
    }
  }
}

extension Tensor {
  /// Turns each of `heads` heads of row i, `[rows, heads * headDimension]`, by the angles of `positions[i]`; element k
  /// of the first half of a head goes with element k of the second.
  public mutating func rotate(heads: Int, positions: [Int], table: RotaryTable) {
    let dimension = table.headDimension
    precondition(columns == heads * dimension, "\(columns) columns for \(heads) heads of \(dimension)")
    precondition(rows == positions.count, "\(positions.count) positions for \(rows) rows")
    precondition(positions.allSatisfy { $0 >= 0 }, "a position below 0")
    guard let last = positions.max() else { return }
    let (cosines, sines) = table.angles(positions: last + 1)
    let (columns, wide) = (columns, positions.map(Int64.init))
    withUnsafeMutableElements { x in
      cosines.withUnsafeElements { cosines in
        sines.withUnsafeElements { sines in
          wide.withUnsafeBufferPointer { positions in
            guard let x = x.baseAddress, let positions = positions.baseAddress else { return }
            LoopSplit.forEach(wide.count, elementsEach: columns) { range in
              transformer_rotate(
                x + range.lowerBound * columns, range.count, heads, dimension, positions + range.lowerBound,
                cosines.baseAddress, sines.baseAddress)
            }
          }
        }
      }
    }
  }
}
