extension Tape {
  /// `x` with row i of `rows` in place of its row `places[i]`; the places differ.
  public func replacingRows(of x: Variable, at places: [Int], with rows: Variable) -> Variable {
    let count = x.value.matrixRows
    precondition(places.count == rows.value.matrixRows, "\(rows.value.matrixRows) rows for \(places.count) places")
    precondition(x.value.columns == rows.value.columns, "rows of \(rows.value.columns) columns for \(x.value.columns)")
    precondition(places.allSatisfy { $0 >= 0 && $0 < count }, "a place beyond \(count) rows")
    precondition(Set(places).count == places.count, "a place comes twice")
    var value = x.value
    value.replaceRows(at: places) { rows.value.copyRow($0, $1) }
    return result(value, needsGradient: x.needsGradient || rows.needsGradient) {
      [x = x.sink, rows = rows.sink] gradient in
      if rows.needsGradient { rows.accumulate(gradient.rows(at: places)) }
      guard x.needsGradient else { return }
      var rest = gradient
      rest.replaceRows(at: places) { $1.update(repeating: 0) }
      x.accumulate(rest)
    }
  }
}

extension Tensor {
  /// Copies a row over `target`.
  func copyRow(_ row: Int, _ target: UnsafeMutableBufferPointer<Float>) {
    withUnsafeElements { elements in
      _ = target.update(fromContentsOf: elements[row * columns..<(row + 1) * columns])
    }
  }

  /// Calls `write` with each index of `places` and the row there, which it writes.
  fileprivate mutating func replaceRows(at places: [Int], _ write: (Int, UnsafeMutableBufferPointer<Float>) -> Void) {
    let columns = columns
    withUnsafeMutableElements { elements in
      LoopSplit.forEach(places.count, elementsEach: columns) { range in
        for index in range { write(index, elements[rowOf: places[index]..<places[index] + 1, columns]) }
      }
    }
  }
}
