import CKernels

extension Tensor {
  /// Adds `other`, of the same shape.
  public mutating func add(_ other: Tensor) {
    precondition(shape == other.shape, "\(other.shape) cannot be added to \(shape)")
    other.withUnsafeElements { other in
      forEachPart { x, range in
        guard let y = other.baseAddress else { return }
        transformer_add(x + range.lowerBound, y + range.lowerBound, range.count)
      }
    }
  }

  /// Replaces each x by the Gaussian error linear unit `x/2 (1 + erf(x / sqrt 2))`.
  public mutating func gelu() {
    forEachPart { x, range in transformer_gelu(x + range.lowerBound, range.count) }
  }

  /// Replaces each x by `x / (1 + exp(-x)) y`, the gate of SwiGLU, for the y of `other` at the same place.
  public mutating func silu(times other: Tensor) {
    precondition(shape == other.shape, "\(other.shape) cannot be multiplied with \(shape)")
    other.withUnsafeElements { other in
      forEachPart { x, range in
        guard let y = other.baseAddress else { return }
        transformer_silu_times(x + range.lowerBound, y + range.lowerBound, range.count)
      }
    }
  }

  /// Calls `body`, from several threads where there is much to do, with ranges that cover all elements.
  private mutating func forEachPart(_ body: (UnsafeMutablePointer<Float>, Range<Int>) -> Void) {
    withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress, elements.count > 0 else { return }
      LoopSplit.forEach(elements.count, elementsEach: 1) { range in body(base, range) }
    }
  }
}

/// How a loop over elements is shared between threads.
enum LoopSplit {
  /// The elements that one thread should get at the least: fewer take less time than waking a thread.
  static let grain = 16_384

  /// Calls `body` with ranges that cover `0..<count`, for indices that stand for `elementsEach` elements.
  static func forEach(_ count: Int, elementsEach: Int, _ body: (Range<Int>) -> Void) {
    let each = max(1, elementsEach)
    let grain = max(1, Self.grain / each)
    guard count > grain else {
      if count > 0 { body(0..<count) }
      return
    }
    Parallel.forEach(count, grain: grain, body)
  }
}
