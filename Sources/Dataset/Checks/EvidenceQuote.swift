import Foundation

/// What a writer quotes from captions: one passage, one with parts left out, or several.
///
/// Compared are words, so that case, punctuation and kinds of quotation marks do not count. Where an ellipsis stands for
/// what is left out, the parts follow each other in one caption. Passages in quotation marks of their own may be from
/// several captions; what stands between them is the writer's.
struct EvidenceQuote {
  /// Each is to be found in a caption: its parts in their order.
  private let passages: [[String]]
  private let whole: String

  init(_ text: String) {
    whole = text.precomposedStringWithCanonicalMapping
    let quoted = Self.quoted(in: whole)
    passages = quoted.isEmpty ? [Self.parts(of: whole)] : quoted.map(Self.parts)
  }

  /// The first passage that no caption holds; nil where all are there.
  func missing(from captions: [String]) -> String? {
    let read = captions.map { words(in: $0.precomposedStringWithCanonicalMapping) }
    // As it stands it may be one passage with quotation marks inside.
    if Self.isThere([whole], in: read) { return nil }
    return passages.first { !Self.isThere($0, in: read) }.map { $0.joined(separator: " … ") } ?? nil
  }

  private static func isThere(_ parts: [String], in captions: [[Word]]) -> Bool {
    let wanted = parts.map { words(in: $0) }.filter { !$0.isEmpty }
    guard !wanted.isEmpty else { return false }
    return captions.contains { caption in
      var rest = caption[...]
      for part in wanted {
        guard let place = Array(rest).place(of: part) else { return false }
        rest = rest.dropFirst(place + part.count)
      }
      return true
    }
  }

  /// What stands before, between and behind ellipses: "…", "...", "[...]".
  private static func parts(of text: String) -> [String] {
    text.replacing("…", with: "...").split(separator: /\[?\(?\.{3,}\)?\]?/).map(String.init)
  }

  /// What stands in double quotation marks, straight or typographic; empty where there are none, or one too many.
  private static func quoted(in text: String) -> [String] {
    let plain = text.replacing(/[“”„«»]/, with: "\"")
    let pieces = plain.split(separator: "\"", omittingEmptySubsequences: false)
    guard pieces.count > 2, pieces.count % 2 == 1 else { return [] }
    return pieces.enumerated().compactMap { place, piece in
      place % 2 == 1 && !words(in: String(piece)).isEmpty ? String(piece) : nil
    }
  }
}
