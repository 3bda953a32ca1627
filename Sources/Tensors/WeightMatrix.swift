import CKernels

/// The weights of a linear layer, `[outputs, inputs]`, in one of several formats.
///
/// float32 and bfloat16 are row-major, as in a file. int8 and int4 come in panels of 16 outputs and blocks of 32 inputs
/// (the layout is described in CKernels/include/matmul.h), both padded to the full, with a float16 scale for each block
/// of each output.
public struct WeightMatrix: Sendable {
  public let outputs: Int
  public let inputs: Int
  public let format: WeightFormat
  let values: StoredBytes
  let scales: StoredBytes?

  /// The bytes of the weights and their scales.
  public var byteCount: Int { values.bytes.count + (scales?.bytes.count ?? 0) }

  /// Float32 numbers, row-major. They are used where they are, if they start at a multiple of 4 bytes.
  public init(float32: StoredBytes, outputs: Int, inputs: Int) {
    self.init(rows: float32, format: .float32, outputs: outputs, inputs: inputs)
  }

  /// Bfloat16 numbers, row-major. They are used where they are, if they start at a multiple of 2 bytes.
  public init(bfloat16: StoredBytes, outputs: Int, inputs: Int) {
    self.init(rows: bfloat16, format: .bfloat16, outputs: outputs, inputs: inputs)
  }

  /// Float16 numbers, row-major, which become float32.
  public init(float16: StoredBytes, outputs: Int, inputs: Int) {
    precondition(float16.bytes.count == outputs * inputs * 2, "a matrix \(outputs) x \(inputs) of float16")
    defer { withExtendedLifetime(float16) {} }
    let wide = StoredBytes.filled(count: outputs * inputs * 4) { bytes in
      let target = bytes.bindMemory(to: Float.self)
      Parallel.forEach(outputs * inputs, grain: 65_536) { range in
        guard let from = float16.bytes.baseAddress, let to = target.baseAddress else { return }
        convert_widen_float16(from + range.lowerBound * 2, range.count, to + range.lowerBound)
      }
    }
    self.init(rows: wide, format: .float32, outputs: outputs, inputs: inputs)
  }

  /// The elements of a tensor of two axes.
  public init(_ tensor: Tensor) {
    precondition(tensor.shape.count == 2, "a matrix has two axes, not the shape \(tensor.shape)")
    let copy = tensor.withUnsafeElements { StoredBytes.copy(of: UnsafeRawBufferPointer($0)) }
    self.init(rows: copy, format: .float32, outputs: tensor.shape[0], inputs: tensor.shape[1])
  }

  /// The elements of a tensor of two axes where they are: a matrix that changes as a ``Parameter`` does.
  public init(sharing tensor: Tensor) {
    precondition(tensor.shape.count == 2, "a matrix has two axes, not the shape \(tensor.shape)")
    self.init(rows: tensor.sharedBytes, format: .float32, outputs: tensor.shape[0], inputs: tensor.shape[1])
  }

  /// Bytes and scales as ``packedBytes`` has them.
  public init(int8 values: StoredBytes, scales: StoredBytes, outputs: Int, inputs: Int) {
    self.init(packed: values, scales: scales, format: .int8, outputs: outputs, inputs: inputs)
  }

  /// Bytes and scales as ``packedBytes`` has them.
  public init(int4 values: StoredBytes, scales: StoredBytes, outputs: Int, inputs: Int) {
    self.init(packed: values, scales: scales, format: .int4, outputs: outputs, inputs: inputs)
  }

  private init(rows bytes: StoredBytes, format: WeightFormat, outputs: Int, inputs: Int) {
    let width = format.bits / 8
    precondition(
      outputs >= 0 && inputs >= 0 && bytes.bytes.count == outputs * inputs * width,
      "\(bytes.bytes.count) bytes are not a matrix \(outputs) x \(inputs) of \(format)")
    defer { withExtendedLifetime(bytes) {} }
    let isAligned = Int(bitPattern: bytes.bytes.baseAddress) % width == 0
    values = isAligned ? bytes : StoredBytes.copy(of: bytes.bytes)
    scales = nil
    (self.format, self.outputs, self.inputs) = (format, outputs, inputs)
  }

  init(packed values: StoredBytes, scales: StoredBytes, format: WeightFormat, outputs: Int, inputs: Int) {
    let shape = Self.packedShape(format: format, outputs: outputs, inputs: inputs)
    precondition(
      values.bytes.count == shape.values.reduce(1, *) && scales.bytes.count == 2 * shape.scales.reduce(1, *),
      "\(values.bytes.count) and \(scales.bytes.count) bytes are not a matrix \(outputs) x \(inputs) of \(format)")
    (self.values, self.scales) = (values, scales)
    (self.format, self.outputs, self.inputs) = (format, outputs, inputs)
  }

  /// Writes the weights of one output, as float32, over `target`, which has `inputs` elements.
  public func copyRow(_ row: Int, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(row >= 0 && row < outputs, "output \(row) of \(outputs)")
    precondition(target.count == inputs, "room for \(target.count) weights, not \(inputs)")
    defer { withExtendedLifetime(self) {} }
    guard let to = target.baseAddress, let from = values.bytes.baseAddress else { return }
    switch format {
    case .float32: UnsafeMutableRawPointer(to).copyMemory(from: from + row * inputs * 4, byteCount: inputs * 4)
    case .bfloat16: convert_widen_bfloat16(from + row * inputs * 2, inputs, to)
    case .int8, .int4: matmul_unpack_row(Int32(format.bits), from, scales?.bytes.baseAddress, inputs, row, to)
    }
  }
}
