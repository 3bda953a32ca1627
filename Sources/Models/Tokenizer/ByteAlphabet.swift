/// The 256 characters by which byte-level vocabularies spell bytes (GPT-2's `bytes_to_unicode`): printable Latin-1
/// stands for itself, the other 68 bytes are U+0100 and the characters after it, in order.
enum ByteAlphabet {
  /// The scalar of each byte, by its value; all below U+0144.
  static let scalars: [UInt16] = {
    var next: UInt16 = 256
    return (UInt16(0)..<256).map { byte in
      if isPrintable(byte) { return byte }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of each scalar below U+0144; -1 where the alphabet has no such character.
  static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 256 + 68)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
    return bytes
  }()

  /// The UTF-8 bytes of the character that stands for `byte`.
  static func spelling(of byte: UInt8) -> [UInt8] {
    let scalar = scalars[Int(byte)]
    if scalar < 0x80 { return [UInt8(scalar)] }
    return [0xC0 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 0x3F)]
  }

  /// Appends the bytes that `token` (UTF-8) spells. As in `tokenizers`, a token with any character outside of the
  /// alphabet stands for its own text.
  static func appendBytes(of token: ArraySlice<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    var position = token.startIndex
    while position < token.endIndex {
      let lead = token[position]
      var scalar = Int(lead)
      position += 1
      if lead >= 0x80 {
        guard lead >= 0xC2, lead <= 0xC5, position < token.endIndex else { break }
        scalar = Int(lead & 0x1F) << 6 | Int(token[position] & 0x3F)
        position += 1
      }
      guard scalar < bytes.count, bytes[scalar] >= 0 else { break }
      output.append(UInt8(truncatingIfNeeded: bytes[scalar]))
      if position == token.endIndex { return }
    }
    output.removeSubrange(start...)
    output.append(contentsOf: token)
  }

  private static func isPrintable(_ byte: UInt16) -> Bool {
    (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
  }
}
