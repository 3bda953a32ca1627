import Foundation

@testable import Models

/// Files that Tests/Fixtures/tokenizer/make_fuzz.py recorded.
enum TokenizerFixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/tokenizer").path
  static let small = folder + "/small"

  /// The folder with the real vocabulary of Qwen2, which is not part of the repository.
  static let real = ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"].map { $0 + "/tokenizer-qwen2" }

  static func read<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
  }

  /// A new folder that holds `files`, and is removed after `body`.
  static func withFolder<Value>(_ files: [String: [UInt8]], _ body: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
    return try body(folder.path)
  }

  static func withFolder<Value>(_ files: [String: String], _ body: (String) throws -> Value) throws -> Value {
    try withFolder(files.mapValues { Array($0.utf8) }, body)
  }
}

/// `fuzz.json`.
struct FuzzFixture: Decodable {
  struct Pool: Decodable {
    var name: String
    var ranges: [[UInt32]]?
    var snippets: [String]?
  }

  struct Shown: Decodable {
    var text: String
    var ids: [Int]
    var decoded: String?
  }

  struct Flags: Decodable {
    struct Token: Decodable {
      var content: String
      var lstrip: Bool
      var rstrip: Bool
      var single_word: Bool
      var normalized: Bool
      var special: Bool
    }
    var added: [String: Token]
    var texts: [Shown]
  }

  var seed: UInt64
  var lines: Int
  var pools: [Pool]
  var real: [String]
  var small: [String]
  var flags: Flags
  var shown: [Shown]
}

/// The lines of fuzz_lines.py.
struct FuzzLines: Sequence, IteratorProtocol {
  let pools: [FuzzFixture.Pool]
  private var left: Int
  private var state: UInt64

  init(_ fixture: FuzzFixture) {
    (pools, left, state) = (fixture.pools, fixture.lines, fixture.seed)
  }

  mutating func next() -> String? {
    guard left > 0 else { return nil }
    left -= 1
    var line = String.UnicodeScalarView()
    for _ in 0..<1 + below(8) {
      let pool = pools[below(pools.count)]
      for _ in 0..<1 + below(10) {
        if let ranges = pool.ranges {
          let range = ranges[below(ranges.count)]
          line.append(Unicode.Scalar(range[0] + UInt32(below(Int(range[1] - range[0] + 1))))!)
        } else if let snippets = pool.snippets {
          line.append(contentsOf: snippets[below(snippets.count)].unicodeScalars)
        }
      }
    }
    return String(line)
  }

  /// SplitMix64, modulo `count`.
  private mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ z >> 31) % UInt64(count))
  }
}

/// FNV-1a, 64 bits.
struct FuzzHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  mutating func add(_ ids: [Int]) {
    for id in ids + [0xFFFF_FFFF] { add((0..<4).map { UInt8(id >> ($0 * 8) & 0xFF) }) }
  }
}
