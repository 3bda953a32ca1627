/// JSON of a YAML value: keys sorted by their bytes, no spaces; unquoted numbers and truth values keep their type.
func jsonText(_ value: PlacedValue) -> String {
  switch value.content {
  case .null: "null"
  case .scalar(let text, let isPlain): isPlain ? plainJSON(text) : quoted(text)
  case .list(let elements): "[" + elements.map(jsonText).joined(separator: ",") + "]"
  case .mapping(let entries):
    "{"
      + entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { quoted($0.key) + ":" + jsonText($0.value) }.joined(separator: ",") + "}"
  }
}

private func plainJSON(_ text: String) -> String {
  if text == "true" || text == "false" { return text }
  if let number = Int(text) { return String(number) }
  return decimal(text).map { "\($0)" } ?? quoted(text)
}

private func quoted(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\n": json += "\\n"
    case "\t": json += "\\t"
    case "\u{0}"..."\u{1F}":
      let hex = String(scalar.value, radix: 16)
      json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}
