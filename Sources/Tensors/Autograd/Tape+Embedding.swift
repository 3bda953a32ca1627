import CKernels

extension Tape {
  /// The rows of `table` for `tokens`, `[tokens.count, hidden]`.
  public func embedding(_ tokens: [Int], _ table: MatrixWeight) -> Variable {
    let matrix = table.matrix
    let hidden = matrix.inputs
    precondition(tokens.allSatisfy { $0 >= 0 && $0 < matrix.outputs }, "a token beyond the \(matrix.outputs) there are")
    let value = Tensor(shape: [tokens.count, hidden]) { rows in
      LoopSplit.forEach(tokens.count, elementsEach: hidden) { range in
        for index in range { matrix.copyRow(tokens[index], to: rows[rowOf: index..<index + 1, hidden]) }
      }
    }
    return result(value, needsGradient: table.isTrained) { gradient in
      if case .trained(let parameter) = table { parameter.addRows(of: gradient, at: tokens) }
    }
  }
}

extension Parameter {
  /// Adds row i of `x` to row `places[i]` of the gradient, in the order of i.
  func addRows(of x: Tensor, at places: [Int]) {
    withUnsafeMutableGradient { x.addRows(to: $0, at: places) }
  }
}

extension Tensor {
  /// Adds row i to row `places[i]` of `sums`, which has as many columns, in the order of i.
  func addRows(to sums: UnsafeMutableBufferPointer<Float>, at places: [Int]) {
    let columns = columns
    withUnsafeElements { source in
      guard let from = source.baseAddress, let to = sums.baseAddress else { return }
      // Each thread has columns of its own, for rows may come twice.
      LoopSplit.forEach(columns, elementsEach: places.count) { range in
        for (row, place) in places.enumerated() {
          transformer_add(
            to + place * columns + range.lowerBound, from + row * columns + range.lowerBound, range.count)
        }
      }
    }
  }
}
