/// Reads the pages of one column chunk: values PLAIN or by a dictionary, uncompressed or as Snappy, of both versions of
/// data pages (apache/parquet-format, README and Encodings.md).
struct ParquetPages {
  /// A value, or nil where there is none, with its levels.
  struct Entry {
    var value: ParquetValue?
    var definition: Int
    var repetition: Int
  }

  private let leaf: ParquetLeaf
  private let type: Int
  private let codec: Int
  private let bytes: [UInt8]
  private var position = 0
  private var dictionary: [ParquetValue] = []
  private(set) var entries: [Entry] = []

  /// Reads all pages of a chunk that has `count` values.
  static func entries(
    of leaf: ParquetLeaf, type: Int, codec: Int, bytes: [UInt8], count: Int
  ) throws(RowProblem) -> [Entry] {
    guard codec == 0 || codec == 1 else { throw Self.compressed(codec) }
    var pages = ParquetPages(leaf: leaf, type: type, codec: codec, bytes: bytes)
    while pages.entries.count < count, pages.position < bytes.count { try pages.page() }
    guard pages.entries.count == count else { throw broken }
    return pages.entries
  }

  private init(leaf: ParquetLeaf, type: Int, codec: Int, bytes: [UInt8]) {
    (self.leaf, self.type, self.codec, self.bytes) = (leaf, type, codec, bytes)
  }

  private mutating func page() throws(RowProblem) {
    var reader = ThriftReader(bytes, at: position)
    let header = try reader.structure()
    position = reader.position
    guard let kind = header[1]?.integer, let size = header[2]?.integer, let length = header[3]?.integer,
      size >= 0, size <= 1 << 30, length >= 0, length <= bytes.count - position
    else { throw Self.broken }
    let body = bytes[position..<position + length]
    position += length
    switch kind {
    case 0: try dataPage(header, try plain(body, size))
    case 2: dictionary = try values(of: try plain(body, size)[...], count: header[7]?[1]?.integer ?? 0)
    case 3: try dataPageV2(header, body, size)
    default: break
    }
  }

  private func plain(_ body: ArraySlice<UInt8>, _ size: Int) throws(RowProblem) -> [UInt8] {
    codec == 0 ? Array(body) : try SnappyBytes.decompress(body, size: size)
  }

  private mutating func dataPage(_ header: ThriftValue, _ body: [UInt8]) throws(RowProblem) {
    guard let count = header[5]?[1]?.integer, count >= 0, let encoding = header[5]?[2]?.integer else {
      throw Self.broken
    }
    var rest = body[...]
    let repetitions = try levels(&rest, most: leaf.mostRepetition, count: count)
    let definitions = try levels(&rest, most: leaf.mostDefinition, count: count)
    try take(rest, encoding: encoding, definitions, repetitions, count: count)
  }

  /// Levels come before what is compressed.
  private mutating func dataPageV2(
    _ header: ThriftValue, _ body: ArraySlice<UInt8>, _ size: Int
  ) throws(RowProblem) {
    guard let page = header[8], let count = page[1]?.integer, count >= 0, let encoding = page[4]?.integer,
      let deep = page[5]?.integer, let repeated = page[6]?.integer, deep >= 0, repeated >= 0,
      deep + repeated <= min(body.count, size)
    else { throw Self.broken }
    let start = body.startIndex
    let repetitions = try Self.runs(body[start..<start + repeated], most: leaf.mostRepetition, count: count)
    let definitions = try Self.runs(
      body[start + repeated..<start + repeated + deep], most: leaf.mostDefinition, count: count)
    let rest = body[(start + repeated + deep)...]
    let isCompressed = page[7]?.integer != 0
    let values = isCompressed ? try plain(rest, size - deep - repeated) : Array(rest)
    try take(values[...], encoding: encoding, definitions, repetitions, count: count)
  }

  private mutating func take(
    _ bytes: ArraySlice<UInt8>, encoding: Int, _ definitions: [Int], _ repetitions: [Int], count: Int
  ) throws(RowProblem) {
    let present = definitions.count { $0 == leaf.mostDefinition }
    let values: [ParquetValue]
    switch encoding {
    case 0: values = try self.values(of: bytes, count: present)
    case 2, 8: values = try looked(up: bytes, count: present)
    case 3 where type == 0:
      // Truth values as runs, behind their length.
      guard bytes.count >= 4 else { throw Self.broken }
      values = try BitRuns.numbers(bytes.dropFirst(4), width: 1, count: present).map { .bool($0 == 1) }
    default: throw RowProblem(reason: "the column '\(leaf.path[0])' has an encoding that is not read. \(Self.advice)")
    }
    guard values.count == present else { throw Self.broken }
    var next = 0
    for place in 0..<count {
      var entry = Entry(definition: definitions[place], repetition: repetitions[place])
      if definitions[place] == leaf.mostDefinition {
        entry.value = values[next]
        next += 1
      }
      entries.append(entry)
    }
  }

  /// By the dictionary: one byte for the width of the numbers, then the numbers.
  private func looked(up bytes: ArraySlice<UInt8>, count: Int) throws(RowProblem) -> [ParquetValue] {
    guard count > 0 else { return [] }
    guard let width = bytes.first, width <= 32 else { throw Self.broken }
    var values: [ParquetValue] = []
    for index in try BitRuns.numbers(bytes.dropFirst(), width: Int(width), count: count) {
      guard dictionary.indices.contains(index) else { throw Self.broken }
      values.append(dictionary[index])
    }
    return values
  }

