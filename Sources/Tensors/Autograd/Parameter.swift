/// A tensor that training changes.
///
/// Its elements are changed in place, also for others that hold the same tensor: the engine generates with what the
/// trainer changes, without a copy. So nobody may compute with a parameter while it is updated.
public final class Parameter {
  /// As the checkpoint names it.
  public let name: String
  public let value: Tensor
  /// The sum of the gradients since it was last cleared, of the shape of the value.
  public private(set) var gradient: Tensor

  public init(name: String, value: Tensor) {
    self.name = name
    self.value = value
    gradient = Tensor(shape: value.shape)
  }

  /// The number of elements.
  public var count: Int { value.count }

  /// Calls `body` with the gradient's elements, to add to them.
  public func withUnsafeMutableGradient<Result>(_ body: (UnsafeMutableBufferPointer<Float>) -> Result) -> Result {
    gradient.withUnsafeMutableElements(body)
  }

  /// Sets the gradient to zero.
  public func clearGradient() {
    gradient.withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      Parallel.forEach(elements.count, grain: 1 << 18) { (base + $0.lowerBound).update(repeating: 0, count: $0.count) }
    }
  }

  /// Calls `body` with the elements, to change them in place for all who hold them, and the gradient's.
  public func update<Result>(
    _ body: (_ value: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>) -> Result
  ) -> Result {
    gradient.withUnsafeMutableElements { gradient in
      value.withUnsafeSharedElements { body($0, gradient) }
    }
  }
}
