/// Text in a picture, where nothing wraps by itself: how wide it is, and where it breaks.
enum LabelText {
  /// The width in pixels, on the wide side of what common sans-serif fonts need.
  static func width(_ text: String, size: Double = 12) -> Double {
    text.reduce(0) { $0 + em($1) } * size
  }

  /// The text in lines of at most `width` pixels; what does not fit the last line ends in "…".
  static func lines(_ text: String, width: Double, size: Double = 12, most: Int = 4) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      for piece in pieces(String(word), width: width, size: size) {
        let joined = line.isEmpty ? piece.text : line + (piece.startsWord ? " " : "") + piece.text
        if line.isEmpty || Self.width(joined, size: size) <= width {
          line = joined
        } else {
          lines.append(line)
          line = piece.text
        }
      }
    }
    lines.append(line)
    guard lines.count > most else { return lines }
    var last = lines[most - 1]
    while !last.isEmpty, Self.width(last + "…", size: size) > width { last.removeLast() }
    return lines.prefix(most - 1) + [last + "…"]
  }

  /// A word, in pieces if it is too wide: behind its hyphens, slashes and underscores first.
  private static func pieces(_ word: String, width: Double, size: Double) -> [(text: String, startsWord: Bool)] {
    guard Self.width(word, size: size) > width else { return [(word, true)] }
    var pieces: [(text: String, startsWord: Bool)] = []
    var piece = ""
    for character in word {
      if !piece.isEmpty, Self.width(piece + String(character), size: size) > width {
        pieces.append((piece, pieces.isEmpty))
        piece = ""
      }
      piece.append(character)
      if "-_/.:".contains(character) {
        pieces.append((piece, pieces.isEmpty))
        piece = ""
      }
    }
    return piece.isEmpty ? pieces : pieces + [(piece, pieces.isEmpty)]
  }

  private static func em(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", "f", "t", "r", " ", "(", ")", "[", "]": return 0.39
    case "m", "w", "M", "W", "%", "@": return 0.95
    case "A"..."Z": return 0.72
    default:
      // Wide from the first script of full-width letters on.
      return scalar.value >= 0x1100 && !(0x1E00..<0x2E80).contains(scalar.value) ? 1.1 : 0.63
    }
  }
}
