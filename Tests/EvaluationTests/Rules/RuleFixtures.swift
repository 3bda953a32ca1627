import Dataset
import Foundation

/// What `Tests/Fixtures/evaluation/rules_reference.py` records.
enum RuleFixtures {
  struct Made: Decodable {
    struct Item: Decodable {
      var id: String
      var choices: [String]
      var answer: String

      var benchmark: BenchmarkItem {
        BenchmarkItem(
          id: id, kind: .choice, choices: choices, answer: answer, answerIndex: choices.firstIndex(of: answer))
      }
    }

    var items: [Item]
    var files: [Marks]
  }

  /// What the published script says of a prediction file.
  struct Marks: Decodable, Equatable {
    var right: Int
    var scored: Int
    /// FNV-1a over 1, 0 or - for each item.
    var hash: String

    init(_ marks: String) {
      right = marks.count { $0 == "1" }
      scored = marks.count { $0 != "-" }
      var value: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in marks.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
      let digits = String(value, radix: 16)
      hash = String(repeating: "0", count: 16 - digits.count) + digits
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      right = try list.decode(Int.self)
      scored = try list.decode(Int.self)
      hash = try list.decode(String.self)
    }
  }

  struct TextCase: Decodable {
    var text: String
    var answer: String
    var letter: String?
  }

  struct Statistics: Decodable {
    var wilson: [[Double]]
    var mcnemar: [[Double]]
  }

  static func read<Value: Decodable>(_ name: String, as type: Value.Type, testFile: String = #filePath) throws -> Value
  {
    var folder = URL(fileURLWithPath: testFile)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/evaluation/\(name)"))
    return try JSONDecoder().decode(type, from: data)
  }

  /// The folder of real benchmarks, where there is one.
  static let benchmarks = ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"].map { $0 + "/benchmarks" }

  /// The items and predictions of a file of the reference, in the file's order; nil for a row without a prediction.
  static func predictions(_ items: [BenchmarkItem], file: Int) -> [(item: Int, text: String?)] {
    var generator = Draws(state: UInt64(file))
    var order = Array(items.indices)
    for place in order.indices.dropFirst().reversed() { order.swapAt(place, generator.below(place + 1)) }
    return order.map { index in
      let (choices, right) = (items[index].choices, items[index].answerIndex!)
      let form = generator.below(13)
      let pick = generator.below(2) == 0 ? right : generator.below(choices.count)
      let second = choices[generator.below(choices.count)]
      let (letter, text) = (String(Array("ABCDEFGH")[pick]), choices[pick])
      return (index, output(form, right: choices[right], letter: letter, text, second, choices))
    }
  }

  private static func output(
    _ form: Int, right: String, letter: String, _ text: String, _ second: String, _ choices: [String]
  ) -> String? {
    switch form {
    case 0: right
    case 1: text
    case 2: letter
    case 3: "(\(letter)) \(text)"
    case 4: "\(letter). \(text)"
    case 5: "The answer is \(text)."
    case 6: "\(text) and \(second)"
    case 7: choices.joined(separator: ", ")
    case 8: text.uppercased()
    case 9: text.lowercased()
    case 10: ""
    case 11: "  \(text)\n"
    default: nil
    }
  }

  /// The reference's generator: SplitMix64.
  private struct Draws {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
    }
  }
}
