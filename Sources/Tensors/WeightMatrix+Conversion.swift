import CKernels

extension WeightMatrix {
  /// The shapes of the tensors that hold a matrix in a file: values as U8, scales as F16. A format without scales has
  /// the plain shape of the matrix.
  public static func packedShape(format: WeightFormat, outputs: Int, inputs: Int) -> (values: [Int], scales: [Int]) {
    guard format.isQuantized else { return ([outputs, inputs], []) }
    let panels = matmul_panels(outputs)
    let blocks = matmul_blocks(inputs)
    return ([panels, blocks, format.bits * 64], [panels, blocks, 16])
  }

  /// What to write to a file: the bytes in the shapes of ``packedShape(format:outputs:inputs:)``.
  public var packedBytes: (values: StoredBytes, scales: StoredBytes?) { (values, scales) }

  /// The same weights, rounded to what `format` can hold. Where the formats are equal, nothing is copied.
  public func converted(to format: WeightFormat) -> WeightMatrix {
    guard format != self.format else { return self }
    switch format {
    case .float32:
      let bytes = StoredBytes.filled(count: outputs * inputs * 4) { bytes in
        let elements = bytes.bindMemory(to: Float.self)
        Parallel.forEach(outputs, grain: 16) { copyRows($0, to: elements[rowOf: $0, inputs]) }
      }
      return WeightMatrix(float32: bytes, outputs: outputs, inputs: inputs)
    case .bfloat16:
      return WeightMatrix(bfloat16: bfloat16Bytes(), outputs: outputs, inputs: inputs)
    case .int8, .int4:
      return packed(as: format)
    }
  }

  /// Writes the weights of consecutive outputs, as float32 `[rows.count, inputs]`, over `target`.
  func copyRows(_ rows: Range<Int>, to target: UnsafeMutableBufferPointer<Float>) {
    for (index, row) in rows.enumerated() { copyRow(row, to: target[rowOf: index..<index + 1, inputs]) }
  }

  private func bfloat16Bytes() -> StoredBytes {
    StoredBytes.filled(count: outputs * inputs * 2) { bytes in
      Parallel.forEach(outputs, grain: 16) { range in
        let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: inputs)
        defer { row.deallocate() }
        for output in range {
          copyRow(output, to: row)
          if let to = bytes.baseAddress, let from = row.baseAddress {
            convert_narrow_bfloat16(from, inputs, to + output * inputs * 2)
          }
        }
      }
    }
  }

  private func packed(as format: WeightFormat) -> WeightMatrix {
    let shape = Self.packedShape(format: format, outputs: outputs, inputs: inputs)
    let scales = AlignedAllocation(count: 2 * shape.scales.reduce(1, *))
    let values = StoredBytes.filled(count: shape.values.reduce(1, *)) { values in
      Parallel.forEach(shape.values[0]) { panels in
        for panel in panels { pack(panel, bits: format.bits, values: values, scales: scales.bytes) }
      }
    }
    return WeightMatrix(
      packed: values, scales: scales.stored, format: format, outputs: outputs, inputs: inputs)
  }

  private func pack(
    _ panel: Int, bits: Int, values: UnsafeMutableRawBufferPointer, scales: UnsafeMutableRawBufferPointer
  ) {
    let rows = panel * 16..<min(outputs, panel * 16 + 16)
    let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: rows.count * inputs)
    defer { numbers.deallocate() }
    copyRows(rows, to: numbers)
    let blocks = matmul_blocks(inputs)
    guard let from = numbers.baseAddress, let values = values.baseAddress, let scales = scales.baseAddress else {
      return
    }
    matmul_pack_panel(
      Int32(bits), from, rows.count, inputs, (values + panel * blocks * bits * 64).assumingMemoryBound(to: UInt8.self),
      (scales + panel * blocks * 32).assumingMemoryBound(to: UInt8.self))
  }
}

extension UnsafeMutableBufferPointer {
  /// Consecutive rows of a row-major matrix with `columns` columns.
  subscript(rowOf rows: Range<Int>, columns: Int) -> UnsafeMutableBufferPointer {
    UnsafeMutableBufferPointer(rebasing: self[rows.lowerBound * columns..<rows.upperBound * columns])
  }
}
