/// How ``BLEU`` cuts a text into tokens.
public enum BLEUTokenizer: String, Sendable, CaseIterable {
  /// That of NIST's mteval-v13a.pl, the usual one for languages written with spaces.
  case v13a = "13a"
  /// Each Chinese character a token, the rest as in ``v13a``.
  case chinese = "zh"

  /// The tokens that sacrebleu 2.6 finds.
  func tokens(_ text: String) -> [CodePoints] {
    var points = CodePoints(text.unicodeScalars)
    while points.last?.isWhiteSpace == true { points.removeLast() }
    switch self {
    case .v13a: points = [" "] + Self.withoutMarkup(points) + [" "]
    case .chinese:
      points = points.drop(while: \.isWhiteSpace).flatMap { Self.isChinese($0) ? [" ", $0, " "] : [$0] }
    }
    points = points.flatMap { Self.standsAlone($0) ? [" ", $0, " "] : [$0] }
    points = Self.parting(points, first: { !$0.isASCIIDigit }, second: Self.isPointOrComma)
    points = Self.parting(points, first: Self.isPointOrComma, second: { !$0.isASCIIDigit }, hasSpaceBehind: false)
    points = Self.parting(points, first: \.isASCIIDigit, second: { $0 == "-" })
    return points.split(whereSeparator: \.isWhiteSpace).map(CodePoints.init)
  }

  private static func withoutMarkup(_ points: CodePoints) -> CodePoints {
    var plain = points.replacing("<skipped>", with: "").replacing("-\n", with: "").replacing("\n", with: " ")
    for (name, mark) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
      plain = plain.replacing(name, with: mark)
    }
    return plain
  }

  private static func isPointOrComma(_ point: Unicode.Scalar) -> Bool { point == "." || point == "," }

  /// ASCII marks but `'`, `,`, `-` and `.`, and the space.
  private static func standsAlone(_ point: Unicode.Scalar) -> Bool {
    switch point.value {
    case 0x20...0x26, 0x28...0x2B, 0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  /// Writes each two neighbours of the given kinds apart, with a space behind them or else in front of them. The second
  /// is not looked at again as a first.
  private static func parting(
    _ points: CodePoints, first: (Unicode.Scalar) -> Bool, second: (Unicode.Scalar) -> Bool, hasSpaceBehind: Bool = true
  ) -> CodePoints {
    var parted = CodePoints()
    parted.reserveCapacity(points.count * 2)
    var index = 0
    while index < points.count {
      if index + 1 < points.count, first(points[index]), second(points[index + 1]) {
        let apart = [points[index], " ", points[index + 1]]
        parted += hasSpaceBehind ? apart + [" "] : [" "] + apart
        index += 2
      } else {
        parted.append(points[index])
        index += 1
      }
    }
    return parted
  }

  /// The characters that sacrebleu's zh tokenizer holds for Chinese, after its table (copyright 2017 Shujian Huang,
  /// under the MIT licence that stands in the file NOTICE).
  ///
  /// Two of its ranges were meant for characters beyond U+FFFF. As the table writes them, they mean U+2001 to U+2A6D,
  /// quotation marks and dashes included, and U+2F81 to U+2FA1.
  private static func isChinese(_ point: Unicode.Scalar) -> Bool {
    switch point.value {
    case 0x2001...0x2A6D, 0x2E80...0x2EFF, 0x2F00...0x2FDF, 0x2FF0...0x2FFF, 0x3000...0x303F, 0x3100...0x312F,
      0x31A0...0x31BF, 0x31C0...0x31EF, 0x3200...0x33FF, 0x3400...0x4DB5, 0x4E00...0x9FBB, 0xF900...0xFA2D,
      0xFA30...0xFA6A, 0xFA70...0xFAD9, 0xFE10...0xFE1F, 0xFE30...0xFE4F, 0xFF00...0xFFEF:
      true
    default: false
    }
  }
}

extension [Unicode.Scalar] {
  /// With `replacement` for each place of `phrase`, from the left.
  func replacing(_ phrase: String, with replacement: String) -> CodePoints {
    let phrase = CodePoints(phrase.unicodeScalars)
    guard let first = phrase.first, contains(first) else { return self }
    var result = CodePoints()
    var index = 0
    while index < count {
      if self[index] == first, holds(phrase, at: index) {
        result += CodePoints(replacement.unicodeScalars)
        index += phrase.count
      } else {
        result.append(self[index])
        index += 1
      }
    }
    return result
  }
}
