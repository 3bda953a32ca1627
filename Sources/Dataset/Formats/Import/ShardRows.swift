import Foundation

/// The samples of a tar archive of WebDataset, one after the other: its JSON member, and its sound.
struct ShardRows {
  struct Sample {
    var json: [UInt8] = []
    var sound: [UInt8] = []
    var soundName = ""
    var number: Int
  }

  private let path: String
  private let archive: FileHandle
  private let size: UInt64
  private var key: String?
  private var sample = Sample(number: 0)
  private var count = 0
  private var isOver = false

  /// Beyond these a member is passed over, or no sound.
  private static let longestSound = 1 << 30
  private static let endings: Set<String> = ["wav", "flac", "mp3", "ogg", "oga", "opus", "aiff", "aif", "au", "w64"]

  init(path: String) throws(DatasetError) {
    self.path = path
    do {
      archive = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      size = try archive.seekToEnd()
      try archive.seek(toOffset: 0)
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }

  /// Nil after the last.
  mutating func next() throws(DatasetError) -> Sample? {
    while !isOver {
      guard let header = try header() else {
        isOver = true
        return key == nil ? nil : sample
      }
      guard header.isFile, let (own, kind) = Self.parts(header.name) else {
        try skip(header.size + header.padding)
        continue
      }
      let finished = key != nil && key != own ? sample : nil
      if key != own {
        key = own
        count += 1
        sample = Sample(number: count)
      }
      try take(kind, header)
      if let finished { return finished }
    }
    return nil
  }

  /// What stands before the first dot of a member's name is its sample's key.
  private static func parts(_ name: String) -> (key: String, kind: String)? {
    let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    guard let dot = name[start...].firstIndex(of: "."), dot > start else { return nil }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]).lowercased())
  }

  private mutating func take(_ kind: String, _ header: TarHeader) throws(DatasetError) {
    if kind == "json", header.size <= JSONLFormat.longestLine {
      sample.json = try read(header.size)
    } else if Self.endings.contains(kind), sample.sound.isEmpty, header.size <= Self.longestSound {
      sample.sound = try read(header.size)
      sample.soundName = header.name
    } else {
      return try skip(header.size + header.padding)
    }
    try skip(header.padding)
  }

  /// Nil at the end, which two blocks of zeros mark.
  private func header() throws(DatasetError) -> TarHeader? {
    let bytes = try bytes(TarHeader.length)
    if bytes.isEmpty || bytes.allSatisfy({ $0 == 0 }) { return nil }
    guard bytes.count == TarHeader.length else { throw broken("is cut off inside a member") }
    do {
      return try TarHeader(bytes)
    } catch {
      throw broken(error.reason)
    }
  }

  private func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    let bytes = try bytes(count)
    guard bytes.count == count else { throw broken("is cut off inside a member") }
    return bytes
  }

  private func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
    do {
      return count == 0 ? [] : [UInt8](try archive.read(upToCount: count) ?? Data())
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }

  private func skip(_ count: Int) throws(DatasetError) {
    do {
      let end = try archive.offset() + UInt64(count)
      guard end <= size else { throw broken("is cut off inside a member") }
      try archive.seek(toOffset: end)
    } catch let error as DatasetError {
      throw error
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }

  private func broken(_ reason: String) -> DatasetError { .badText(path: path, line: count + 1, reason: reason) }
}
