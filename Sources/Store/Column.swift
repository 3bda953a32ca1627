import Foundation

/// Lists and tables inside a column are JSON with sorted keys: equal values are equal text.
enum Column {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  static func strings(_ text: String) throws -> [String] {
    text == "[]" ? [] : try value([String].self, text)
  }

  static func table(_ text: String) throws -> [String: String] {
    text == "{}" ? [:] : try value([String: String].self, text)
  }
}
