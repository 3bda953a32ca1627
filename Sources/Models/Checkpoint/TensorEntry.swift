import CKernels
import Synchronization
import Tensors

/// The bytes of one tensor in one file.
struct StoredPart: Sendable {
  let file: SafetensorsFile
  let stored: StoredTensor

  var bytes: StoredBytes { file.bytes(of: stored) }

  func error(_ problem: CheckpointError.TensorProblem) -> CheckpointError {
    .tensor(name: stored.name, file: file.path, problem)
  }

  /// The number of elements.
  var count: Int { stored.range.count / max(1, stored.type.bits / 8) }

  /// The elements in float32; the type has to be a float.
  func floats() -> Tensor {
    let source = bytes
    let width = stored.type.bits / 8
    return Tensor(shape: stored.shape) { elements in
      guard let start = source.bytes.baseAddress, let out = elements.baseAddress else { return }
      // Safe, as the closure's ranges do not overlap.
      nonisolated(unsafe) let (words, floats) = (start, out)
      Parallel.forEach(elements.count, grain: 1 << 16) { range in
        let (words, floats) = (words + range.lowerBound * width, floats + range.lowerBound)
        switch stored.type {
        case .bfloat16: convert_widen_bfloat16(words, range.count, floats)
        case .float16: convert_widen_float16(words, range.count, floats)
        default: UnsafeMutableRawPointer(floats).copyMemory(from: words, byteCount: range.count * 4)
        }
      }
    }
  }

  /// Refuses a NaN or an infinity, without converting anything.
  func checkFinite() throws(CheckpointError) {
    let source = bytes
    guard let start = source.bytes.baseAddress else { return }
    nonisolated(unsafe) let words = start
    let first = Mutex(Int.max)
    let width = stored.type.bits / 8
    Parallel.forEach(count, grain: 1 << 18) { range in
      let words = words + range.lowerBound * width
      let found =
        switch stored.type {
        case .bfloat16: files_first_nonfinite16(words, range.count, 0x7F80)
        case .float16: files_first_nonfinite16(words, range.count, 0x7C00)
        default: files_first_nonfinite32(words, range.count, 0x7F80_0000)
        }
      if found >= 0 { first.withLock { $0 = min($0, range.lowerBound + found) } }
    }
    withExtendedLifetime(source) {}
    let index = first.withLock { $0 }
    guard index == .max else { throw error(.notFinite(index: index)) }
  }
}

/// One weight of the model: its values, and the scales of a matrix that Earshot quantised.
struct TensorEntry: Sendable {
  /// The shape of the weight; that of `values` differs where they are packed.
  let shape: [Int]
  let values: StoredPart
  let scales: (part: StoredPart, format: WeightFormat)?
}
