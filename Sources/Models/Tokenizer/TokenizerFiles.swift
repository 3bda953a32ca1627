import Foundation

/// A folder and the files of a tokenizer in it.
struct TokenizerFiles {
  /// More than any tokenizer has.
  private static let mostBytes = 1 << 30

  let folder: String

  /// The path of `name`, if there is such a file.
  func path(_ name: String) -> String? {
    let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The bytes of a regular file.
  static func bytes(of path: String) throws(TokenizerError) -> [UInt8] {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path) else {
      throw .unreadable(path: path, reason: "no such file, or no permission")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw .unreadable(path: path, reason: "not a regular file")
    }
    let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
    guard size <= mostBytes else { throw .tooLarge(path: path, bytes: size) }
    // Foundation leaks its buffer when it reads an empty file.
    if size == 0 { return [] }
    guard let data = try? Data(contentsOf: url) else { throw .unreadable(path: path, reason: "permission denied") }
    return [UInt8](data)
  }

  /// The object that is all of the file at `path`.
  static func object(_ path: String) throws(TokenizerError) -> TokenizerJSON {
    var scanner = TokenizerScanner(try bytes(of: path), path: path)
    let value = try scanner.value()
    try scanner.end()
    guard case .object = value else { throw .wrongValue(path: path, key: "the file", wanted: "an object") }
    return value
  }
}
