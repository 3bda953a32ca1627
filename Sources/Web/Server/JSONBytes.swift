import Foundation

/// Values as JSON: keys sorted, so that equal values give equal bytes.
enum JSONBytes {
  static func of(_ value: some Encodable) -> Data? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try? encoder.encode(value)
  }

  static func text(of value: some Encodable) -> String? {
    of(value).map { String(decoding: $0, as: UTF8.self) }
  }
}
