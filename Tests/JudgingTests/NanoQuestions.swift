import Audio
import Dataset
import Foundation

/// The forty questions of `nano_eval.py`, with what transformers answers to them.
struct NanoQuestions {
  struct Item: Decodable {
    var id: String
    var samples: Int
    var question: String
    var choices: [String]
    var answer: String
    var output: String
    var tokens: Int
    var sum: [Double]
    var without: [Double]
  }

  private struct Record: Decodable {
    var maximumTokens: Int
    var items: [Item]
  }

  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let model = project + "/Tests/Fixtures/models/qwen2-audio"

  let recorded: [Item]
  let maximumTokens: Int
  /// As a file of rows with a task would give them.
  let items: [BenchmarkItem]

  /// Writes the sounds to `folder`.
  init(in folder: TemporaryFolder) throws {
    let path = Self.project + "/Tests/Fixtures/evaluation/nano-eval.json"
    let record = try JSONDecoder().decode(Record.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    recorded = record.items
    maximumTokens = record.maximumTokens
    items = record.items.map { item in
      BenchmarkItem(
        id: item.id, kind: .choice, audio: "\(folder.path)/\(item.id).wav", question: item.question,
        choices: item.choices, answer: item.answer, answerIndex: item.choices.firstIndex(of: item.answer),
        attributes: [BenchmarkItem.Attribute("task", item.samples % 2 == 0 ? "even" : "odd")], line: item.samples + 1)
    }
    for item in record.items {
      let waveform = Waveform(samples: Self.sound(item.samples), sampleRate: Waveform.modelRate)
      try WAVWriter.write(waveform, to: "\(folder.path)/\(item.id).wav")
    }
  }

  /// Samples that the script makes too: integers of 16 bits over 32,768.
  private static func sound(_ number: Int) -> [Float] {
    (0..<8_000 + 1_531 * number).map { index in
      let saw = (index * (3 + number) % 97) * 200 - 9_700
      let square = index / (400 + 37 * number) % 2 * 6_000
      return Float(saw + square) / 32_768
    }
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "earshot-judging-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The files right in a folder below it, with their texts.
  func texts(_ name: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)") {
      found[file] = try String(contentsOfFile: "\(path)/\(name)/\(file)", encoding: .utf8)
    }
    return found
  }
}
