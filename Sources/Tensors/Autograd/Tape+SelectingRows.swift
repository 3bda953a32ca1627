extension Tape {
  /// These rows of `x` in this order, `[indices.count, columns]`; a row may be asked for more than once.
  public func selectingRows(of x: Variable, _ indices: [Int]) -> Variable {
    let rows = x.value.matrixRows
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "rows beyond the \(rows) there are")
    return result(x.value.rows(at: indices), needsGradient: x.needsGradient) { [x = x.sink] gradient in
      var sum = Tensor(shape: x.shape)
      sum.withUnsafeMutableElements { gradient.addRows(to: $0, at: indices) }
      x.accumulate(sum)
    }
  }
}
