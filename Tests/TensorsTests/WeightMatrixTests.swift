import Testing

@testable import Tensors

/// How weights are kept: conversions, shapes in files, rows.
struct WeightMatrixTests {
  @Test(arguments: WeightFormat.allCases, 0..<5)
  func bytesAtAnyAddressGiveTheSameWeights(format: WeightFormat, offset: Int) {
    let matrix = WeightMatrix(normal([21, 45], seed: 1)).converted(to: format)
    let (values, scales) = matrix.packedBytes

    let moved = stored(values, at: offset)
    let again: WeightMatrix =
      switch format {
      case .float32: WeightMatrix(float32: moved, outputs: 21, inputs: 45)
      case .bfloat16: WeightMatrix(bfloat16: moved, outputs: 21, inputs: 45)
      case .int8: WeightMatrix(int8: moved, scales: stored(scales!, at: offset), outputs: 21, inputs: 45)
      case .int4: WeightMatrix(int4: moved, scales: stored(scales!, at: offset), outputs: 21, inputs: 45)
      }

    for rows in [1, 7, 70] {
      let x = normal([rows, 45], seed: 2)
      #expect(again.product(x) == matrix.product(x))
    }
    #expect(rows(of: again) == rows(of: matrix))
    #expect(again.byteCount == matrix.byteCount)
  }

  @Test func packedShapesArePaddedToPanelsOf16AndBlocksOf32() {
    let int8 = WeightMatrix.packedShape(format: .int8, outputs: 17, inputs: 33)
    let int4 = WeightMatrix.packedShape(format: .int4, outputs: 17, inputs: 33)
    let bfloat16 = WeightMatrix.packedShape(format: .bfloat16, outputs: 17, inputs: 33)

    #expect(int8 == ([2, 2, 512], [2, 2, 16]))
    #expect(int4 == ([2, 2, 256], [2, 2, 16]))
    #expect(bfloat16 == ([17, 33], []))
  }

  @Test func bfloat16RoundsToNearestTiesToEven() {
    let cases: [(UInt32, UInt16)] = [
      (0x3f80_0000, 0x3f80), (0x3f80_8000, 0x3f80), (0x3f81_8000, 0x3f82), (0x3f80_8001, 0x3f81),
      (0x7f7f_ffff, 0x7f80), (0x7f80_0000, 0x7f80), (0xff80_0000, 0xff80), (0x7f80_0001, 0x7fc0), (0x8000_0000, 0x8000),
    ]
    let values = Tensor(cases.map { Float(bitPattern: $0.0) }, shape: [1, cases.count])

    let stored = WeightMatrix(values).converted(to: .bfloat16).packedBytes.values

    let halves = withExtendedLifetime(stored) { Array(stored.bytes.bindMemory(to: UInt16.self)) }
    #expect(halves == cases.map(\.1))
  }

  #if arch(x86_64) || arch(arm64)
    @Test func everyFloat16BecomesItsFloat32() {
      let halves = (0...UInt16.max).map { $0 }
      let stored = StoredBytes.copy(of: halves.withUnsafeBytes { UnsafeRawBufferPointer($0) })

      let matrix = WeightMatrix(float16: stored, outputs: 16, inputs: 4_096)

      let wide = rows(of: matrix)
      let wrong = halves.indices.filter { index in
        let expected = Float(Float16(bitPattern: halves[index]))
        return expected.isNaN ? !wide[index].isNaN : wide[index].bitPattern != expected.bitPattern
      }
      #expect(wrong == [])
    }
  #endif

  private func rows(of matrix: WeightMatrix) -> [Float] {
    Tensor(shape: [matrix.outputs, matrix.inputs]) { matrix.copyRows(0..<matrix.outputs, to: $0) }.values
  }

  /// The bytes again, `offset` after a 64-byte boundary.
  private func stored(_ stored: StoredBytes, at offset: Int) -> StoredBytes {
    let count = stored.bytes.count
    let moved = StoredBytes.filled(count: count + offset) { target in
      UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: stored.bytes)
    }
    withExtendedLifetime(stored) {}
    return moved[offset..<offset + count]
  }
}
