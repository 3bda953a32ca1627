/// The words of texts as the search for duplicates sees them: small letters, one space between words, no punctuation.
///
/// The same as `NearDuplicates.normalisedStem`, without a string for each word: sets have millions of rows.
enum PlainBytes {
  /// Appends the words of `text`; a text without words stands for itself.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    let start = bytes.count
    guard appendASCII(text, to: &bytes) else {
      bytes.removeLast(bytes.count - start)
      bytes.append(contentsOf: NearDuplicates.normalisedStem(text).utf8)
      return
    }
    if bytes.count == start { bytes.append(contentsOf: trimmed(text).lowercased().utf8) }
  }

  /// The question as one text: the stem, then the choices in the order of their bytes, each on a line of its own, with a
  /// line break before and behind. So the order of the choices does not count, and a short choice has shingles too.
  static func append(stem: String, choices: [String], to bytes: inout [UInt8]) {
    bytes.append(0x0A)
    append(stem, to: &bytes)
    bytes.append(0x0A)
    let parts = choices.map { choice in
      var part: [UInt8] = []
      append(choice, to: &part)
      return part
    }
    for part in parts.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      bytes.append(contentsOf: part)
      bytes.append(0x0A)
    }
  }

  /// False where the text is not ASCII, with `bytes` grown by nothing of use.
  private static func appendASCII(_ text: String, to bytes: inout [UInt8]) -> Bool {
    var isInWord = false
    var isFirst = true
    for byte in text.utf8 {
      let letter = byte | 0x20
      let isWord = (0x61...0x7A).contains(letter) && byte < 0x80 || (0x30...0x39).contains(byte) || byte == 0x5F
      if isWord {
        if !isInWord && !isFirst { bytes.append(0x20) }
        bytes.append((0x41...0x5A).contains(byte) ? letter : byte)
        isFirst = false
      } else if byte >= 0x80 {
        return false
      }
      isInWord = isWord
    }
    return true
  }
}
