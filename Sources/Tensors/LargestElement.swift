import CKernels

/// The index of the largest element, the first of equals; there has to be one.
public func indexOfLargest(_ elements: UnsafeBufferPointer<Float>) -> Int {
  precondition(!elements.isEmpty, "the largest of no elements")
  return elements.baseAddress.map { transformer_argmax($0, elements.count) } ?? 0
}
