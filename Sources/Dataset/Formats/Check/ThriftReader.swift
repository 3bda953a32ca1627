/// A value of Thrift's compact protocol.
indirect enum ThriftValue {
  case integer(Int)
  case bytes([UInt8])
  case list([ThriftValue])
  case structure([Int: ThriftValue])
  /// Of a kind that nothing here asks for.
  case other

  subscript(field: Int) -> ThriftValue? {
    guard case .structure(let fields) = self else { return nil }
    return fields[field]
  }

  var integer: Int? {
    guard case .integer(let number) = self else { return nil }
    return number
  }

  var text: String? {
    guard case .bytes(let bytes) = self else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  var elements: [ThriftValue]? {
    guard case .list(let elements) = self else { return nil }
    return elements
  }
}

/// Reads Thrift's compact protocol from untrusted bytes, no deeper than 16 levels.
struct ThriftReader {
  private let bytes: [UInt8]
  /// Behind what was read.
  private(set) var position: Int
  private static let deepest = 16

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func structure(depth: Int = 0) throws(RowProblem) -> ThriftValue {
    guard depth < Self.deepest else { throw Self.broken }
    var fields: [Int: ThriftValue] = [:]
    var last = 0
    while true {
      let header = try byte()
      if header == 0 { return .structure(fields) }
      let step = Int(header >> 4)
      last = step == 0 ? try zigzag() : last + step
      fields[last] = try value(header & 0x0F, depth: depth + 1)
    }
  }

  private mutating func value(_ kind: UInt8, depth: Int) throws(RowProblem) -> ThriftValue {
    switch kind {
    case 1, 2: return .integer(kind == 1 ? 1 : 0)
    case 3:
      _ = try byte()
      return .other
    case 4, 5, 6: return .integer(try zigzag())
    case 7:
      _ = try take(8)
      return .other
    case 8: return .bytes(Array(try take(try length())))
    case 9, 10: return try list(depth: depth)
    case 12: return try structure(depth: depth)
    default: throw Self.broken
    }
  }

  private mutating func list(depth: Int) throws(RowProblem) -> ThriftValue {
    let header = try byte()
    let count = header >> 4 == 15 ? try length() : Int(header >> 4)
    // Each element has a byte at least.
    guard count <= bytes.count - position else { throw Self.broken }
    var elements: [ThriftValue] = []
    for _ in 0..<count {
      let kind = header & 0x0F
      if kind == 1 || kind == 2 {
        _ = try byte()
        elements.append(.other)
      } else {
        elements.append(try value(kind, depth: depth + 1))
      }
    }
    return .list(elements)
  }

  private mutating func byte() throws(RowProblem) -> UInt8 {
    guard position < bytes.count else { throw Self.broken }
    position += 1
    return bytes[position - 1]
  }

  private mutating func take(_ count: Int) throws(RowProblem) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw Self.broken }
    position += count
    return bytes[(position - count)..<position]
  }

  private mutating func length() throws(RowProblem) -> Int {
    guard let length = Int(exactly: try varint()) else { throw Self.broken }
    return length
  }

  private mutating func zigzag() throws(RowProblem) -> Int {
    let raw = try varint()
    return Int(Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1))
  }

  private mutating func varint() throws(RowProblem) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      let next = try byte()
      if shift < 64 { value |= UInt64(next & 0x7F) << UInt64(shift) }
      if next < 0x80 { return value }
    }
    throw Self.broken
  }

  private static var broken: RowProblem { RowProblem(reason: "what the file says of itself is broken") }
}