  private func levels(_ rest: inout ArraySlice<UInt8>, most: Int, count: Int) throws(RowProblem) -> [Int] {
    guard most > 0 else { return [Int](repeating: 0, count: count) }
    guard rest.count >= 4 else { throw Self.broken }
    let length = rest.prefix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    rest = rest.dropFirst(4)
    guard length <= rest.count else { throw Self.broken }
    defer { rest = rest.dropFirst(length) }
    return try Self.runs(rest.prefix(length), most: most, count: count)
  }

  private static func runs(_ bytes: ArraySlice<UInt8>, most: Int, count: Int) throws(RowProblem) -> [Int] {
    guard most > 0 else { return [Int](repeating: 0, count: count) }
    return try BitRuns.numbers(bytes, width: Int.bitWidth - most.leadingZeroBitCount, count: count)
  }

  private func values(of bytes: ArraySlice<UInt8>, count: Int) throws(RowProblem) -> [ParquetValue] {
    var reader = PlainValues(bytes)
    guard count >= 0, count <= 8 * bytes.count + 8 else { throw Self.broken }
    var values: [ParquetValue] = []
    values.reserveCapacity(count)
    for place in 0..<count { values.append(try reader.value(type, place)) }
    return values
  }

  private static let advice = "Write it again with pyarrow: pq.write_table(table, path, compression='none')"

  private static func compressed(_ codec: Int) -> RowProblem {
    let names = [2: "gzip", 3: "lzo", 4: "brotli", 5: "lz4", 6: "zstd", 7: "lz4"]
    return RowProblem(reason: "is compressed with \(names[codec] ?? "an unknown codec"), which is not read. \(advice)")
  }

  static var broken: RowProblem { RowProblem(reason: "a page is broken") }
}

/// Values in Parquet's PLAIN encoding.
private struct PlainValues {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// `place` counts the values: truth values are bits.
  mutating func value(_ type: Int, _ place: Int) throws(RowProblem) -> ParquetValue {
    switch type {
    case 0:
      let index = bytes.startIndex + place / 8
      guard index < bytes.endIndex else { throw ParquetPages.broken }
      return .bool(bytes[index] >> UInt8(place % 8) & 1 == 1)
    case 1: return .integer(Int(Int32(truncatingIfNeeded: try number(4))))
    case 2: return .integer(Int(Int64(bitPattern: try number(8))))
    case 4: return .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try number(4)))))
    case 5: return .number(Double(bitPattern: try number(8)))
    case 6:
      let length = Int(try number(4))
      guard length <= bytes.endIndex - position else { throw ParquetPages.broken }
      defer { position += length }
      return .bytes(Array(bytes[position..<position + length]))
    default: throw RowProblem(reason: "a column has a type that is not read")
    }
  }

  private mutating func number(_ count: Int) throws(RowProblem) -> UInt64 {
    guard count <= bytes.endIndex - position else { throw ParquetPages.broken }
    var value: UInt64 = 0
    for place in 0..<count { value |= UInt64(bytes[position + place]) << UInt64(8 * place) }
    position += count
    return value
  }
}

/// Parquet's hybrid of runs of equal numbers and numbers packed by bits.
enum BitRuns {
  static func numbers(_ bytes: ArraySlice<UInt8>, width: Int, count: Int) throws(RowProblem) -> [Int] {
    var numbers: [Int] = []
    var position = bytes.startIndex
    // A run of any length takes few bytes: what is asked for bounds it.
    while numbers.count < count {
      let header = try varint(bytes, &position)
      if header & 1 == 0 {
        let size = (width + 7) / 8
        guard size <= bytes.endIndex - position else { throw ParquetPages.broken }
        let value = (0..<size).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
        position += size
        guard header > 1 else { throw ParquetPages.broken }
        numbers += [Int](repeating: value, count: min(header >> 1, count - numbers.count))
      } else {
        try unpack(bytes, &position, groups: header >> 1, width: width, count: count, &numbers)
      }
    }
    return numbers
  }

  /// Groups of eight, the lowest bits first.
  private static func unpack(
    _ bytes: ArraySlice<UInt8>, _ position: inout Int, groups: Int, width: Int, count: Int, _ numbers: inout [Int]
  ) throws(RowProblem) {
    guard groups > 0, width == 0 || groups <= (bytes.endIndex - position) / width else { throw ParquetPages.broken }
    var bit = 0
    for _ in 0..<min(groups * 8, count - numbers.count) {
      var value = 0
      for place in 0..<width {
        let at = bit + place
        value |= Int(bytes[position + at / 8] >> UInt8(at % 8) & 1) << place
      }
      bit += width
      numbers.append(value)
    }
    position += groups * width
  }

  private static func varint(_ bytes: ArraySlice<UInt8>, _ position: inout Int) throws(RowProblem) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard position < bytes.endIndex else { throw ParquetPages.broken }
      let next = Int(bytes[position])
      position += 1
      value |= (next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw ParquetPages.broken
  }
}
