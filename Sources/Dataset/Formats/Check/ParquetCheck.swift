import Foundation

/// Reads what a Parquet file says of itself, and whether that is true of its size: a file that was cut off, or whose sounds
/// would load as bare structures, is found without decoding a page. Of sounds in FLAC alone, the end of each is looked at.
struct ParquetCheck {
  let path: String

  private static let needed = ["question", "choices", "answer"]

  /// Returns the number of rows.
  func check() throws -> Int {
    let (footer, end) = try footer()
    var reader = ThriftReader(footer)
    let file = try reader.structure()
    guard let rows = file[3]?.integer, let schema = file[2]?.elements, let groups = file[4]?.elements else {
      throw RowProblem(reason: "the footer lacks the schema or the rows")
    }
    let names = schema.compactMap { $0[4]?.text }
    if let missing = Self.needed.first(where: { !names.contains($0) }) {
      throw RowProblem(reason: "there is no column '\(missing)'")
    }
    guard groups.reduce(0, { $0 + ($1[3]?.integer ?? 0) }) == rows else {
      throw RowProblem(reason: "the row groups do not add up to \(rows) rows")
    }
    for group in groups { try checkChunks(group, end: end) }
    if names.contains("audio") {
      try checkFeatures(file[5]?.elements ?? [])
      try checkSounds()
    }
    return rows
  }

  /// What the file says of itself, and where that begins.
  func footer() throws -> (bytes: [UInt8], start: Int) {
    guard let file = FileHandle(forReadingAtPath: path) else { throw RowProblem(reason: "cannot be read") }
    let size = Int(try file.seekToEnd())
    guard size >= 12 else { throw RowProblem(reason: "is too short for a Parquet file") }
    try file.seek(toOffset: UInt64(size - 8))
    let tail = [UInt8](try file.read(upToCount: 8) ?? Data())
    guard tail.count == 8, Array(tail[4...]) == ParquetSchema.magic else {
      throw RowProblem(reason: "does not end as a Parquet file does: it was cut off, or is none")
    }
    let length = tail[..<4].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    guard length <= size - 12 else { throw RowProblem(reason: "the footer is longer than the file") }
    try file.seek(toOffset: UInt64(size - 8 - length))
    return ([UInt8](try file.read(upToCount: length) ?? Data()), size - 8 - length)
  }

  private func checkChunks(_ group: ThriftValue, end: Int) throws(RowProblem) {
    guard let chunks = group[1]?.elements else { throw RowProblem(reason: "a row group has no columns") }
    for chunk in chunks {
      guard let meta = chunk[3], let offset = meta[9]?.integer, let size = meta[7]?.integer else {
        throw RowProblem(reason: "a column says not where it is")
      }
      guard offset >= 4, size >= 0, size <= end, offset <= end - size else {
        let name = meta[3]?.elements?.compactMap(\.text).joined(separator: ".") ?? ""
        throw RowProblem(reason: "the column '\(shortened(name))' reaches beyond the file")
      }
    }
  }

  private func checkSounds() throws {
    try ParquetRows(path: path).forEachSound(ending: ".flac") { name, bytes, row in
      do {
        _ = try FLACFile(bytes: bytes)
      } catch let problem as RowProblem {
        throw RowProblem(reason: "the sound '\(shortened(name))' of row \(row) \(problem.reason)")
      }
    }
  }

  /// Without them `datasets` takes a sound for a structure of bytes and path; its version 3.6 does not know `List`.
  private func checkFeatures(_ entries: [ThriftValue]) throws(RowProblem) {
    guard let text = entries.first(where: { $0[1]?.text == "huggingface" })?[2]?.text else {
      throw RowProblem(reason: "no features of 'huggingface' say that 'audio' is a sound")
    }
    let audio = (try? JSONParser.parse(Array(text.utf8)))?.member("info")?.member("features")?.member("audio")
    guard audio?.member("_type")?.string == "Audio" else {
      throw RowProblem(reason: "the features of 'huggingface' do not call 'audio' a sound")
    }
    guard !text.contains(#""_type":"List""#), !text.contains(#""_type": "List""#) else {
      throw RowProblem(reason: "the features of 'huggingface' hold 'List', which datasets 3.6 does not know")
    }
  }
}
