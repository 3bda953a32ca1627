import CKernels

/// The activations in the forms that the kernels ask for.
///
/// @unchecked because it is written only by `init`.
final class Activations: @unchecked Sendable {
  let plain: UnsafePointer<Float>?
  /// Even and odd inputs apart, for bfloat16.
  let split: UnsafeMutablePointer<Float>?
  let values: UnsafeMutablePointer<Int8>?
  let scales: UnsafeMutablePointer<Float>?
  let offsets: UnsafeMutablePointer<Int32>?
  private var memory: [AlignedAllocation] = []

  init(_ x: UnsafeBufferPointer<Float>, rows: Int, formats: Set<WeightFormat>, level: Int32) {
    plain = x.baseAddress
    let inputs = x.count / rows
    let blocks = rows * matmul_blocks(inputs)
    var memory: [AlignedAllocation] = []
    func room<Element>(_ count: Int, of: Element.Type) -> UnsafeMutablePointer<Element>? {
      memory.append(AlignedAllocation(count: count * MemoryLayout<Element>.stride))
      return memory[memory.count - 1].bytes.bindMemory(to: Element.self).baseAddress
    }
    let splits = formats.contains(.bfloat16) && rows <= MatrixProduct.mostRowsOfOwnKernels(level: level)
    split = splits ? room(blocks * 32, of: Float.self) : nil
    let quantizes = formats.contains(where: \.isQuantized)
    values = quantizes ? room(blocks * 32, of: Int8.self) : nil
    scales = quantizes ? room(blocks, of: Float.self) : nil
    offsets = quantizes ? room(blocks, of: Int32.self) : nil
    self.memory = memory
    if let split { matmul_bfloat16_split(plain, rows, inputs, split) }
    if let values, let scales, let offsets {
      let blocks = matmul_blocks(inputs)
      let plain = plain
      Parallel.forEach(rows, grain: 8) { range in
        let first = range.lowerBound
        matmul_quantize_rows(
          level, plain.map { $0 + first * inputs }, range.count, inputs, values + first * blocks * 32,
          scales + first * blocks, offsets + first * blocks)
      }
    }
  }
}
