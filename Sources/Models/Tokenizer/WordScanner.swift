/// Cuts text into the words that byte-pair encoding works on, by Qwen2's rule, the first of these that fits:
///
///     (?i:'s|'t|'re|'ve|'m|'ll|'d)
///     [^\r\n\p{L}\p{N}]?\p{L}+
///     \p{N}
///      ?[^\s\p{L}\p{N}]+[\r\n]*
///     \s*[\r\n]+
///     \s+(?!\S)
///     \s+
///
/// By hand, as Foundation's regular expressions are fifty times slower. Each character is of one of five classes, and
/// each class starts one of the alternatives, so that every text is cut without gaps.
struct WordScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// `bytes` has to be UTF-8 and to stay there.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next word; nil at the end.
  mutating func next() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    position = end(from: start)
    return start..<position
  }

  private func end(from start: Int) -> Int {
    if bytes[start] == UInt8(ascii: "'"), let end = contractionEnd(from: start) { return end }
    let (first, afterFirst) = classify(start)
    if first == .letter { return run(of: .letter, from: afterFirst) }
    if first == .number { return afterFirst }
    let second = afterFirst < bytes.count ? classify(afterFirst).0 : .newline
    if second == .letter, first != .newline { return run(of: .letter, from: afterFirst) }
    if first == .other || bytes[start] == UInt8(ascii: " ") && second == .other {
      return run(of: .newline, from: run(of: .other, from: afterFirst))
    }
    return spaceEnd(from: start)
  }

  /// The end of `'s`, `'re` and so on, in any case; `'ſ` is one in Unicode's case folding.
  private func contractionEnd(from start: Int) -> Int? {
    guard start + 1 < bytes.count else { return nil }
    let first = bytes[start + 1] | 0x20
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    default: break
    }
    guard start + 2 < bytes.count else { return nil }
    if bytes[start + 1] == 0xC5, bytes[start + 2] == 0xBF { return start + 3 }
    switch (first, bytes[start + 2] | 0x20) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return nil
    }
  }

  /// The end of white space: after its last line break, or before its last character if something follows it.
  private func spaceEnd(from start: Int) -> Int {
    var (end, lastStart, afterNewline) = (start, start, start)
    while end < bytes.count {
      let (kind, next) = classify(end)
      guard kind == .space || kind == .newline else { break }
      lastStart = end
      end = next
      if kind == .newline { afterNewline = end }
    }
    if afterNewline > start { return afterNewline }
    return end == bytes.count || lastStart == start ? end : lastStart
  }

  @inline(__always)
  private func run(of wanted: ScalarClass, from start: Int) -> Int {
    var end = start
    while end < bytes.count {
      let (kind, next) = classify(end)
      guard kind == wanted else { break }
      end = next
    }
    return end
  }

  /// The class of the character at `start` and where the next one begins.
  @inline(__always)
  private func classify(_ start: Int) -> (ScalarClass, Int) {
    let lead = bytes[start]
    if lead < 0x80 { return (ScalarClass.ascii[Int(lead)], start + 1) }
    let (scalar, length) = UTF8Text.scalar(in: bytes, at: start)
    return (ScalarClass(scalar), start + length)
  }
}
