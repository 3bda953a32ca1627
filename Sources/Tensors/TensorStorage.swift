/// The memory of tensors that share their elements.
///
/// @unchecked because the elements are written only through a tensor that found itself their only owner.
final class TensorStorage: @unchecked Sendable {
  let elements: UnsafeMutableBufferPointer<Float>

  /// Elements without values.
  init(count: Int) {
    let memory = TensorMemory.allocate(count * 4)
    elements = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
  }

  convenience init(copying other: TensorStorage) {
    self.init(count: other.elements.count)
    _ = elements.update(fromContentsOf: other.elements)
  }

  deinit {
    if let memory = UnsafeMutableRawPointer(elements.baseAddress) { TensorMemory.free(memory, elements.count * 4) }
  }
}
