/// Text of unknown origin on a terminal.
enum PlainText {
  /// `text` without anything that acts rather than shows: line breaks and tabs become spaces, other control and format
  /// characters (escape sequences, text direction, invisible joiners) a middle dot.
  static func cleaned(_ text: String, keepingLines: Bool = false) -> String {
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where keepingLines: cleaned.append(scalar)
      case "\n", "\t", "\r", "\u{2028}", "\u{2029}": cleaned.append(" ")
      default: cleaned.append(isShown(scalar) ? scalar : "·")
      }
    }
    return String(cleaned)
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  /// Lines of at most `width` columns (at least 2), broken at spaces where there are any; runs of spaces count as one.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let size = columns(word)
      if used > 0, used + 1 + size <= width {
        line += " " + word
        used += 1 + size
        continue
      }
      if used > 0 { lines.append(line) }
      (line, used) = ("", 0)
      for character in word {
        let step = columns(of: character)
        if used + step > width {
          lines.append(line)
          (line, used) = ("", 0)
        }
        line.append(character)
        used += step
      }
    }
    if used > 0 { lines.append(line) }
    return lines
  }

  /// As much of a line as fits, with an ellipsis at its end where something had to go.
  static func cut(_ line: String, width: Int) -> String {
    guard columns(line) > width else { return line }
    var result = ""
    var used = 0
    for character in line {
      used += columns(of: character)
      if used > width - 1 { break }
      result.append(character)
    }
    return result + "…"
  }

  static func columns(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

  /// 2 for East Asian wide characters and emoji, else 1; a mark without a letter takes a column too.
  private static func columns(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
