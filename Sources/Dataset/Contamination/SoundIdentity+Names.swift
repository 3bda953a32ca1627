extension SoundIdentity {
  /// The identities that a file's name tells: its name, where it is no everyday one, and the YouTube or Freesound id that
  /// data sets put into names.
  ///
  /// `---g-f_I2yQ_000030` (VGGSound, AVQA: ten seconds from 30 on), `ID_30.000_40.000` and `ID_30000_40000` (AudioSet, in
  /// seconds and in milliseconds), `YID` and `ID` alone; `1-100032-A-0` (ESC-50), `100032-3-0-0` (UrbanSound8K),
  /// `100032__user__name` (as Freesound names its downloads).
  static func all(inFileName path: String) -> [SoundIdentity] {
    let name = stem(path)
    var found: [SoundIdentity] = []
    if let video = youTube(name) { found.append(video) }
    if let id = freesound(name) { found.append(.freesound(id)) }
    if isSpecific(name) { found.append(.fileName(name.lowercased())) }
    return found
  }

  /// The identity that a link leads to.
  static func link(_ text: String, start: Double? = nil, end: Double? = nil) -> SoundIdentity? {
    for mark in ["youtube.com/watch?v=", "youtu.be/", "youtube.com/embed/", "youtube.com/shorts/", "&v="] {
      guard let range = text.firstRange(of: mark) else { continue }
      let id = String(text[range.upperBound...].prefix(11))
      if isVideo(id) { return .youTube(video: id, start: start, end: end) }
    }
    guard text.contains("freesound.org/") else { return nil }
    for mark in ["/sounds/", "freesound.org/s/"] {
      guard let range = text.firstRange(of: mark) else { continue }
      let id = text[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
      if !id.isEmpty { return .freesound(number(id)) }
    }
    return nil
  }

  /// An id of a column that is known to hold YouTube's.
  static func video(_ text: String, start: Double?, end: Double?) -> SoundIdentity? {
    if let link = link(text, start: start, end: end) { return link }
    let bare = text.hasPrefix("Y") && text.utf8.count == 12 ? String(text.dropFirst()) : text
    if isVideo(bare) { return .youTube(video: bare, start: start, end: end) }
    guard case .youTube(let video, let first, let last)? = youTube(bare) else { return nil }
    return .youTube(video: video, start: start ?? first, end: end ?? last)
  }

  /// A Freesound id without leading zeros.
  static func number(_ digits: some StringProtocol) -> String {
    let bare = digits.drop { $0 == "0" }
    return bare.isEmpty ? "0" : String(bare)
  }

  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    let ending = name[name.index(after: dot)...]
    let isEnding = (1...5).contains(ending.count) && ending.contains(where: \.isLetter)
    return isEnding && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? String(name[..<dot]) : name
  }

  private static func youTube(_ name: String) -> SoundIdentity? {
    let bare =
      name.hasPrefix("Y") && (name.utf8.count == 12 || name.dropFirst(12).first == "_") ? name.dropFirst() : name[...]
    let id = String(bare.prefix(11))
    guard isVideo(id), looksMade(id) else { return nil }
    let rest = bare.dropFirst(11)
    if rest.isEmpty { return .youTube(video: id, start: nil, end: nil) }
    let numbers = rest.dropFirst().split(separator: "_", omittingEmptySubsequences: false).map { Double($0) }
    guard rest.first == "_", (1...2).contains(numbers.count), let start = numbers[0], start >= 0 else { return nil }
    guard numbers.count == 2 else { return .youTube(video: id, start: start, end: start + 10) }
    guard let end = numbers[1], end > start else { return nil }
    // AudioSet's segments are of ten seconds or less: longer ones are milliseconds.
    let scale = end - start > 300 ? 1000.0 : 1
    return .youTube(video: id, start: start / scale, end: end / scale)
  }

  /// Letters, digits, `-` and `_`, eleven of them.
  private static func isVideo(_ text: String) -> Bool {
    text.utf8.count == 11 && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D || $0 == 0x5F }
  }

  /// Whether eleven characters are an id rather than words such as `dog_barking` or `Dog-Barking`: two capitals inside,
  /// or one beside small letters and a digit or dash. Of random ids all but 3 in 100 are known by that.
  private static func looksMade(_ id: String) -> Bool {
    let inner = id.utf8.dropFirst().dropLast()
    let small = inner.contains { (0x61...0x7A).contains($0) }
    let capitals = inner.count { (0x41...0x5A).contains($0) }
    return capitals >= 2 || capitals == 1 && small && (inner.contains(where: isDigit) || inner.contains(0x2D))
  }

  private static func freesound(_ name: String) -> String? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 4, isNumber(parts[1]), parts[0].utf8.count == 1, isNumber(parts[0]), parts[2].utf8.count == 1,
      parts[2].allSatisfy({ ("A"..."Z").contains($0) }), isNumber(parts[3])
    {
      return number(parts[1])
    }
    if parts.count == 4, parts.allSatisfy(isNumber), parts[0].utf8.count >= 4 { return number(parts[0]) }
    if let mark = name.firstRange(of: "__"), isNumber(name[..<mark.lowerBound]) {
      return number(name[..<mark.lowerBound])
    }
    return nil
  }

  /// Eight characters or more with a digit and a letter among them: `clip_000017.wav` of two sets are two sounds, so a
  /// name of a word and a counter does not count.
  private static func isSpecific(_ name: String) -> Bool {
    guard name.utf8.count >= 8, name.utf8.contains(where: isDigit), name.utf8.contains(where: isLetter) else {
      return false
    }
    let groups = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let isCounted = groups.allSatisfy { group in group.allSatisfy(\.isNumber) || group.allSatisfy(\.isLetter) }
    return !isCounted || groups.count > 4
  }

  private static func isNumber(_ text: some StringProtocol) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isDigit) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 }
}
