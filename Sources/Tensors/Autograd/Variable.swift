/// A value in a computation, and what a loss changes by with each of its elements.
public final class Variable {
  public let value: Tensor
  /// Whether anybody asks for the gradient: nothing is computed for a variable where nobody does.
  public let needsGradient: Bool
  /// The gradient so far, of the shape of the value; `nil` is zero.
  public private(set) var gradient: Tensor?

  public init(_ value: Tensor, needsGradient: Bool = false) {
    self.value = value
    self.needsGradient = needsGradient
  }

  /// Adds to the gradient; without effect where nobody asks for it.
  public func accumulate(_ addition: consuming Tensor) {
    guard needsGradient else { return }
    precondition(addition.shape == value.shape, "a gradient of \(addition.shape) for \(value.shape)")
    guard var sum = gradient.take() else {
      gradient = addition
      return
    }
    sum.add(addition)
    gradient = sum
  }

  /// The gradient, which the variable then forgets: what is behind it needs the memory.
  func takeGradient() -> Tensor? { gradient.take() }
}
