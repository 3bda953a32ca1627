import Foundation

extension JSONValue {
  /// Deeper nesting than any answer has; Foundation's own limit is 512.
  private static let maximumDepth = 128

  /// The value that `bytes` hold, or nil: no JSON, not UTF-8, or nested more than 128 deep.
  public init?(parsing bytes: [UInt8]) {
    guard Self.depth(of: bytes) <= Self.maximumDepth,
      let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    else { return nil }
    self = value
  }

  /// How deep the brackets outside of strings nest; known before anything recurses over them.
  private static func depth(of bytes: [UInt8]) -> Int {
    var (depth, deepest, inString, escaped) = (0, 0, false, false)
    for byte in bytes {
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        deepest = max(deepest, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return deepest
  }
}
