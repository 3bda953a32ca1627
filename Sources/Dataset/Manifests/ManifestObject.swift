/// Reads a manifest's row from a JSON object.
enum ManifestObject {
  /// Whether an object is a question of AVQA rather than a row with a file.
  static func isAVQA(_ value: JSONValue) -> Bool {
    value.member("video_name") != nil && file(of: value) == nil
  }

  static func row(_ value: JSONValue, isAVQA: Bool) throws(RowProblem) -> ManifestRow {
    guard case .object(let members) = value else { throw RowProblem(reason: "the row is \(value.kind), not an object") }
    return isAVQA ? try avqaRow(value) : try row(value, members)
  }

  private static func file(of value: JSONValue) -> JSONMember? {
    member(of: value, ManifestColumns.file)
  }

  private static func member(of value: JSONValue, _ names: [String]) -> JSONMember? {
    guard case .object(let members) = value else { return nil }
    return names.lazy.compactMap { name in members.first { $0.name.lowercased() == name } }.first
  }

  private static func row(_ value: JSONValue, _ members: [JSONMember]) throws(RowProblem) -> ManifestRow {
    guard let file = file(of: value) else {
      throw RowProblem(
        reason: "no member names the audio file; name it one of \(ManifestColumns.file.joined(separator: ", "))")
    }
    guard let path = file.value.string else {
      throw RowProblem(reason: "'\(file.name)' is \(file.value.kind), not text")
    }
    let label = member(of: value, ManifestColumns.label)
    let recording = member(of: value, ManifestColumns.recording)
    var row = ManifestRow(file: try audioPath(path))
    if let label { row.labels = try labels(label) }
    row.recording = recording.flatMap { text(of: $0.value) }
    for member in members where ![file.name, label?.name, recording?.name].contains(member.name) {
      if let text = text(of: member.value) { row.metadata[member.name] = text }
    }
    return row
  }

  private static func labels(_ member: JSONMember) throws(RowProblem) -> [String] {
    switch member.value {
    case .null: return []
    case .string(let text): return splitLabels(text)
    case .number, .bool: return text(of: member.value).map { [$0] } ?? []
    case .array(let elements):
      let texts = elements.compactMap(text)
      if texts.count == elements.count { return distinct(texts) }
      throw RowProblem(reason: "'\(shortened(member.name))' holds something that is not text")
    case .object: throw RowProblem(reason: "'\(shortened(member.name))' is an object, not text or a list")
    }
  }

  /// A value as metadata: nothing for what is empty or nested.
  private static func text(of value: JSONValue) -> String? {
    switch value {
    case .string(let text): trimmed(text).isEmpty ? nil : trimmed(text)
    case .number(let text): text
    case .bool(let isTrue): isTrue ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  private static func avqaRow(_ value: JSONValue) throws(RowProblem) -> ManifestRow {
    guard let name = value.member("video_name")?.string else { throw RowProblem(reason: "'video_name' is not text") }
    let file = try audioPath(name)
    let stem = stemOfVideo(file) ?? file
    var row = ManifestRow(file: stem, recording: YouTubeClip(stem: stem)?.video)
    if let id = value.member("video_id").flatMap(text) { row.metadata["video_id"] = id }
    return row
  }
}
