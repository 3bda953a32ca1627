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
    if text == "[]" { return [] }
    // Without a backslash nothing is escaped, so no text holds a quote.
    guard text.hasPrefix("[\""), text.hasSuffix("\"]"), !text.utf8.contains(UInt8(ascii: "\\")) else {
      return try value([String].self, text)
    }
    return plainStrings(text)
  }

  /// Of `["…","…"]` as `text(_:)` writes it.
  private static func plainStrings(_ text: String) -> [String] {
    var strings: [String] = []
    var isInside = false
    for part in text.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).dropFirst() {
      isInside.toggle()
      if isInside { strings.append(String(Substring(part))) }
    }
    // Behind the last quote stands the bracket.
    return strings
  }

  static func table(_ text: String) throws -> [String: String] {
    text == "{}" ? [:] : try value([String: String].self, text)
  }
}
