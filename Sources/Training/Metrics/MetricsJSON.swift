/// A JSON object on one line, written member by member in the order they come in.
struct MetricsJSON {
  private var members: [String] = []

  var text: String { "{" + members.joined(separator: ", ") + "}" }

  mutating func add(_ name: String, _ value: Int) { members.append("\(Self.quoted(name)): \(value)") }

  mutating func add(_ name: String, _ value: Bool) { members.append("\(Self.quoted(name)): \(value)") }

  mutating func add(_ name: String, _ value: String) {
    members.append("\(Self.quoted(name)): \(Self.quoted(value))")
  }

  /// The shortest digits that read back as the same number; `null` for what is not finite.
  mutating func add(_ name: String, _ value: Double?) {
    members.append("\(Self.quoted(name)): \(value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null")")
  }

  mutating func add(_ name: String, _ value: MetricsJSON) { members.append("\(Self.quoted(name)): \(value.text)") }

  /// A JSON string of printable ASCII and of whatever is above it, save what breaks lines in other readers.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
