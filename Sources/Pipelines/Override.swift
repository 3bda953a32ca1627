/// A setting from the command line: "write.questions=3".
struct Override {
  let keys: [String]
  let value: PlacedValue

  init(_ text: String) throws(PipelineError) {
    guard let equals = text.firstIndex(of: "=") else { throw .badOverride(text) }
    let path = String(text[..<equals])
    keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isSetting = keys.count >= 2 || path == "name"
    guard isSetting, keys.allSatisfy({ $0.wholeMatch(of: /[A-Za-z0-9_\-]+/) != nil }) else { throw .badOverride(text) }
    let given = String(text[text.index(after: equals)...])
    value = try Self.value(given, at: .override(key: path, value: given))
    if case .mapping = value.content { throw .badOverride(text) }
  }

  func apply(to settings: inout [PlacedEntry]) throws(PipelineError) {
    settings = merged(into: settings, keys[...])
  }

  private func merged(into entries: [PlacedEntry], _ keys: ArraySlice<String>) -> [PlacedEntry] {
    guard let key = keys.first else { return entries }
    var entries = entries
    let index = entries.firstIndex { $0.key == key }
    var entry = index.map { entries[$0] } ?? PlacedEntry(key: key, place: value.place, value: value)
    if keys.count == 1 {
      entry = PlacedEntry(key: key, place: value.place, value: value)
    } else {
      let inner = if case .mapping(let inner) = entry.value.content { inner } else { [PlacedEntry]() }
      entry.value.content = .mapping(merged(into: inner, keys.dropFirst()))
    }
    if let index { entries[index] = entry } else { entries.append(entry) }
    return entries
  }

  private static func value(_ text: String, at place: Place) throws(PipelineError) -> PlacedValue {
    guard let first = text.first, "[\"'".contains(first) else {
      return PlacedValue(content: content(text, isPlain: true), place: place)
    }
    return try YAMLReader(origin: place).read(text)
  }
}
