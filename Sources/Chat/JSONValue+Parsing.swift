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
    var deepest = 0
    forEachBracket(of: bytes) { open, _ in
      deepest = max(deepest, open)
      return true
    }
    return deepest
  }
}
