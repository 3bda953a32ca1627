import Foundation

/// JSON that is the same to the byte for the same values.
enum ResultJSON {
  /// On one line, members by name.
  static func data(_ value: some Encodable) throws -> Data { try encoder([]).encode(value) }

  /// On several lines, with a line break at the end.
  static func text(_ value: some Encodable) throws -> String {
    String(decoding: try encoder(.prettyPrinted).encode(value), as: UTF8.self) + "\n"
  }

  private static func encoder(_ more: JSONEncoder.OutputFormatting) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, more]
    return encoder
  }
}
