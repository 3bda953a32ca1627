/// Writes questions as a Parquet file: PLAIN values, uncompressed, a page for each column of a row group. That is the
/// least that every reader takes; sounds would not get smaller anyway, and the hub compresses what it serves.
struct ParquetEncoder: RowEncoder {
  private struct Chunk {
    var offset: Int
    var size: Int
    var values: Int
  }

  private struct Group {
    var rows: Int
    var chunks: [Chunk]
  }

  /// A row group has no more rows, as `datasets` has it for sounds, and for text.
  private static let mostRows = (withSound: 100, withoutSound: 10_000)
  /// Nor more bytes than this and one row.
  private static let mostBytes = 16 << 20
  /// A file that is longer takes no more rows; shards of the hub have about as much.
  private static let longestFile = 500 << 20

  private var columns: [ParquetColumn] = []
  /// As the first row has it.
  private var table: [HubColumn] = []
  private var hasSound = false
  private var groups: [Group] = []
  private var rows = 0
  private var bytes = 0
  private var offset = 0

  var isFull: Bool { offset + bytes >= Self.longestFile }

  mutating func begin() -> [UInt8] {
    offset = ParquetSchema.magic.count
    return ParquetSchema.magic
  }

  mutating func add(_ row: SetRow) throws(DatasetError) -> [UInt8] {
    if columns.isEmpty {
      hasSound = row.sound != nil
      table = HubColumn.columns(of: row.question)
      columns = ParquetSchema.columns(table, withSound: hasSound)
    }
    guard hasSound == (row.sound != nil) else { throw .noSound(id: row.question.id) }
    var place = 0
    if let sound = row.sound {
      columns[0].add(try sound.bytes())
      columns[1].add(row.question.audioPath.utf8)
      place = 2
    }
    for (number, column) in table.enumerated() {
      switch column.value(row.question) {
      case .text(let text): columns[place + number].add(text.utf8)
      case .integer(let integer): columns[place + number].add(integer)
      case .texts(let texts): columns[place + number].add(texts)
      case .number(let value): columns[place + number].add(value)
      }
    }
    rows += 1
    bytes = columns.reduce(0) { $0 + $1.size }
    let most = hasSound ? Self.mostRows.withSound : Self.mostRows.withoutSound
    return rows >= most || bytes >= Self.mostBytes ? takeGroup() : []
  }

  mutating func end() -> [UInt8] {
    let last = rows > 0 ? takeGroup() : []
    let footer = self.footer()
    let length = withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) }
    return last + footer + length + ParquetSchema.magic
  }

  private mutating func takeGroup() -> [UInt8] {
    var group = Group(rows: rows, chunks: [])
    var pages: [UInt8] = []
    for place in columns.indices {
      let values = columns[place].count
      let page = columns[place].takePage()
      group.chunks.append(Chunk(offset: offset + pages.count, size: page.count, values: values))
      pages += page
    }
    groups.append(group)
    offset += pages.count
    (rows, bytes) = (0, 0)
    return pages
  }

  /// FileMetaData of parquet.thrift.
  private func footer() -> [UInt8] {
    var writer = ThriftWriter()
    writer.int32(1, 1)
    ParquetSchema.write(columns, hasSound: hasSound, to: &writer)
    writer.int64(3, groups.reduce(0) { $0 + $1.rows })
    writer.structures(4, groups) { writer, group in
      writer.structures(1, Array(zip(columns, group.chunks))) { Self.write($1.0, $1.1, to: &$0) }
      writer.int64(2, group.chunks.reduce(0) { $0 + $1.size })
      writer.int64(3, group.rows)
    }
    writer.structures(5, [ParquetSchema.features(table, withSound: hasSound)]) { writer, value in
      writer.text(1, "huggingface")
      writer.text(2, value)
    }
    writer.text(6, "earshot")
    writer.stop()
    return writer.bytes
  }

  /// ColumnChunk and ColumnMetaData.
  private static func write(_ column: ParquetColumn, _ chunk: Chunk, to writer: inout ThriftWriter) {
    writer.int64(2, chunk.offset)
    writer.structure(3) { meta in
      meta.int32(1, column.kind.rawValue)
      meta.integers(2, [0, 3])  // PLAIN and RLE.
      meta.texts(3, column.path)
      meta.int32(4, 0)  // Uncompressed.
      meta.int64(5, chunk.values)
      meta.int64(6, chunk.size)
      meta.int64(7, chunk.size)
      meta.int64(9, chunk.offset)
    }
  }
}
