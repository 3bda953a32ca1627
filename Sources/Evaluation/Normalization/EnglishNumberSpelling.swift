/// What is done around ``EnglishNumbers``: halves, digits and letters apart, cents behind their point, "one" for "1".
///
/// Follows openai-whisper 20250625 (`preprocess` and `postprocess` of its `EnglishNumberNormalizer`).
enum EnglishNumberSpelling {
  static func normalize(_ text: CodePoints) -> CodePoints {
    let prepared = joiningEndings(partingDigitsAndLetters(writingHalves(text)))
    let words = EnglishNumbers.inDigits(String(prepared).splitAtWhiteSpace())
    return writingOnes(writingBareCents(joiningCents(CodePoints(words.joined(separator: " ").unicodeScalars))))
  }

  /// "three and a half" as "three point five"; behind other words "and a half" stays.
  private static func writingHalves(_ text: CodePoints) -> CodePoints {
    let segments = segments(of: text)
    var results: [String] = []
    for (index, segment) in segments.enumerated() {
      guard let last = segment.split(whereSeparator: \.isWhiteSpace).last else { continue }
      results.append(String(segment))
      if index < segments.count - 1 {
        let word = NumberWord.all[String(last)]
        results.append(word?.followsPoint == true || word?.isMultiplier == true ? "point five" : "and a half")
      }
    }
    return CodePoints(results.joined(separator: " ").unicodeScalars)
  }

  /// What stands between the places of "and a half".
  private static func segments(of text: CodePoints) -> [ArraySlice<Unicode.Scalar>] {
    var segments: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    var index = 0
    while index < text.count {
      if let end = halfEnd(in: text, at: index) {
        segments.append(text[start..<index])
        (start, index) = (end, end)
      } else {
        index += 1
      }
    }
    return segments + [text[start...]]
  }

  private static func halfEnd(in text: CodePoints, at start: Int) -> Int? {
    guard text.holds(["a", "n", "d"], at: start), text.isWordBoundary(start) else { return nil }
    guard let article = afterSpaces(text, start + 3), text.holds(["a"], at: article) else { return nil }
    guard let half = afterSpaces(text, article + 1), text.holds(["h", "a", "l", "f"], at: half) else { return nil }
    return text.isWordBoundary(half + 4) ? half + 4 : nil
  }

  /// Behind the white space at `start`; nil where there is none.
  private static func afterSpaces(_ text: CodePoints, _ start: Int) -> Int? {
    var index = start
    while index < text.count, text[index].isWhiteSpace { index += 1 }
    return index > start ? index : nil
  }

  /// A space between a digit and a letter from a to z.
  private static func partingDigitsAndLetters(_ text: CodePoints) -> CodePoints {
    var parted = CodePoints()
    for (index, point) in text.enumerated() {
      if index > 0 {
        let before = text[index - 1]
        let isEdge = before.isASCIIDigit ? point.isLowerCaseASCII : before.isLowerCaseASCII && point.isASCIIDigit
        if isEdge { parted.append(" ") }
      }
      parted.append(point)
    }
    return parted
  }

  /// No space between a digit and an ending such as "th".
  private static func joiningEndings(_ text: CodePoints) -> CodePoints {
    let endings: [CodePoints] = [["s", "t"], ["n", "d"], ["r", "d"], ["t", "h"], ["s"]]
    var joined = CodePoints()
    var index = 0
    while index < text.count {
      if index > 0, text[index - 1].isASCIIDigit, let next = afterSpaces(text, index),
        endings.contains(where: { text.holds($0, at: next) && text.isWordBoundary(next + $0.count) })
      {
        index = next
      }
      joined.append(text[index])
      index += 1
    }
    return joined
  }

  private static let currencies: Set<Unicode.Scalar> = ["€", "£", "$"]

  /// "$2 and ¢7" and "$2 ¢7" as "$2.07".
  private static func joiningCents(_ text: CodePoints) -> CodePoints {
    var joined = CodePoints()
    var index = 0
    while index < text.count {
      guard currencies.contains(text[index]), let (whole, cents, end) = amounts(in: text, at: index + 1) else {
        joined.append(text[index])
        index += 1
        continue
      }
      joined += [text[index]] + whole + ["."] + (cents.count == 1 ? ["0"] : []) + cents
      index = end
    }
    return joined
  }

  private static func amounts(in text: CodePoints, at start: Int) -> (CodePoints, CodePoints, end: Int)? {
    let whole = CodePoints(text[start...].prefix(while: \.isASCIIDigit))
    var index = start + whole.count
    guard !whole.isEmpty, text.holds([" "], at: index) else { return nil }
    index += text.holds([" ", "a", "n", "d", " "], at: index) ? 5 : 1
    guard text.holds(["¢"], at: index), let cents = cents(in: text, at: index + 1) else { return nil }
    return (whole, cents, index + 1 + cents.count)
  }

  /// One or two digits that end a word.
  private static func cents(in text: CodePoints, at start: Int) -> CodePoints? {
    let digits = CodePoints(text.dropFirst(start).prefix(while: \.isASCIIDigit))
    guard (1...2).contains(digits.count), text.isWordBoundary(start + digits.count) else { return nil }
    return digits
  }

  /// "$0.07" as "¢7"; any character may stand for the point, as in the source.
  private static func writingBareCents(_ text: CodePoints) -> CodePoints {
    var bare = CodePoints()
    var index = 0
    while index < text.count {
      if currencies.contains(text[index]), text.holds(["0"], at: index + 1), index + 2 < text.count,
        text[index + 2] != "\n", let cents = cents(in: text, at: index + 3)
      {
        bare += ["¢"] + (cents.count == 2 && cents[0] == "0" ? cents.dropFirst() : cents[...])
        index += 3 + cents.count
      } else {
        bare.append(text[index])
        index += 1
      }
    }
    return bare
  }

  /// "one" and "ones" for the words "1" and "1s".
  private static func writingOnes(_ text: CodePoints) -> CodePoints {
    var ones = CodePoints()
    for (index, point) in text.enumerated() {
      let isOne = point == "1" && text.isWordBoundary(index)
      let hasEnd = text.isWordBoundary(index + 1) || text.holds(["s"], at: index + 1) && text.isWordBoundary(index + 2)
      if isOne && hasEnd { ones += ["o", "n", "e"] } else { ones.append(point) }
    }
    return ones
  }
}

extension Unicode.Scalar {
  fileprivate var isLowerCaseASCII: Bool { (0x61...0x7A).contains(value) }
}
