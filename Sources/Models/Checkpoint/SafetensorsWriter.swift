public import Tensors

/// Writes a safetensors file, one tensor at a time, in any order.
///
/// The names, types and shapes have to be known at the start. The file appears under its name with ``finish()``, whole;
/// if the writer is dropped before, nothing does. Its tensors begin at multiples of 64 bytes as far as the format lets
/// them, which allows no gaps.
public struct SafetensorsWriter: ~Copyable {
  /// What the header says of one tensor.
  public struct Plan: Sendable, Equatable {
    public var name: String
    public var type: StoredType
    public var shape: [Int]

    public init(name: String, type: StoredType, shape: [Int]) {
      self.name = name
      self.type = type
      self.shape = shape
    }
  }

  private var file: CheckpointOutput
  private let dataStart: Int
  private let places: [String: Range<Int>]
  private var missing: Set<String>

  /// `metadata` joins the entry `format`, which is "pt" as in files of transformers. Names must differ.
  public init(path: String, tensors: [Plan], metadata: [String: String] = [:]) throws(CheckpointError) {
    let ordered = Self.ordered(tensors)
    let header = Self.header(ordered, metadata: metadata.merging(["format": "pt"]) { given, _ in given })
    let file = try CheckpointOutput(path: path, byteCount: header.count + Self.byteCount(ordered))
    try header.span.withUnsafeBytes { bytes throws(CheckpointError) in try file.write(bytes, at: 0) }
    places = Dictionary(uniqueKeysWithValues: Self.places(ordered))
    missing = Set(places.keys)
    dataStart = header.count
    self.file = file
  }

  /// Writes the elements of the tensor `name`, little-endian and row-major, as many as the plan says.
  public mutating func write(_ name: String, _ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    guard let place = places[name] else { preconditionFailure("the plan has no tensor \(name)") }
    precondition(place.count == bytes.count, "tensor \(name) has \(bytes.count) bytes, planned were \(place.count)")
    try file.write(bytes, at: dataStart + place.lowerBound)
    missing.remove(name)
  }

  /// Writes a tensor planned in float32.
  public mutating func write(_ name: String, _ tensor: Tensor) throws(CheckpointError) {
    let result = tensor.withUnsafeElements { elements in
      Result { () throws(CheckpointError) in try write(name, UnsafeRawBufferPointer(elements)) }
    }
    try result.get()
  }

  /// Gives the file its name. All tensors have to be written.
  public mutating func finish() throws(CheckpointError) {
    precondition(missing.isEmpty, "tensors without elements: \(missing.sorted())")
    try file.commit()
  }

  /// The order of the file: first what fills whole lines of 64 bytes, so that all of it is aligned, then by width.
  private static func ordered(_ tensors: [Plan]) -> [Plan] {
    func rank(_ plan: Plan) -> (Int, Int, String) {
      (byteCount([plan]) % 64 == 0 ? 0 : 1, -plan.type.bits, plan.name)
    }
    return tensors.sorted { rank($0) < rank($1) }
  }

  private static func byteCount(_ tensors: [Plan]) -> Int {
    tensors.reduce(0) { sum, plan in
      guard let count = plan.type.byteCount(of: plan.shape) else { preconditionFailure("the size of \(plan.name)") }
      return sum + count
    }
  }

  private static func places(_ tensors: [Plan]) -> [(String, Range<Int>)] {
    var end = 0
    return tensors.map { plan in
      let start = end
      end += byteCount([plan])
      return (plan.name, start..<end)
    }
  }

  private static func header(_ tensors: [Plan], metadata: [String: String]) -> [UInt8] {
    let strings = metadata.sorted { $0.key < $1.key }.map {
      "\(CheckpointJSON.quoted($0.key)):\(CheckpointJSON.quoted($0.value))"
    }
    var members = ["\"__metadata__\":{\(strings.joined(separator: ","))}"]
    for (plan, place) in zip(tensors, places(tensors)) {
      let shape = plan.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(CheckpointJSON.quoted(plan.name)):{\"dtype\":\"\(plan.type.name)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(place.1.lowerBound),\(place.1.upperBound)]}")
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    // Spaces at the end are part of the format.
    while (text.count + 8) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
