/// Where a setting was written: a line of a file, or an override on the command line.
public enum Place: Sendable, Hashable {
  /// `line` counts from 1; nil where the file as a whole is meant.
  case file(String, line: Int?)
  /// `--set key=value`.
  case override(key: String, value: String)

  /// Whether what was given here may be a secret.
  var holdsSecret: Bool {
    if case .override(let key, _) = self { namesSecret(key) } else { false }
  }

  /// Without what was given, for what should not be seen on screen.
  var hidingValue: String {
    switch self {
    case .file: description
    case .override(let key, _): "--set \(key)"
    }
  }
}

extension Place: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let path, line: .some(let line)): "\(path):\(line)"
    case .file(let path, line: .none): path
    case .override(let key, let value): "--set \(shownOverride("\(key)=\(value)"))"
    }
  }
}

/// The text on one line and at most 80 characters long.
func excerpt(_ text: String) -> String {
  let line = String(text.prefix(81).map { $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? " " : $0 })
  return line.count > 80 ? line.prefix(77) + "..." : line
}
