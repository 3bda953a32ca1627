import Foundation
import Glibc
import Tensors
import Testing

@testable import Models

/// A folder for one test, removed with the value that names it.
final class CheckpointFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoint-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// A copy of one of the tiny checkpoints of transformers, to be changed.
  convenience init(copying reference: String) throws {
    self.init()
    let source = ReferenceFile.folder.appendingPathComponent(reference).path
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(path)/\(name)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) { write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) {
    _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(bytes))
  }

  func bytes(of name: String) -> [UInt8] {
    FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init) ?? []
  }

  /// Replaces a text of a file, which has to be there.
  func replace(_ old: String, with new: String, in name: String) throws {
    let text = String(decoding: bytes(of: name), as: UTF8.self)
    try #require(text.contains(old), "\(name) has no \(old)")
    write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// A tensor to put into a file by hand, right or wrong.
struct HandmadeTensor {
  var name: String
  var type = "F32"
  var shape: [Int]
  var bytes: [UInt8]

  init(_ name: String, type: String = "F32", shape: [Int], bytes: [UInt8]) {
    (self.name, self.type, self.shape, self.bytes) = (name, type, shape, bytes)
  }

  /// Floats that count up from `first`.
  init(_ name: String, shape: [Int], first: Float = 0) {
    let floats = (0..<shape.reduce(1, *)).map { first + Float($0) }
    self.init(name, shape: shape, bytes: floats.withUnsafeBytes { Array($0) })
  }
}

/// A safetensors file from the text of a header and the bytes behind it.
func safetensors(header: String, data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}

/// A safetensors file without padding, as other programs may write it.
func safetensors(_ tensors: [HandmadeTensor]) -> [UInt8] {
  var members: [String] = []
  var data: [UInt8] = []
  for tensor in tensors {
    let range = "[\(data.count),\(data.count + tensor.bytes.count)]"
    members.append(
      "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":\(tensor.shape),\"data_offsets\":\(range)}")
    data += tensor.bytes
  }
  return safetensors(header: "{\(members.joined(separator: ","))}", data: data)
}

/// A Qwen2 of a few hundred parameters, small enough to be rewritten thousands of times.
enum TinyQwen2 {
  static let configuration = """
    {"model_type": "qwen2", "vocab_size": 8, "hidden_size": 4, "intermediate_size": 6, "num_hidden_layers": 1, \
    "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 16}
    """

  static var layout: ModelConfiguration {
    let decoder = DecoderConfiguration(
      vocabularySize: 8, hiddenSize: 4, intermediateSize: 6, layers: 1, heads: 2, keyValueHeads: 1, headDimension: 2,
      normEpsilon: 1e-6, ropeTheta: 1e4, maximumPositions: 16, tiedEmbeddings: false)
    return ModelConfiguration(
      architecture: .qwen2, decoder: decoder, encoder: nil, audioToken: nil, audioStartToken: nil, audioEndToken: nil,
      padToken: nil, endTokens: [])
  }

  /// The tensors under the names of the hub.
  static var tensors: [HandmadeTensor] {
    layout.expectedTensors.sorted { $0.key < $1.key }.enumerated().map { index, entry in
      HandmadeTensor(hubName(entry.key), shape: entry.value, first: Float(index))
    }
  }

  static func hubName(_ name: String) -> String {
    name.hasPrefix("decoder.lm_head") ? String(name.dropFirst(8)) : "model." + name.dropFirst(8)
  }

  static func write(to folder: CheckpointFolder, _ tensors: [HandmadeTensor] = tensors) {
    folder.write(configuration, to: "config.json")
    folder.write(safetensors(tensors), to: "model.safetensors")
  }
}

/// The error that opening and reading all of a folder ends in; nil where all is well.
func problem(in folder: CheckpointFolder) -> CheckpointError? {
  do throws(CheckpointError) {
    let checkpoint = try Checkpoint(folder: folder.path)
    for name in checkpoint.entries.keys.sorted() { _ = try checkpoint.tensor(name) }
    return nil
  } catch {
    return error
  }
}

/// What the error says, the folder's path left out.
func message(_ error: CheckpointError?, in folder: CheckpointFolder) -> String {
  (error?.description ?? "none").replacingOccurrences(of: folder.path, with: "DIR")
}
