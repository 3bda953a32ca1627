import Foundation
import Models
import Tensors

/// The adapters that PEFT made, with what it made of them (Tests/Fixtures/peft/make_adapters.py), and the tiny models.
enum PeftFixture {
  static let names = ["qwen2-audio", "qwen2-untied", "qwen2.5-omni"]
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures")

  static func model(_ name: String) throws -> Checkpoint {
    try Checkpoint(folder: fixtures.appendingPathComponent("models/\(name)").path)
  }

  static func adapterFolder(_ name: String) -> String { fixtures.appendingPathComponent("peft/\(name)").path }

  struct Expected: Decodable {
    var text: [Int]
    var logits: [Float]
  }

  static func expected(_ name: String) throws -> Expected {
    let data = try Data(contentsOf: URL(fileURLWithPath: adapterFolder(name) + "/expected.json"))
    return try JSONDecoder().decode(Expected.self, from: data)
  }
}

/// A folder for one test, removed with the value that names it.
final class TrainerFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("trainer-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// A copy of what is in the folder `source`.
  convenience init(copying source: String) throws {
    self.init()
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(path)/\(name)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The place of `name` in the folder.
  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: self(name)))
  }

  func bytes(of name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: self(name)))) }

  func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: self(name))) }

  func text(of name: String) throws -> String { String(decoding: try bytes(of: name), as: UTF8.self) }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  /// The error's text with the folder as DIR.
  func message(_ error: any Error) -> String { "\(error)".replacingOccurrences(of: path, with: "DIR") }

  /// What `body` throws, as text; empty where it throws nothing.
  func message(of body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return message(error)
    }
  }
}

/// Numbers that are the same in every run (the linear congruence of Knuth's MMIX).
struct ScatteredNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 32
  }
}

/// A tensor of multiples of 1/1024 between -1/2 and 1/2.
func scattered(_ shape: [Int], seed: UInt64) -> Tensor {
  var random = ScatteredNumbers(seed: seed)
  return Tensor(shape: shape) { elements in
    for index in elements.indices { elements[index] = (Float(random.next() >> 54) - 512) / 1024 }
  }
}

/// An adapter of the layers of `base` whose names end in one of `ends`.
func adapter(
  of base: Checkpoint, ends: [String], in part: String = "", rank: Int = 2, alpha: Double = 6, rslora: Bool = false,
  trained: [String] = []
) throws -> ModelAdapter {
  var layers: [ModelAdapter.Layer] = []
  for name in base.names where name.hasPrefix(part) && name.hasSuffix(".weight") {
    let layer = String(name.dropLast(".weight".count))
    guard ends.contains(where: { layer.hasSuffix($0) }) else { continue }
    let shape = try base.tensor(name).shape
    let seed = UInt64(layers.count + 1)
    layers.append(
      .init(name: layer, a: scattered([rank, shape[1]], seed: seed), b: scattered([shape[0], rank], seed: seed + 99)))
  }
  let tensors = try trained.map { ($0, scattered(try base.tensor($0).shape, seed: 7)) }
  return ModelAdapter(
    settings: .init(rank: rank, alpha: alpha, dropout: 0.05, isRankStabilized: rslora), layers: layers,
    trained: Dictionary(uniqueKeysWithValues: tensors))
}

/// The largest difference of two tensors; infinite where their shapes differ.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0
}
