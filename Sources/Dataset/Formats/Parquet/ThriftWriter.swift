/// Writes Thrift's compact protocol, in which Parquet keeps what it says of itself (apache/thrift,
/// doc/specs/thrift-compact-protocol.md).
struct ThriftWriter {
  private enum Kind: UInt8 {
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  private(set) var bytes: [UInt8] = []
  /// The number of the last field of each open structure.
  private var last: [Int16] = [0]

  mutating func int32(_ field: Int16, _ value: Int) {
    header(field, .int32)
    varint(Self.zigzag(value))
  }

  mutating func int64(_ field: Int16, _ value: Int) {
    header(field, .int64)
    varint(Self.zigzag(value))
  }

  mutating func text(_ field: Int16, _ value: String) {
    header(field, .binary)
    binary(value)
  }

  mutating func structure(_ field: Int16, _ body: (inout ThriftWriter) -> Void) {
    header(field, .structure)
    element(body)
  }

  mutating func structures<Element>(
    _ field: Int16, _ elements: [Element], _ body: (inout ThriftWriter, Element) -> Void
  ) {
    list(field, .structure, elements.count)
    for item in elements { element { body(&$0, item) } }
  }

  mutating func integers(_ field: Int16, _ values: [Int]) {
    list(field, .int32, values.count)
    for value in values { varint(Self.zigzag(value)) }
  }

  mutating func texts(_ field: Int16, _ values: [String]) {
    list(field, .binary, values.count)
    for value in values { binary(value) }
  }

  /// Ends the outermost structure.
  mutating func stop() { bytes.append(0) }

  private mutating func element(_ body: (inout ThriftWriter) -> Void) {
    last.append(0)
    body(&self)
    last.removeLast()
    bytes.append(0)
  }

  /// Fields are written in rising order, at most 15 apart.
  private mutating func header(_ field: Int16, _ kind: Kind) {
    let step = field - (last.last ?? 0)
    precondition((1...15).contains(step), "fields of a structure are written in rising order")
    bytes.append(UInt8(step) << 4 | kind.rawValue)
    last[last.count - 1] = field
  }

  private mutating func list(_ field: Int16, _ kind: Kind, _ count: Int) {
    header(field, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      varint(UInt64(count))
    }
  }

  private mutating func binary(_ text: String) {
    varint(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func varint(_ value: UInt64) { bytes.appendVarint(value) }

  private static func zigzag(_ value: Int) -> UInt64 {
    UInt64(bitPattern: Int64(value) << 1 ^ Int64(value) >> 63)
  }
}

extension [UInt8] {
  /// Seven bits a byte, the lowest first (ULEB128).
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
