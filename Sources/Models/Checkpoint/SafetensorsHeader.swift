/// The header of a safetensors file: 8 bytes with its length, then JSON of that length.
///
/// Checked as the format's own library does (safetensors 0.8, `Metadata::validate`), and for names that stand twice.
struct SafetensorsHeader: Equatable, Sendable {
  /// The library's limit.
  static let longest = 100_000_000
  private static let mostAxes = 64

  /// The strings of `__metadata__`.
  let metadata: [String: String]
  /// In the order of their bytes, which they share without gaps.
  let tensors: [StoredTensor]
  /// Where in the file the tensors' bytes begin.
  let dataStart: Int

  /// Reads the header at the start of `bytes`, which are those of the whole file.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(CheckpointError) {
    guard bytes.count >= 8 else { throw .header(file: file, .tooShort(bytes: bytes.count)) }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(bytes.count - 8) else {
      throw .header(file: file, .longerThanFile(length: length, bytes: bytes.count))
    }
    guard length <= UInt64(Self.longest) else { throw .header(file: file, .tooLarge(length: length)) }
    dataStart = 8 + Int(length)
    var reader = HeaderReader(scanner: CheckpointScanner(Array(bytes[8..<dataStart])), file: file)
    try reader.read()
    metadata = reader.metadata
    tensors = reader.tensors.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkOrder(dataCount: bytes.count - dataStart, file: file)
  }

  private func checkOrder(dataCount: Int, file: String) throws(CheckpointError) {
    var end = 0
    var last = ""
    for tensor in tensors {
      guard tensor.range.upperBound <= dataCount else {
        throw .tensor(name: tensor.name, file: file, .outside(end: tensor.range.upperBound, bytes: dataCount))
      }
      if tensor.range.lowerBound > end { throw .header(file: file, .gap(from: end, to: tensor.range.lowerBound)) }
      if tensor.range.lowerBound < end { throw .header(file: file, .overlap(tensor: tensor.name, other: last)) }
      end = tensor.range.upperBound
      last = tensor.name
    }
    guard end == dataCount else { throw .header(file: file, .trailing(bytes: dataCount - end)) }
  }

  /// Goes through the JSON once, without building a tree.
  private struct HeaderReader {
    var scanner: CheckpointScanner
    let file: String
    var metadata: [String: String] = [:]
    var tensors: [StoredTensor] = []

    mutating func read() throws(CheckpointError) {
      do {
        try readMembers()
        try scanner.end()
      } catch let problem as CheckpointError.JSONProblem {
        throw .header(file: file, .notJSON(problem))
      } catch let error as CheckpointError {
        throw error
      } catch {
        throw .header(file: file, .notJSON(.ended))
      }
    }

    private mutating func readMembers() throws {
      try scanner.open("{")
      var names: Set<String> = []
      while let name = try scanner.nextMember() {
        guard names.insert(name).inserted else { throw CheckpointError.JSONProblem.duplicateKey(name) }
        if name == "__metadata__" {
          try readMetadata()
        } else {
          tensors.append(try tensor(name))
        }
      }
    }

    private mutating func readMetadata() throws {
      try scanner.open("{")
      while let name = try scanner.nextMember() {
        let value = try scanner.string()
        guard metadata.updateValue(value, forKey: name) == nil else {
          throw CheckpointError.JSONProblem.duplicateKey(name)
        }
      }
    }

    private mutating func tensor(_ name: String) throws -> StoredTensor {
      var type: String?
      var shape: [Int]?
      var offsets: [Int]?
      try scanner.open("{")
      while let key = try scanner.nextMember() {
        switch key {
        case "dtype" where type == nil: type = try scanner.string()
        case "shape" where shape == nil: shape = try counts()
        case "data_offsets" where offsets == nil: offsets = try counts()
        case "dtype", "shape", "data_offsets": throw CheckpointError.JSONProblem.duplicateKey(key)
        default: try scanner.skip()
        }
      }
      guard let type, let shape, let offsets, offsets.count == 2 else {
        throw CheckpointError.header(file: file, .incomplete(tensor: name))
      }
      return try checked(name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private mutating func counts() throws -> [Int] {
      try scanner.open("[")
      var counts: [Int] = []
      while try scanner.nextElement() {
        counts.append(try scanner.count())
        guard counts.count <= mostAxes else { throw CheckpointError.JSONProblem.unexpected(offset: scanner.position) }
      }
      return counts
    }

    private func checked(
      _ name: String, type: String, shape: [Int], begin: Int, end: Int
    ) throws(CheckpointError) -> StoredTensor {
      guard let type = StoredType(name: type) else { throw .tensor(name: name, file: file, .unknownType(type)) }
      guard begin <= end else { throw .tensor(name: name, file: file, .badOffsets(begin: begin, end: end)) }
      guard let needed = type.byteCount(of: shape) else { throw .tensor(name: name, file: file, .badShape) }
      guard needed == end - begin else {
        throw .tensor(name: name, file: file, .wrongSize(bytes: end - begin, needed: needed))
      }
      return StoredTensor(name: name, type: type, shape: shape, range: begin..<end)
    }
  }
}
