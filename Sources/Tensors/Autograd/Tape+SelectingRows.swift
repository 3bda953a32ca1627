extension Tape {
  /// These rows of `x` in this order, `[indices.count, columns]`; a row may be asked for more than once.
  public func selectingRows(of x: Variable, _ indices: [Int]) -> Variable {
    let rows = x.value.matrixRows
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "rows beyond the \(rows) there are")
    return result(x.value.rows(at: indices), needsGradient: x.needsGradient) { [x = x.sink] gradient in
      var sum = Tensor(shape: x.shape)
      let columns = gradient.columns
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
