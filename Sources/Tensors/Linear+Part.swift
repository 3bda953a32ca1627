import CKernels

/// Some outputs of one layer.
struct ProductPart {
  let layer: Linear
  let rows: Int
  let level: Int32
  /// Of 16 outputs each.
  let panels: Range<Int>

  private var weight: WeightMatrix { layer.weight }
  private var outputs: Range<Int> { panels.lowerBound * 16..<min(weight.outputs, panels.upperBound * 16) }

  /// Writes the outputs of all rows over their columns of `out`.
  func compute(_ x: Activations, _ out: UnsafeMutablePointer<Float>) {
    guard let bias = layer.bias else { return compute(x, bias: nil, out) }
    bias.withUnsafeElements { compute(x, bias: $0.baseAddress, out) }
  }

  private func compute(_ x: Activations, bias: UnsafePointer<Float>?, _ out: UnsafeMutablePointer<Float>) {
    let weights = weight.values.bytes.baseAddress
    let (first, last) = (outputs.lowerBound, outputs.upperBound)
    switch weight.format {
    case .int8, .int4:
      matmul_quantized(
        level, Int32(weight.format.bits), x.values, x.scales, x.offsets, rows, matmul_blocks(weight.inputs), weights,
        weight.scales?.bytes.baseAddress, panels.lowerBound, panels.upperBound, weight.outputs, bias, out,
        weight.outputs)
    case .float32, .bfloat16:
      if rows > MatrixProduct.mostRowsOfOwnKernels(level: level) {
        multiply(x, out)
        if let bias { add(bias, to: out) }
      } else if weight.format == .float32 {
        matmul_float32(level, x.plain, rows, weights, weight.inputs, first, last, bias, out, weight.outputs)
      } else {
        matmul_bfloat16(level, x.split, rows, weights, weight.inputs, first, last, bias, out, weight.outputs)
      }
    }
  }

  /// Through OpenBLAS; bfloat16 weights become float32 first, as many at a time as stay in the cache.
  private func multiply(_ x: Activations, _ out: UnsafeMutablePointer<Float>) {
    guard weight.inputs > 0, let weights = weight.values.bytes.baseAddress else { return clear(out) }
    let inputs = weight.inputs
    let all = MatrixMultiplication(
      a: x.plain, b: weights.assumingMemoryBound(to: Float.self), product: out, rows: rows, inner: inputs,
      columns: weight.outputs, strideA: inputs, strideB: inputs, strideProduct: weight.outputs, transposingB: true)
    guard weight.format == .bfloat16 else { return all.part(rows: 0..<rows, columns: outputs).compute() }
    let side = 512
    let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: side * side)
    defer { scratch.deallocate() }
    guard let wide = scratch.baseAddress else { return }
    for first in stride(from: outputs.lowerBound, to: outputs.upperBound, by: side) {
      let columns = first..<min(first + side, outputs.upperBound)
      for k in stride(from: 0, to: inputs, by: side) {
        var part = all.part(rows: 0..<rows, columns: columns)
        part.a = x.plain.map { $0 + k }
        (part.inner, part.b, part.strideB, part.accumulating) = (
          min(side, inputs - k), UnsafePointer(wide), side, k > 0
        )
        for (index, output) in columns.enumerated() {
          convert_widen_bfloat16(weights + (output * inputs + k) * 2, part.inner, wide + index * side)
        }
        part.compute()
      }
    }
  }

  /// A product without inputs.
  private func clear(_ out: UnsafeMutablePointer<Float>) {
    for row in 0..<rows { (out + row * weight.outputs + outputs.lowerBound).update(repeating: 0, count: outputs.count) }
  }

  private func add(_ bias: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      let start = out + row * weight.outputs
      for output in outputs { start[output] += bias[output] }
    }
  }
}
