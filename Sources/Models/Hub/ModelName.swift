/// The name of a model on the hub: OWNER/NAME.
public struct ModelName: Sendable, Hashable {
  public let owner: String
  public let name: String

  /// Nil for what the hub would not accept either: other characters than letters, digits, "-", "_" and ".", or a part
  /// that starts or ends with a sign.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(Self.isPart), !text.contains("--"), !text.contains("..") else {
      return nil
    }
    owner = parts[0]
    name = parts[1]
  }

  /// The model's folder in the cache, as huggingface_hub names it.
  var cacheFolder: String { "models--\(owner)--\(name)" }

  private static func isPart(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 96 else { return false }
    return isWord(first) && isWord(last) && text.utf8.allSatisfy { isWord($0) || $0 == 0x2d || $0 == 0x2e }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }
}

extension ModelName: CustomStringConvertible {
  public var description: String { "\(owner)/\(name)" }
}
