import Foundation
import Tensors
import Testing

@testable import Models

/// What transformers 5.23 computed with one of the tiny checkpoints; see Tests/Fixtures/models/record_references.py.
struct ReferenceFile {
  /// The checkpoints whose numbers are recorded.
  static let names = [
    "qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2.5-omni-whole", "qwen2-tied", "qwen2-untied",
  ]
  /// Those that hear.
  static let hearing = Array(names.prefix(4))
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/models")

  struct Clip: Decodable {
    let frames: Int
    let samples: Int
    let seed: UInt64
    let rows: Int
    let kept: [Int]
    let melStride: [Int]

    var sound: [Float] { referenceClip(seed: seed, count: samples) }
  }

  struct Prompt: Decodable {
    struct Scored: Decodable {
      let text: String
      let ids: [Int]
      let logprobs: [Float]
    }

    let name: String
    let messages: [ReferenceMessage]
    let frames: [Int]
    let text: String
    let ids: [Int]
    let kept: [Int]
    let completions: [Scored]
    let greedy: [Int]?
    let penalised: [Int]?
    let stop: Int?
    let stopped: [Int]?
  }

  struct Place: Decodable {
    let shape: [Int]
    let offset: Int
  }

  private struct Index: Decodable {
    let clips: [Clip]
    let prompts: [Prompt]
    let batch: [String]
    let tensors: [String: Place]
  }

  let clips: [Clip]
  let prompts: [Prompt]
  /// The prompts that transformers also decoded in one left-padded batch.
  let batch: [String]
  private let places: [String: Place]
  private let numbers: [Float]

  init(_ name: String) throws {
    let folder = Self.folder.appendingPathComponent("references")
    let index = try JSONDecoder().decode(
      Index.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    (clips, prompts, batch, places) = (index.clips, index.prompts, index.batch, index.tensors)
    numbers = try Data(contentsOf: folder.appendingPathComponent("\(name).bin")).withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
  }

  func tensor(_ name: String) throws -> Tensor {
    let place = try #require(places[name], "\(name) is not recorded")
    let count = place.shape.reduce(1, *)
    return Tensor(Array(numbers[place.offset..<place.offset + count]), shape: place.shape)
  }

  func prompt(_ name: String) throws -> Prompt { try #require(prompts.first { $0.name == name }) }

  /// The sounds of a prompt, in order.
  func sounds(of prompt: Prompt) throws -> [[Float]] {
    try prompt.frames.map { frames in try #require(clips.first { $0.frames == frames }).sound }
  }
}

/// A message as chat templates take it.
struct ReferenceMessage: Decodable {
  private struct Part: Decodable {
    let type: String
    let text: String?
  }

  let role: String
  private let parts: [Part]

  private enum CodingKeys: CodingKey { case role, content }

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    role = try container.decode(String.self, forKey: .role)
    let text = try? container.decode(String.self, forKey: .content)
    parts = try text.map { [Part(type: "text", text: $0)] } ?? container.decode([Part].self, forKey: .content)
  }

  /// The message, its audios numbered from `audio` on.
  func message(audio: inout Int) throws -> ConversationMessage {
    let parts: [MessagePart] = parts.map { part in
      if part.type == "text" { return .text(part.text ?? "") }
      defer { audio += 1 }
      return .audio(audio)
    }
    return ConversationMessage(role: try #require(ConversationRole(rawValue: role)), parts: parts)
  }
}

extension ReferenceFile.Prompt {
  var conversation: [ConversationMessage] {
    get throws {
      var audio = 0
      return try messages.map { try $0.message(audio: &audio) }
    }
  }
}

/// A tiny checkpoint, its weights as stored unless `weights` says otherwise.
func referenceModel(_ name: String, weights: WeightFormat? = nil) throws -> AudioLanguageModel {
  try AudioLanguageModel(folder: ReferenceFile.folder.appendingPathComponent(name).path, weights: weights)
}

/// The largest difference of two lists; infinite where they are not of one length or one has something not finite.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    let difference = (pair.0 - pair.1).magnitude
    return difference.isFinite ? max(largest, difference) : .infinity
  }
}

extension Tensor {
  /// Some rows, at some columns.
  func picked(rows: [Int], every step: Int = 1) -> [Float] {
    withUnsafeElements { elements in
      rows.flatMap { row in stride(from: 0, to: columns, by: step).map { elements[row * columns + $0] } }
    }
  }
}
