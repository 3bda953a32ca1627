import Foundation

/// What `Tests/Fixtures/evaluation/text.py` recorded of the programs that published scores come from.
enum RecordedTexts {
  static func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appendingPathComponent("Fixtures/evaluation/text-\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
  }
}

extension String {
  /// Whether the code points are equal; `==` would hold "é" in one and in two code points for equal.
  func isSame(as other: String) -> Bool { unicodeScalars.elementsEqual(other.unicodeScalars) }

  /// The code points in hexadecimal, for messages.
  var codes: String { unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ") }
}

extension Double {
  /// Whether it differs from `other` by at most `tolerance`.
  func isNear(_ other: Double, within tolerance: Double) -> Bool { abs(self - other) <= tolerance }
}
