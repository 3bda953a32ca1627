/// Dense float32 numbers in row-major order, with value semantics.
///
/// The elements start at a 64-byte boundary. Copies share them until one is written to.
public struct Tensor: Sendable {
  /// The extent of each axis, outermost first; a scalar has none.
  public private(set) var shape: [Int]
  private var storage: TensorStorage

  /// Zeros.
  public init(shape: [Int]) {
    self.init(shape: shape) { $0.update(repeating: 0) }
  }

  /// `values` in row-major order; their count must be the product of `shape`.
  public init(_ values: [Float], shape: [Int]) {
    precondition(values.count == Self.count(of: shape), "\(values.count) values do not fill the shape \(shape)")
    self.init(shape: shape) { elements in
      values.withUnsafeBufferPointer { _ = elements.update(fromContentsOf: $0) }
    }
  }

  /// What `fill` writes: it has to write every element, for none has a value before.
  public init<Failure: Error>(
    shape: [Int], filledBy fill: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    self.shape = shape
    storage = TensorStorage(count: Self.count(of: shape))
    try fill(storage.elements)
  }

  /// How much memory of tensors that are gone is kept for new ones, in bytes: a step of training gives back all its
  /// activations and asks for the same again.
  public static var memoryKept: Int {
    get { TensorMemory.limit }
    set { TensorMemory.limit = newValue }
  }

  /// The number of elements.
  public var count: Int { storage.elements.count }

  /// The number of rows: all axes but the last, taken together.
  public var rows: Int { columns == 0 ? 0 : count / columns }

  /// The extent of the last axis; 1 for a scalar.
  public var columns: Int { shape.last ?? 1 }

  /// The same elements under another shape of as many.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(Self.count(of: shape) == count, "\(count) elements do not fill the shape \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  /// A copy of these rows, `[rows.count, columns]`.
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return withUnsafeElements { source in
      Tensor(shape: [range.count, columns]) { elements in
        _ = elements.update(
          fromContentsOf: source[range.lowerBound * columns..<range.upperBound * columns])
      }
    }
  }

  /// The elements in row-major order.
  public var values: [Float] { withUnsafeElements { Array($0) } }

  /// Calls `body` with the elements, which are there only during the call.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(storage.elements))
  }

  /// Calls `body` with the elements to write to, which are there only during the call.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = TensorStorage(copying: storage) }
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.elements)
  }

  /// Calls `body` with the elements to change them in place, for all tensors that share them.
  ///
  /// For weights that the engine holds while they are trained; nobody may read them at that time.
  func withUnsafeSharedElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.elements)
  }

  /// The elements as bytes that live as long as they are held; they are not copied, and change with the tensor.
  var sharedBytes: StoredBytes { StoredBytes(UnsafeRawBufferPointer(storage.elements), owner: storage) }

  private static func count(of shape: [Int]) -> Int {
    shape.reduce(1) { product, extent in
      precondition(extent >= 0, "an axis of \(extent) elements")
      return product * extent
    }
  }
}

extension Tensor: Equatable {
  /// Whether the shapes and all elements are equal; no NaN equals anything.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return a.withUnsafeElements { a in b.withUnsafeElements { b in a.elementsEqual(b) } }
  }
}
