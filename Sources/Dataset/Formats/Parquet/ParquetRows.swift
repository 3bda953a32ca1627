import Foundation

/// The rows of a Parquet file, a row group in memory at a time: texts, numbers, lists of them, and a sound that stands
/// in the row, as `datasets` keeps it. What is nested deeper is left out.
struct ParquetRows {
  struct Row {
    var value: JSONValue
    var sound: [UInt8]?
    var number: Int
  }

  private let path: String
  private let leaves: [ParquetLeaf]
  private let groups: [ThriftValue]
  private var nextGroup = 0
  private var rows: ArraySlice<Row> = []
  private var count = 0
  /// Of a chunk, in bytes.
  private static let longest = 1 << 30

  init(path: String) throws(DatasetError) {
    self.path = path
    do {
      let footer = try ParquetCheck(path: path).footer()
      var reader = ThriftReader(footer.bytes)
      let file = try reader.structure()
      guard let schema = file[2]?.elements, let groups = file[4]?.elements else {
        throw RowProblem(reason: "the footer lacks the schema or the rows")
      }
      leaves = try ParquetLeaf.leaves(schema)
      self.groups = groups
    } catch let problem as RowProblem {
      throw .badText(path: path, line: 1, reason: problem.reason)
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }

  /// Nil after the last.
  mutating func next() throws(DatasetError) -> Row? {
    while rows.isEmpty, nextGroup < groups.count {
      do {
        rows = try read(groups[nextGroup])[...]
      } catch let problem as RowProblem {
        throw .badText(path: path, line: count + 1, reason: problem.reason)
      } catch {
        throw .unreadableFile(path: path, reason: fileReason(error))
      }
      nextGroup += 1
      count += rows.count
    }
    return rows.popFirst()
  }

  /// Calls `body` with each sound in the column `audio` whose name ends so, its name and its row, from 1. No other columns
  /// are read, and no sounds of row groups without such a name.
  func forEachSound(ending: String, _ body: (_ name: String, _ bytes: [UInt8], _ row: Int) throws -> Void) throws {
    let place = { (member: String) in leaves.firstIndex { $0.path == ["audio", member] } }
    guard let bytesPlace = place("bytes"), let namePlace = place("path") else { return }
    var first = 1
    for group in groups {
      guard let chunks = group[1]?.elements, let total = group[3]?.integer, chunks.count == leaves.count,
        (0...1 << 24).contains(total)
      else { throw RowProblem(reason: "a row group is not as the schema says") }
      let names = try values(of: leaves[namePlace], chunks[namePlace], rows: total).map(\.text)
      if names.contains(where: { $0.hasSuffix(ending) }) {
        let sounds = try values(of: leaves[bytesPlace], chunks[bytesPlace], rows: total)
        for (row, name) in names.enumerated() where name.hasSuffix(ending) {
          if case .single(.bytes(let bytes)?) = sounds[row] { try body(name, bytes, first + row) }
        }
      }
      first += total
    }
  }

  private func read(_ group: ThriftValue) throws -> [Row] {
    guard let chunks = group[1]?.elements, let total = group[3]?.integer, chunks.count == leaves.count,
      (0...1 << 24).contains(total)
    else { throw RowProblem(reason: "a row group is not as the schema says") }
    var members = [[JSONMember]](repeating: [], count: total)
    var sounds = [[UInt8]?](repeating: nil, count: total)
    for (leaf, chunk) in zip(leaves, chunks) where leaf.mostRepetition <= 1 {
      let values = try values(of: leaf, chunk, rows: total)
      for (row, value) in values.enumerated() { Self.put(value, leaf, in: &members[row], &sounds[row]) }
    }
    return members.indices.map { row in
      Row(value: .object(members[row]), sound: sounds[row], number: count + row + 1)
    }
  }

  /// What a row has in a column.
  private enum Cell {
    case single(ParquetValue?)
    case list([ParquetValue?])

    /// Empty where there is none.
    var text: String {
      guard case .single(let value?) = self else { return "" }
      return value.json?.string ?? ""
    }
  }

  private func values(of leaf: ParquetLeaf, _ chunk: ThriftValue, rows: Int) throws -> [Cell] {
    guard let meta = chunk[3], let type = meta[1]?.integer, let codec = meta[4]?.integer, let count = meta[5]?.integer,
      let size = meta[7]?.integer, let data = meta[9]?.integer, (0...Self.longest).contains(size)
    else { throw RowProblem(reason: "a column says not where it is") }
    // Writers differ in what they put there where there is no dictionary.
    let start = meta[11]?.integer.map { $0 > 0 ? min($0, data) : data } ?? data
    guard start >= 4, count >= 0, count <= 1 << 28 else { throw RowProblem(reason: "a column reaches beyond the file") }
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(start))
    let bytes = [UInt8](size == 0 ? Data() : try file.read(upToCount: size) ?? Data())
    let entries = try ParquetPages.entries(of: leaf, type: type, codec: codec, bytes: bytes, count: count)
    let cells = leaf.mostRepetition == 0 ? entries.map { Cell.single($0.value) } : Self.lists(entries, leaf)
    guard cells.count == rows else { throw RowProblem(reason: "a column has another number of rows than the file") }
    return cells
  }

  private static func lists(_ entries: [ParquetPages.Entry], _ leaf: ParquetLeaf) -> [Cell] {
    var lists: [[ParquetValue?]] = []
    for entry in entries {
      if entry.repetition == 0 { lists.append([]) }
      // Below that level the list is empty, or not there.
      if entry.definition >= leaf.listDefinition, !lists.isEmpty { lists[lists.count - 1].append(entry.value) }
    }
    return lists.map { .list($0) }
  }

  private static func put(_ cell: Cell, _ leaf: ParquetLeaf, in members: inout [JSONMember], _ sound: inout [UInt8]?) {
    let name = leaf.path[0]
    switch cell {
    case .list(let values):
      members.append(JSONMember(name: name, value: .array(values.map { $0?.json ?? .null })))
    case .single(let value):
      if leaf.path.count == 2, leaf.path[1] == "bytes" {
        if case .bytes(let bytes) = value, !bytes.isEmpty { sound = bytes }
        return
      }
      let json = value?.json ?? .null
      guard leaf.path.count > 1 else { return members.append(JSONMember(name: name, value: json)) }
      let inner = JSONMember(name: leaf.path[leaf.path.count - 1], value: json)
      if let place = members.firstIndex(where: { $0.name == name }), case .object(let others) = members[place].value {
        members[place].value = .object(others + [inner])
      } else {
        members.append(JSONMember(name: name, value: .object([inner])))
      }
    }
  }
}
