package import Tensors

extension Tensor {
  /// The rows of `parts`, which have the same width, one below the other.
  package init(concatenatingRows parts: [Tensor]) {
    if parts.count == 1, let only = parts.first, only.shape.count == 2 {
      self = only
      return
    }
    let width = parts.first?.columns ?? 0
    self.init(shape: [parts.reduce(0) { $0 + $1.rows }, width]) { elements in
      var start = 0
      for part in parts {
        precondition(part.columns == width, "rows of \(part.columns) under rows of \(width)")
        part.withUnsafeElements { _ = elements[start...].update(fromContentsOf: $0) }
        start += part.count
      }
    }
  }

  /// `[rows, columns]` as `[columns, rows]`.
  package func transposed() -> Tensor {
    let (rows, columns) = (rows, columns)
    return withUnsafeElements { source in
      Tensor(shape: [columns, rows]) { elements in
        for row in 0..<rows {
          for column in 0..<columns { elements[column * rows + row] = source[row * columns + column] }
        }
      }
    }
  }
}
