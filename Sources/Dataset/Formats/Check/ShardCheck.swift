import Foundation

/// Reads a tar archive of WebDataset: whether its samples are what the loaders make of its members.
struct ShardCheck {
  let file: RowFile

  private struct Sample {
    var key: String
    var extensions: [String] = []
  }

  /// Returns the number of samples.
  func check() throws -> Int {
    guard let archive = FileHandle(forReadingAtPath: file.root + file.path) else {
      throw file.fault(0, "cannot be read")
    }
    var samples = Samples(file: file)
    while let header = try block(archive) {
      if header.allSatisfy({ $0 == 0 }) { break }
      let member = try TarHeader(header)
      var bytes = [UInt8]()
      if member.isFile && member.name.hasSuffix(".json") {
        bytes = try read(archive, member.size)
        try skip(archive, member.padding)
      } else {
        let start = try archive.offset()
        try skip(archive, member.size + member.padding)
        if member.isFile && member.name.hasSuffix(".flac") { try check(member, at: start, of: archive) }
      }
      if member.isFile { try samples.add(member.name, bytes) }
    }
    return try samples.end()
  }

  /// A FLAC file inside the archive, which is as far afterwards as before.
  private func check(_ member: TarHeader, at start: UInt64, of archive: FileHandle) throws {
    let end = try archive.offset()
    do {
      _ = try FLACFile(size: member.size) { offset, count in
        try archive.seek(toOffset: start + UInt64(offset))
        return [UInt8](try archive.read(upToCount: count) ?? Data())
      }
    } catch let problem as RowProblem {
      throw file.fault(0, "the member '\(shortened(member.name))' \(problem.reason)")
    }
    try archive.seek(toOffset: end)
  }

  private func block(_ archive: FileHandle) throws -> [UInt8]? {
    let bytes = [UInt8](try archive.read(upToCount: TarHeader.length) ?? Data())
    if bytes.isEmpty { return nil }
    guard bytes.count == TarHeader.length else { throw file.fault(0, "is cut off inside a member") }
    return bytes
  }

  private func read(_ archive: FileHandle, _ count: Int) throws -> [UInt8] {
    guard count <= JSONLFormat.longestLine else { throw file.fault(0, "has a JSON member of \(count) bytes") }
    let bytes = [UInt8](count == 0 ? Data() : try archive.read(upToCount: count) ?? Data())
    guard bytes.count == count else { throw file.fault(0, "is cut off inside a member") }
    return bytes
  }

  private func skip(_ archive: FileHandle, _ count: Int) throws {
    let (start, end) = (try archive.offset(), try archive.seekToEnd())
    guard start + UInt64(count) <= end else { throw file.fault(0, "is cut off inside a member") }
    try archive.seek(toOffset: start + UInt64(count))
  }
}

/// The fields of a member's header that matter here.
struct TarHeader {
  static let length = 512
  let name: String
  let size: Int
  let isFile: Bool

  /// Up to the next whole block.
  var padding: Int { (Self.length - size % Self.length) % Self.length }

  init(_ bytes: [UInt8]) throws(RowProblem) {
    let text = { (range: Range<Int>) in String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self) }
    let number = { (range: Range<Int>) in Int(text(range).filter { $0 != " " }, radix: 8) }
    let sum = bytes.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    guard number(148..<156) == sum, let size = number(124..<136), size >= 0 else {
      throw RowProblem(reason: "is no tar archive, or broken: the sum of a header is wrong")
    }
    let prefix = text(257..<262) == "ustar" ? text(345..<500) : ""
    name = prefix.isEmpty ? text(0..<100) : prefix + "/" + text(0..<100)
    self.size = size
    isFile = bytes[156] == 0 || bytes[156] == 0x30
  }
}

/// Members as the loaders group them: what stands before the first dot of the name is a sample's key.
private struct Samples {
  let file: RowFile
  private var keys = Set<UInt64>()
  private var count = 0
  private var key: String?
  private var extensions: [String] = []
  private var first: [String]?
  private var shape = RowShape.unknown

  init(file: RowFile) { self.file = file }

  mutating func add(_ name: String, _ bytes: [UInt8]) throws {
    let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    guard let dot = name[start...].firstIndex(of: "."), dot > start else {
      throw file.fault(count + 1, "the member '\(shortened(name))' has no key and extension")
    }
    let (own, kind) = (String(name[..<dot]), String(name[name.index(after: dot)...]).lowercased())
    if own != key {
      try close()
      guard keys.insert(stableHash("earshot key 1", own)).inserted else {
        throw file.fault(count + 1, "the members of the sample '\(shortened(own))' are not side by side")
      }
      key = own
    }
    guard !extensions.contains(kind) else {
      throw file.fault(count + 1, "the sample '\(shortened(own))' has two members with the extension \(kind)")
    }
    extensions.append(kind)
    if kind == "json" { try checkQuestion(bytes) }
  }

  mutating func end() throws -> Int {
    try close()
    return count
  }

  private mutating func close() throws {
    guard key != nil else { return }
    if let first, Set(first) != Set(extensions) {
      let (own, others) = (extensions.sorted().joined(separator: ", "), first.sorted().joined(separator: ", "))
      throw file.fault(count + 1, "the sample has \(own); the samples before have \(others)")
    }
    first = first ?? extensions
    count += 1
    extensions = []
  }

  private mutating func checkQuestion(_ bytes: [UInt8]) throws {
    do {
      guard let value = try? JSONParser.parse(bytes) else { throw RowProblem(reason: "the JSON member is not JSON") }
      try shape.take(value)
      // The sound is a member of the archive, not a file.
      let row = CheckedRow(value, folders: [], hasSounds: false)
      try row.checkQuestion("question", choices: "choices")
      try row.checkAnswerIndex("answer_index", among: "choices", answer: "answer")
    } catch let problem as RowProblem {
      throw file.fault(count + 1, problem.reason)
    }
  }
}
