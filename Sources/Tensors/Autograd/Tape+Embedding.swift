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
    let columns = x.columns
    x.withUnsafeElements { x in
      withUnsafeMutableGradient { gradient in
        guard let from = x.baseAddress, let to = gradient.baseAddress else { return }
        // Each thread has columns of its own, for rows may come twice.
        LoopSplit.forEach(columns, elementsEach: places.count) { range in
          for (row, place) in places.enumerated() {
            let (source, target) = (row * columns + range.lowerBound, place * columns + range.lowerBound)
            transformer_add(to + target, from + source, range.count)
          }
        }
      }
    }
  }
}
