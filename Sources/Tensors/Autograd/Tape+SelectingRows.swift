extension Tape {
  /// These rows of `x` in this order, `[indices.count, columns]`; a row may be asked for more than once.
  public func selectingRows(of x: Variable, _ indices: [Int]) -> Variable {
    let (rows, columns) = (x.value.rows, x.value.columns)
    precondition(indices.allSatisfy { (0..<rows).contains($0) }, "rows beyond the \(rows) there are")
    let selected = x.value.withUnsafeElements { source in
      Tensor(shape: [indices.count, columns]) { target in
        for (place, index) in indices.enumerated() {
          _ = target[(place * columns)...].update(fromContentsOf: source[index * columns..<(index + 1) * columns])
        }
      }
    }
    return result(selected, needsGradient: x.needsGradient) { gradient in
      var sum = Tensor(shape: [rows, columns])
      sum.withUnsafeMutableElements { target in
        gradient.withUnsafeElements { source in
          for (place, index) in indices.enumerated() {
            for column in 0..<columns { target[index * columns + column] += source[place * columns + column] }
          }
        }
      }
      x.accumulate(sum)
    }
  }
}
