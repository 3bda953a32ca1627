/// Reads Snappy's raw format from untrusted bytes (google/snappy, format_description.txt), which pyarrow compresses
/// pages with unless it is told not to.
struct SnappyBytes {
  /// Throws where the bytes are broken, or are not those of `size` bytes.
  static func decompress(_ bytes: ArraySlice<UInt8>, size: Int) throws(RowProblem) -> [UInt8] {
    var reader = SnappyBytes(bytes)
    guard try reader.varint() == size else { throw broken }
    var out: [UInt8] = []
    out.reserveCapacity(min(size, 1 << 26))
    while reader.position < reader.bytes.endIndex {
      try reader.element(&out, size)
    }
    guard out.count == size else { throw broken }
    return out
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// A literal, or a copy of what came before.
  private mutating func element(_ out: inout [UInt8], _ size: Int) throws(RowProblem) {
    let tag = Int(try number(1))
    switch tag & 3 {
    case 0:
      let short = tag >> 2
      let length = short < 60 ? short + 1 : try number(short - 59) + 1
      guard length <= bytes.endIndex - position, out.count + length <= size else { throw Self.broken }
      out += bytes[position..<position + length]
      position += length
    case 1:
      let low = try number(1)
      try copy(&out, length: (tag >> 2 & 7) + 4, offset: (tag >> 5) << 8 | low, size)
    case 2: try copy(&out, length: (tag >> 2) + 1, offset: try number(2), size)
    default: try copy(&out, length: (tag >> 2) + 1, offset: try number(4), size)
    }
  }

  /// A copy may reach into what it writes: then it repeats.
  private func copy(_ out: inout [UInt8], length: Int, offset: Int, _ size: Int) throws(RowProblem) {
    guard offset > 0, offset <= out.count, out.count + length <= size else { throw Self.broken }
    for _ in 0..<length { out.append(out[out.count - offset]) }
  }

  private mutating func number(_ count: Int) throws(RowProblem) -> Int {
    guard count <= bytes.endIndex - position else { throw Self.broken }
    var value = 0
    for place in 0..<count { value |= Int(bytes[position + place]) << (8 * place) }
    position += count
    return value
  }

  private mutating func varint() throws(RowProblem) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      let next = try number(1)
      value |= (next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw Self.broken
  }

  private static var broken: RowProblem { RowProblem(reason: "a page's compressed bytes are broken") }
}
