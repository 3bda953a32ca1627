import CKernels
import Tensors

extension Tensor {
  /// The elements as a file holds them: float32, or rounded to bfloat16 or float16, to nearest, ties to even.
  func bytes(as type: StoredType) -> StoredBytes {
    let rows = WeightMatrix(sharing: reshaped([1, count]))
    switch type {
    case .float32: return rows.packedBytes.values
    case .bfloat16: return rows.converted(to: .bfloat16).packedBytes.values
    case .float16: return float16Bytes()
    default: preconditionFailure("tensors are not stored as \(type.name)")
    }
  }

  private func float16Bytes() -> StoredBytes {
    // Two of them in the memory of one float.
    let memory = Tensor(shape: [1, (count + 1) / 2]) { (elements: UnsafeMutableBufferPointer<Float>) in
      elements.withMemoryRebound(to: UInt16.self) { words in
        withUnsafeElements { floats in
          words.update(repeating: 0)
          for (index, float) in floats.enumerated() { words[index] = Float16(float).bitPattern }
        }
      }
    }
    return WeightMatrix(sharing: memory).packedBytes.values[0..<2 * count]
  }
}

extension StoredBytes {
  /// The index of the first NaN or infinity of elements of `type`, one of the floats; nil where all are finite.
  func firstNonfinite(type: StoredType) -> Int? {
    guard let words = bytes.baseAddress else { return nil }
    defer { withExtendedLifetime(self) {} }
    let index =
      switch type {
      case .bfloat16: files_first_nonfinite16(words, bytes.count / 2, 0x7F80)
      case .float16: files_first_nonfinite16(words, bytes.count / 2, 0x7C00)
      default: files_first_nonfinite32(words, bytes.count / 4, 0x7F80_0000)
      }
    return index < 0 ? nil : index
  }
}
