/// A caption as it is stored, from text that others wrote: one line without control characters, at most 4,000
/// characters, and without what a model thought before it, up to `</think>`, or for good where its thoughts were cut off.
public func captionText(_ text: String) -> String {
  var spoken = text.ranges(of: "</think>").last.map { text[$0.upperBound...] } ?? text[...]
  if let thoughts = spoken.firstRange(of: "<think>") { spoken = spoken[..<thoughts.lowerBound] }
  return String(plainText(String(spoken)).prefix(longestCaption))
}

/// A caption that ended because its tokens were used up, back to its last whole sentence; all of it where there is
/// none.
public func wholeSentences(of text: String) -> String {
  let ends = text.indices.filter { index in
    let next = text.index(after: index)
    return ".!?".contains(text[index]) && (next == text.endIndex || text[next] == " ")
  }
  return ends.last.map { String(text[...$0]) } ?? text
}

/// Characters of the longest caption that is kept; the rest is cut.
private let longestCaption = 4_000
