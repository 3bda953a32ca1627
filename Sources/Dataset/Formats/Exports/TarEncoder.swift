/// A tar archive (POSIX.1-1988 "ustar") whose bytes follow from its members alone: no time, owner or order of a folder.
struct TarEncoder: Sendable {
  private static let block = 512
  /// What GNU tar and Python's tarfile fill archives up to.
  private static let record = 20 * block
  private(set) var length = 0

  /// The longest name that the header's first field has room for, in bytes.
  static let longestName = 100

  /// A file's header and bytes, filled up to whole blocks.
  mutating func member(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    precondition((1...Self.longestName).contains(name.utf8.count), "a tar member's name has 1 to 100 bytes")
    var member = Self.header(name, size: bytes.count)
    member.reserveCapacity(bytes.count + 2 * Self.block)
    member += bytes
    member += [UInt8](repeating: 0, count: (Self.block - bytes.count % Self.block) % Self.block)
    length += member.count
    return member
  }

  /// Two empty blocks, and what is missing to a whole record.
  mutating func end() -> [UInt8] {
    let bare = length + 2 * Self.block
    let whole = (bare + Self.record - 1) / Self.record * Self.record
    let rest = [UInt8](repeating: 0, count: whole - length)
    length = whole
    return rest
  }

  private static func header(_ name: String, size: Int) -> [UInt8] {
    var header: [UInt8] = []
    header.reserveCapacity(block)
    header += field(Array(name.utf8), 100)
    header += octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12)
    header += [UInt8](repeating: 0x20, count: 8)  // The sum counts its own field as spaces.
    header += field(Array("0".utf8), 1) + field([], 100) + Array("ustar\u{0}00".utf8)
    header += field([], 32) + field([], 32) + octal(0, 8) + octal(0, 8) + field([], 155) + field([], 12)
    let sum = header.reduce(0) { $0 + Int($1) }
    header.replaceSubrange(148..<156, with: octal(sum, 7) + [0x20])
    return header
  }

  private static func field(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: width - bytes.count)
  }

  /// Digits and a zero byte.
  private static func octal(_ number: Int, _ width: Int) -> [UInt8] {
    let digits = Array(String(number, radix: 8).utf8)
    return [UInt8](repeating: 0x30, count: width - 1 - digits.count) + digits + [0]
  }
}
