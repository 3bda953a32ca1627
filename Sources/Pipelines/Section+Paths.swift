import Foundation

extension Section {
  /// A path: from the file, relative to the file's folder; from an override, to the current directory. `~/` is the home
  /// folder. One of the `words` stands for itself and is returned as it is.
  public func optionalPath(_ key: String, words: [String] = []) throws(PipelineError) -> String? {
    guard let value = value(key) else { return nil }
    return try path(of: value, key: key, words: words)
  }

  func path(of value: PlacedValue, key: String, words: [String] = []) throws(PipelineError) -> String {
    guard let text = value.scalar, !text.isEmpty, !text.utf8.contains(0) else {
      throw .badValue(key: full(key), shown: value.shown, wanted: "a path", at: value.place)
    }
    if words.contains(text) { return text }
    if text.hasPrefix("/") { return text }
    if text.hasPrefix("~/") { return NSHomeDirectory() + text.dropFirst() }
    switch value.place {
    case .file(let file, _): return joined(folder(of: file), text)
    case .override: return text
    }
  }

  /// As `optionalPath`, but the key must be set.
  public func path(_ key: String, words: [String] = []) throws(PipelineError) -> String {
    guard let path = try optionalPath(key, words: words) else { throw missing(key, wanted: "a path") }
    return path
  }
}

extension PipelineFile {
  /// The path that a text in the file stands for: relative to the file's folder.
  public func path(_ text: String) -> String { joined(folder(of: path), text) }
}

/// The folder that a file is in; empty for the current one.
private func folder(of file: String) -> String {
  file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
}

/// `pipelines/` and `../prompts/a.md` make `prompts/a.md`. A step up is taken in the text only where that is what the
/// system would do: not out of a symbolic link.
private func joined(_ folder: String, _ path: String) -> String {
  var base = folder
  var rest = path[...]
  while true {
    if rest.hasPrefix("./") {
      rest = rest.dropFirst(2)
    } else if rest.hasPrefix("../"), let parent = parent(of: base) {
      base = parent
      rest = rest.dropFirst(3)
    } else {
      return base + rest
    }
  }
}

/// The folder above one that ends in "/"; nil where only the system can tell.
private func parent(of folder: String) -> String? {
  let trimmed = folder.dropLast()
  let name = trimmed.split(separator: "/").last
  guard let name, name != ".", name != "..",
    (try? FileManager.default.destinationOfSymbolicLink(atPath: String(trimmed))) == nil
  else { return nil }
  return String(trimmed.dropLast(name.count))
}
