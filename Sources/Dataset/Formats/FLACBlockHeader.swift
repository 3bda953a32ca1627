/// Reads the header of a coded FLAC block (RFC 9639, 9.1), and holds it against its sum.
struct FLACBlockHeader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The block's number, or that of its first sample where blocks differ in length, and its samples; nil where this is
  /// no header.
  mutating func read() -> (number: Int, samples: Int)? {
    guard bytes.count >= 6 else { return nil }
    place += 2
    let (sizeCode, rateCode) = (Int(bytes[place] >> 4), Int(bytes[place] & 15))
    place += 2
    guard let number = codedNumber(), let samples = samples(sizeCode) else { return nil }
    // An unusual rate follows.
    place += [12: 1, 13: 2, 14: 2][rateCode] ?? 0
    guard place < bytes.endIndex, FLACSum.crc8(bytes[bytes.startIndex...place]) == 0 else { return nil }
    return (number, samples)
  }

  private mutating func samples(_ code: Int) -> Int? {
    switch code {
    case 1: return 192
    case 2...5: return 144 << code
    case 6: return next(1).map { $0 + 1 }
    case 7: return next(2).map { $0 + 1 }
    case 8...15: return 1 << code
    default: return nil
    }
  }

  private mutating func next(_ count: Int) -> Int? {
    guard place + count <= bytes.endIndex else { return nil }
    defer { place += count }
    return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// As UTF-8 codes a character, with up to 36 bits.
  private mutating func codedNumber() -> Int? {
    guard let first = next(1) else { return nil }
    let length = (~UInt8(truncatingIfNeeded: first)).leadingZeroBitCount
    if length == 0 { return first }
    guard (2...7).contains(length) else { return nil }
    var number = first & (0x7F >> length)
    for _ in 1..<length {
      guard let byte = next(1), byte & 0xC0 == 0x80 else { return nil }
      number = number << 6 | byte & 0x3F
    }
    return number
  }
}

/// FLAC's checksums: both are 0 over bytes that end with their own sum.
enum FLACSum {
  /// x^8 + x^2 + x + 1, from 0.
  static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { sum, _ in sum & 0x80 == 0 ? sum << 1 : sum << 1 ^ 0x07 }
    }
  }

  /// x^16 + x^15 + x^2 + 1, from 0.
  static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { sum, byte in
      sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ byte)]
    }
  }

  private static let table: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x8005 }
  }
}
