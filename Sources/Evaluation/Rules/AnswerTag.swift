/// The answer in `<answer>…</answer>`, as R1-AQA's `test_mmau.py` (commit 5d24f31) takes it out of an output.
public enum AnswerTag {
  /// What stands in the first pair of tags on one line, or the whole output where there is none, without white space
  /// around it.
  ///
  /// The pattern is `<answer>(.*?)</answer>`, whose dot is no line break: an answer of two lines counts as untagged.
  public static func text(in output: String) -> String {
    let bytes = Array(output.utf8)
    var start = 0
    while let opening = find("<answer>", in: bytes, from: start) {
      if let closing = find("</answer>", in: bytes, from: opening + 8), !bytes[opening..<closing].contains(0x0A) {
        return stripped(String(decoding: bytes[(opening + 8)..<closing], as: UTF8.self))
      }
      start = opening + 8
    }
    return stripped(output)
  }

  private static func find(_ tag: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
    tag.withUTF8Buffer { tag in
      guard start + tag.count <= bytes.count else { return nil }
      return (start...(bytes.count - tag.count)).first { place in
        bytes[place] == tag[0] && tag.indices.allSatisfy { bytes[place + $0] == tag[$0] }
      }
    }
  }
}

/// A text without white space around it, where white space is what Python's `str.strip()` takes away.
func stripped(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !isPythonSpace($0) }),
    let last = scalars.lastIndex(where: { !isPythonSpace($0) })
  else { return "" }
  return String(scalars[first...last])
}

/// Unicode's White_Space, and the four separators U+001C to U+001F, which Python adds.
private func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
  (0x1C...0x1F).contains(scalar.value) || scalar.properties.isWhitespace
}

/// Whether two texts have the same code points; Swift's own equality also takes other spellings of a letter.
func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
