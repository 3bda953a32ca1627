import Foundation

/// Reads a file of a set row by row: JSON lines and tar archives in flat memory, Parquet by row groups, a JSON list from
/// the whole file.
///
///     var reader = try ImportReader(path: "theirs/train.jsonl", root: "theirs")
///     while let entry = try reader.next() { … }
public struct ImportReader: ~Copyable {
  private let format: ImportFormat?
  private let places: AudioPlaces
  /// Of rows that name none; empty where the file's path does not tell either.
  private let split: String
  private var rows: JSONRows?
  private var shard: ShardRows?
  private var table: ParquetRows?
  /// Of TRL, the same questions with the captions in the sound's place.
  private var described: JSONRows?

  /// `root` is the folder of the set, where `path` is in one; sounds are looked for beside the file, there, and in
  /// `audioFolder`. Each row tells its format, unless `format` does.
  public init(
    path: String, root: String, format: ImportFormat? = nil, audioFolder: String? = nil
  ) throws(DatasetError) {
    let isPlain = !path.hasSuffix(".tar") && !path.hasSuffix(".parquet")
    let rows = isPlain ? try JSONRows(path: path) : nil
    let described = isPlain ? try Self.described(path) : nil
    let shard = path.hasSuffix(".tar") ? try ShardRows(path: path) : nil
    let table = path.hasSuffix(".parquet") ? try ParquetRows(path: path) : nil
    let inSet = path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
    self.format = format
    places = AudioPlaces(file: path, root: root, folder: audioFolder)
    split = Split(ofFile: inSet)?.rawValue ?? ""
    self.rows = rows
    self.described = described
    self.shard = shard
    self.table = table
  }

  /// The file beside one of TRL's that has captions in the sound's place.
  private static func described(_ path: String) throws(DatasetError) -> JSONRows? {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let twin = path[..<start] + "text-" + path[start...]
    return FileManager.default.fileExists(atPath: String(twin)) ? try JSONRows(path: String(twin)) : nil
  }

  /// The next row, or nil after the last. Throws where the rest cannot be told apart any more.
  public mutating func next() throws(DatasetError) -> ImportEntry? {
    if shard != nil { return try nextSample() }
    if let row = try table?.next() {
      return entry(row.value, nil, line: row.number, bytes: row.sound, named: Self.name(of: row))
    }
    let twin = try described?.next()
    switch try rows?.next() {
    case nil: return nil
    case .refused(let line, let reason)?: return .refused(line: line, code: .schema, reason: reason)
    case .value(let value, let line)?: return entry(value, twin, line: line)
    }
  }

  private mutating func nextSample() throws(DatasetError) -> ImportEntry? {
    guard let sample = try shard?.next() else { return nil }
    guard let value = try? JSONParser.parse(sample.json) else {
      let reason = sample.json.isEmpty ? "the sample has no JSON member" : "the sample's JSON member is not JSON"
      return .refused(line: sample.number, code: .schema, reason: reason)
    }
    let sound = sample.sound.isEmpty ? nil : sample.sound
    return entry(value, nil, line: sample.number, bytes: sound, named: sample.soundName)
  }

  /// What a table calls the sound that it holds.
  private static func name(of row: ParquetRows.Row) -> String {
    (try? RowMembers(row.value).audio()) ?? ""
  }

  /// `bytes` are those of the row's sound, where they are in the file of the rows.
  private func entry(
    _ value: JSONValue, _ twin: JSONRows.Row?, line: Int, bytes: [UInt8]? = nil, named name: String = ""
  ) -> ImportEntry {
    do throws(RowProblem) {
      var row = try (format ?? ImportFormat(recognizing: value)).row(value, places)
      if case .value(let other, _)? = twin, other.member("id") == value.member("id"), row.question.captions.isEmpty {
        row.question.captions = (try? ImportFormat.trl.row(other, places))?.question.captions ?? []
      }
      if let bytes { row.sound = ImportSound(.bytes(bytes, name: name)) }
      try settle(&row, line: line)
      return .row(row)
    } catch {
      return .refused(line: line, code: error.code, reason: error.reason)
    }
  }

  /// What follows from the place of a row, where the row does not say it.
  private func settle(_ row: inout ImportRow, line: Int) throws(RowProblem) {
    row.line = line
    let split = Split(named: row.question.split)?.rawValue
    row.question.split = split ?? (row.question.split.isEmpty ? self.split : "")
    if row.question.id.isEmpty { row.question.id = row.contentID }
    let isNamed = row.question.id.utf8.count <= Self.longestName && row.question.clip.utf8.count <= Self.longestName
    guard isNamed else { throw RowProblem(reason: "the id has more than \(Self.longestName) bytes") }
    try row.checkWords()
  }

  /// Of ids, in bytes.
  private static let longestName = 512
}

extension ImportRow {
  /// Takes white space off the texts, and refuses what no format can hold: exports would trip over it later.
  fileprivate mutating func checkWords() throws(RowProblem) {
    question.question = trimmed(question.question)
    question.choices = question.choices.map(trimmed)
    for text in [question.question] + question.choices {
      guard !text.isEmpty else { throw RowProblem(reason: "the question or a choice is empty") }
      let caseless = text.lowercased()
      if let token = CheckSettings.usualForbiddenTokens.first(where: caseless.contains) {
        throw RowProblem(
          reason: "'\(shortened(text))' holds \(token), which trainers read as their own", code: .forbiddenToken)
      }
      if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x2028 || $0.value == 0x2029 }) {
        throw RowProblem(
          reason: "'\(shortened(text))' holds a line break or a control character", code: .forbiddenToken)
      }
    }
    var seen = Set<String>()
    if let twice = question.choices.first(where: { !seen.insert($0.lowercased()).inserted }) {
      throw RowProblem(reason: "the choice '\(shortened(twice))' is there twice", code: .duplicateChoice)
    }
  }
}
