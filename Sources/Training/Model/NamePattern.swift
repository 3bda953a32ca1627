/// A name with `*` for any run of characters: "decoder.*.q_proj", "audio_tower.*".
public struct NamePattern: Sendable, Equatable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }

  /// Whether the whole of `name` fits.
  public func matches(_ name: String) -> Bool {
    let parts = text.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last else { return name.isEmpty }
    guard parts.count > 1 else { return name == text }
    guard name.count >= first.count + last.count, name.hasPrefix(first), name.hasSuffix(last) else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}

extension NamePattern {
  /// The name that the pattern comes nearest to; nil where there are none.
  func nearest(in names: some Sequence<String>) -> String? {
    names.map { (name: $0, distance: distance(to: $0)) }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// How many characters would have to be others, more or fewer for the whole of `name` to fit; 0 where it fits.
  private func distance(to name: String) -> Int {
    let name = Array(name.utf8)
    // Of what the pattern has so far, to each beginning of the name.
    var distances = Array(0...name.count)
    for letter in text.utf8 {
      var next = distances
      let isStar = letter == UInt8(ascii: "*")
      next[0] = distances[0] + (isStar ? 0 : 1)
      for (place, other) in name.enumerated() {
        next[place + 1] =
          isStar
          ? min(distances[place + 1], next[place])
          : min(distances[place] + (letter == other ? 0 : 1), distances[place + 1] + 1, next[place] + 1)
      }
      distances = next
    }
    return distances[name.count]
  }
}

extension Sequence<NamePattern> {
  /// Whether any fits.
  public func match(_ name: String) -> Bool { contains { $0.matches(name) } }
}
