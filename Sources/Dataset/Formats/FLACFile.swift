import Foundation

/// What a FLAC file says of itself (RFC 9639, 8.2), and whether it is whole, without decoding it.
public struct FLACFile: Sendable, Equatable {
  public private(set) var sampleRate: Int
  public private(set) var channels: Int
  /// A sample's width.
  public private(set) var bits: Int
  /// Samples of a channel; 0 where the writer did not know.
  public private(set) var frames: Int
  /// Samples of a block, where all but the last have as many; nil where they differ.
  private var block: Int?
  /// The bytes of the longest coded block; 0 where the writer did not know.
  private var longest: Int

  /// Of a coded block that says no length of its own.
  private static let mostBytes = 1 << 20
  private static let headerBytes = 42

  /// Reads the header, then the last block: a file that was cut off, or has something behind its end, has none that ends
  /// with the file. `read` returns as many bytes from a place on as are there.
  init(size: Int, read: (_ offset: Int, _ count: Int) throws -> [UInt8]) throws {
    guard size > Self.headerBytes, let file = FLACFile(header: try read(0, Self.headerBytes)) else {
      throw RowProblem(reason: "is no FLAC file")
    }
    self = file
    let count = min(size - Self.headerBytes, longest > 0 ? longest : Self.mostBytes)
    guard hasLastBlock(try read(size - count, count)) else {
      throw RowProblem(reason: "is cut off, or damaged at its end")
    }
  }

  /// The file at `path`. Throws where there is none that is whole.
  public init(path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { throw RowProblem(reason: "cannot be read") }
    defer { try? file.close() }
    try self.init(size: Int(try file.seekToEnd())) { offset, count in
      try file.seek(toOffset: UInt64(offset))
      return [UInt8](try file.read(upToCount: count) ?? Data())
    }
  }

  init(bytes: [UInt8]) throws {
    try self.init(size: bytes.count) { offset, count in Array(bytes[offset..<min(bytes.count, offset + count)]) }
  }

  /// "fLaC", the metadata block STREAMINFO and its 34 bytes.
  private init?(header: [UInt8]) {
    guard header.count == Self.headerBytes, Array(header[..<4]) == Array("fLaC".utf8), header[4] & 0x7F == 0 else {
      return nil
    }
    let number = { (range: Range<Int>) in header[range].reduce(0) { $0 << 8 | Int($1) } }
    let (shortest, longestBlock) = (number(8..<10), number(10..<12))
    block = shortest == longestBlock ? longestBlock : nil
    longest = number(15..<18)
    let packed = number(18..<26)
    sampleRate = packed >> 44 & 0xFFFFF
    channels = (packed >> 41 & 7) + 1
    bits = (packed >> 36 & 31) + 1
    frames = packed & 0xF_FFFF_FFFF
    guard sampleRate > 0 else { return nil }
  }

  /// Whether a block begins in `tail` that ends with it, and is the file's last.
  private func hasLastBlock(_ tail: [UInt8]) -> Bool {
    guard tail.count >= 2 else { return false }
    return (0..<tail.count - 1).reversed().contains { start in
      guard tail[start] == 0xFF, tail[start + 1] & 0xFE == 0xF8, let end = end(ofBlock: tail[start...]) else {
        return false
      }
      return (frames == 0 || end == nil || end == frames) && FLACSum.crc16(tail[start...]) == 0
    }
  }

  /// Behind which sample a block ends, as its header says (RFC 9639, 9.1): inner nil where the file's blocks differ in
  /// length, outer nil where it is no header.
  private func end(ofBlock bytes: ArraySlice<UInt8>) -> Int?? {
    var reader = FLACBlockHeader(bytes)
    guard let (number, samples) = reader.read() else { return nil }
    guard let block, bytes[bytes.startIndex + 1] & 1 == 0 else { return .some(nil) }
    return number * block + samples
  }
}
