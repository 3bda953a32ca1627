/// A value in a computation, and what a loss changes by with each of its elements.
public final class Variable {
  public let value: Tensor
  /// Where the gradient is summed up. Backward steps that do not need the value hold on to this alone, so that the value's
  /// memory is free.
  let sink: GradientSink

  public init(_ value: Tensor, needsGradient: Bool = false) {
    self.value = value
    sink = GradientSink(shape: value.shape, needsGradient: needsGradient)
  }

  /// Whether anybody asks for the gradient: nothing is computed for a variable where nobody does.
  public var needsGradient: Bool { sink.needsGradient }

  /// The gradient so far, of the shape of the value; `nil` is zero.
  public var gradient: Tensor? { sink.gradient }

  /// Adds to the gradient; without effect where nobody asks for it.
  public func accumulate(_ addition: consuming Tensor) { sink.accumulate(addition) }
}

/// The gradient of a variable in the making.
final class GradientSink {
  let shape: [Int]
  let needsGradient: Bool
  private(set) var gradient: Tensor?

  init(shape: [Int], needsGradient: Bool) {
    self.shape = shape
    self.needsGradient = needsGradient
  }

  func accumulate(_ addition: consuming Tensor) {
    guard needsGradient else { return }
    precondition(addition.shape == shape, "a gradient of \(addition.shape) for \(shape)")
    guard var sum = gradient.take() else {
      gradient = addition
      return
    }
    sum.add(addition)
    gradient = sum
  }

  /// The gradient, which is then forgotten: what is behind it needs the memory.
  func takeGradient() -> Tensor? { gradient.take() }
}
