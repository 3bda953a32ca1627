/// The values of one leaf of a Parquet file's schema, gathered for a row group.
///
/// Everything is optional, as Arrow writes it; numbers alone may be null. A value's definition level tells how much of its path
/// is there, its repetition level whether it begins a row (apache/parquet-format, README and Encodings.md).
struct ParquetColumn: Sendable {
  enum Kind: Int, Sendable {
    case int64 = 2
    case double = 5
    case bytes = 6
  }

  let path: [String]
  let kind: Kind
  let isText: Bool
  let isList: Bool
  private(set) var values: [UInt8] = []
  private(set) var count = 0
  private var definitions = LevelRuns()
  private var repetitions = LevelRuns()

  init(path: [String], kind: Kind, isText: Bool, isList: Bool = false) {
    self.path = path
    self.kind = kind
    self.isText = isText
    self.isList = isList
  }

  /// The definition level of a value that is there: one for each optional or repeated part of the path.
  private var present: UInt8 { UInt8(path.count) }

  /// How much is gathered, in bytes.
  var size: Int { values.count }

  mutating func add(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { values.append(contentsOf: $0) }
    level(present, 0)
  }

  /// Null for nil.
  mutating func add(_ number: Double?) {
    guard let number else { return level(0, 0) }
    withUnsafeBytes(of: number.bitPattern.littleEndian) { values.append(contentsOf: $0) }
    level(present, 0)
  }

  mutating func add(_ bytes: some Collection<UInt8>) {
    append(bytes)
    level(present, 0)
  }

  mutating func add(_ texts: [String]) {
    // A list that is there and empty is as deep as the list itself.
    if texts.isEmpty { level(1, 0) }
    for (place, text) in texts.enumerated() {
      append(text.utf8)
      level(present, place == 0 ? 0 : 1)
    }
  }

  /// The chunk: its one page, uncompressed. The column is empty afterwards.
  mutating func takePage() -> [UInt8] {
    let levels = (isList ? repetitions.taken() : []) + definitions.taken()
    let size = levels.count + values.count
    var header = ThriftWriter()
    header.int32(1, 0)  // A data page.
    header.int32(2, size)
    header.int32(3, size)
    header.structure(5) { page in
      page.int32(1, count)
      page.int32(2, 0)  // Values: PLAIN.
      page.int32(3, 3)  // Definition levels: RLE.
      page.int32(4, 3)  // Repetition levels: RLE.
    }
    header.stop()
    let page = header.bytes + levels + values
    values.removeAll(keepingCapacity: true)
    count = 0
    return page
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { values.append(contentsOf: $0) }
    values.append(contentsOf: bytes)
  }

  private mutating func level(_ definition: UInt8, _ repetition: UInt8) {
    definitions.add(definition)
    repetitions.add(repetition)
    count += 1
  }
}

/// Levels of 0 to 3 as runs of equal ones: the RLE half of Parquet's hybrid, with its length before it.
private struct LevelRuns {
  private var bytes: [UInt8] = []
  private var level: UInt8 = 0
  private var length: UInt64 = 0

  mutating func add(_ next: UInt8) {
    if next != level { close() }
    level = next
    length += 1
  }

  mutating func taken() -> [UInt8] {
    close()
    let taken = withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { Array($0) } + bytes
    bytes.removeAll(keepingCapacity: true)
    return taken
  }

  private mutating func close() {
    guard length > 0 else { return }
    bytes.appendVarint(length << 1)
    bytes.append(level)
    length = 0
  }
}
