import CKernels

extension Tape {
  /// The means of rows 0 and 1, 2 and 3, and so on, of each segment: consecutive ones of `rowCounts[i]` rows, which
  /// together are all rows. A segment of n rows becomes n / 2, the odd one at its end is left out.
  public func averagedPairs(_ x: Variable, rowCounts: [Int]) -> Variable {
    precondition(rowCounts.allSatisfy { $0 >= 0 }, "a segment of less than no rows")
    let (rows, columns) = (rowCounts.reduce(0, +), x.value.columns)
    precondition(rows == x.value.rows, "segments of \(rows) rows for \(x.value.rows)")
    let pairs = PairedSegment.all(rowCounts)
    let value = x.value.withUnsafeElements { source in
      Tensor(shape: [rowCounts.reduce(0) { $0 + $1 / 2 }, columns]) { out in
        guard let source = source.baseAddress, let out = out.baseAddress else { return }
        PairedSegment.forEach(pairs, columns: columns) { row, pair, count in
          transformer_average_pairs(source + row * columns, count, columns, out + pair * columns)
        }
      }
    }
    return result(value, needsGradient: x.needsGradient) { [x = x.sink] gradient in
      let shape = x.shape
      let halves = gradient.withUnsafeElements { gradient in
        Tensor(shape: shape) { out in
          guard let out = out.baseAddress, let gradient = gradient.baseAddress else { return }
          PairedSegment.forEach(pairs, columns: columns) { row, pair, count in
            transformer_halve_to_pairs(gradient + pair * columns, count, columns, out + row * columns)
          }
          for segment in pairs where segment.isOdd {
            (out + (segment.firstRow + 2 * segment.count) * columns).update(repeating: 0, count: columns)
          }
        }
      }
      x.accumulate(halves)
    }
  }
}

/// Rows of which each two make one.
private struct PairedSegment {
  var firstRow: Int
  var firstPair: Int
  /// The number of pairs.
  var count: Int
  var isOdd: Bool

  static func all(_ rowCounts: [Int]) -> [PairedSegment] {
    var (row, pair) = (0, 0)
    return rowCounts.map { rows in
      defer { (row, pair) = (row + rows, pair + rows / 2) }
      return PairedSegment(firstRow: row, firstPair: pair, count: rows / 2, isOdd: rows % 2 == 1)
    }
  }

  /// Calls `body` with the first row, the first pair and the count of pairs, from several threads.
  static func forEach(_ segments: [PairedSegment], columns: Int, _ body: (Int, Int, Int) -> Void) {
    let pairs = segments.last.map { $0.firstPair + $0.count } ?? 0
    let grain = max(1, LoopSplit.grain / max(1, 2 * columns))
    let parts = segments.flatMap { segment in
      stride(from: 0, to: segment.count, by: grain).map { start in
        (segment.firstRow + 2 * start, segment.firstPair + start, min(grain, segment.count - start))
      }
    }
    LoopSplit.forEach(parts.count, elementsEach: 2 * columns * pairs / max(1, parts.count)) { range in
      for part in range { body(parts[part].0, parts[part].1, parts[part].2) }
    }
  }
}
