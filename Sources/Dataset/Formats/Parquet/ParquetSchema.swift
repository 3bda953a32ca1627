/// The columns of our Parquet files, as Parquet and as `datasets` name them.
enum ParquetSchema {
  static let magic = Array("PAR1".utf8)

  /// One for each leaf: first those of the sound, then those of the table.
  static func columns(_ table: [HubColumn], withSound hasSound: Bool) -> [ParquetColumn] {
    let sound = [
      ParquetColumn(path: ["audio", "bytes"], kind: .bytes, isText: false),
      ParquetColumn(path: ["audio", "path"], kind: .bytes, isText: true),
    ]
    return (hasSound ? sound : [])
      + table.map { column in
        switch column.kind {
        case .text: ParquetColumn(path: [column.name], kind: .bytes, isText: true)
        case .integer: ParquetColumn(path: [column.name], kind: .int64, isText: false)
        case .number: ParquetColumn(path: [column.name], kind: .double, isText: false)
        case .texts:
          ParquetColumn(path: [column.name, "list", "element"], kind: .bytes, isText: true, isList: true)
        }
      }
  }

  /// What makes `datasets` take `audio` for a sound. `Sequence`, as `List` is not known to datasets 3.6.
  static func features(_ table: [HubColumn], withSound hasSound: Bool) -> String {
    let sound = #""audio":{"sampling_rate":\#(SetSound.sampleRate),"_type":"Audio"}"#
    let others = table.map { column in
      let feature =
        switch column.kind {
        case .text: #"{"dtype":"string","_type":"Value"}"#
        case .integer: #"{"dtype":"int64","_type":"Value"}"#
        case .number: #"{"dtype":"float64","_type":"Value"}"#
        case .texts: #"{"feature":{"dtype":"string","_type":"Value"},"_type":"Sequence"}"#
        }
      return JSONText.string(column.name) + ":" + feature
    }
    return #"{"info":{"features":{"# + ((hasSound ? [sound] : []) + others).joined(separator: ",") + "}}}"
  }

  private struct Element {
    var name: String
    var kind: ParquetColumn.Kind?
    var repetition: Int?
    var children: Int?
    /// UTF8 or LIST.
    var converted: Int?
  }

  private static let (optional, repeated, text, list) = (1, 2, 0, 3)

  /// The schema as a list, each group before its members.
  static func write(_ columns: [ParquetColumn], hasSound: Bool, to writer: inout ThriftWriter) {
    let root = Element(name: "schema", children: columns.count - (hasSound ? 1 : 0))
    let sound = Element(name: "audio", repetition: optional, children: 2)
    let elements = [root] + (hasSound ? [sound] : []) + columns.flatMap(elements)
    writer.structures(2, elements) { writer, element in
      if let kind = element.kind { writer.int32(1, kind.rawValue) }
      if let repetition = element.repetition { writer.int32(3, repetition) }
      writer.text(4, element.name)
      if let children = element.children { writer.int32(5, children) }
      if let converted = element.converted { writer.int32(6, converted) }
      // LogicalType is a union whose member is named by the field: 1 for a string, 3 for a list.
      if let converted = element.converted { writer.structure(10) { $0.structure(converted == text ? 1 : 3) { _ in } } }
    }
  }

  private static func elements(_ column: ParquetColumn) -> [Element] {
    let leaf = Element(
      name: column.path.last ?? "", kind: column.kind, repetition: optional, converted: column.isText ? text : nil)
    guard column.isList else { return [leaf] }
    return [
      Element(name: column.path[0], repetition: optional, children: 1, converted: list),
      Element(name: column.path[1], repetition: repeated, children: 1), leaf,
    ]
  }
}

/// Parquet files with the sounds inside, which `datasets` 2.14 to 5.2, pandas and DuckDB read as they are.
public enum ParquetFormat: SetFormat {
  public static let sounds: [SoundHandling] = [.embedded, .absent]

  public static let rowExtensions = ["parquet"]

  /// Its files have no rows of text; see `ParquetCheck`.
  public static func check(_ row: CheckedRow) throws(RowProblem) {}

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile(prefix: "data/\(split)-", digits: 5, suffix: ".parquet", configuration: "default") { ParquetEncoder() }
    ]
  }
}
