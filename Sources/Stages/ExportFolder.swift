import Foundation

/// The folder that an export goes to, made beside it under a name of its own and then put in its place as a whole.
///
/// Nothing is replaced or removed but empty folders, exports, and what this type has marked as its own.
struct ExportFolder {
  /// Absolute, the links above it resolved.
  let path: String
  /// Where the export is made: a folder beside `path`.
  let partial: String
  /// Where an earlier export is for the moment between two renames.
  private let old: String

  /// In every folder that is no whole export: one that is being made, one that is being removed.
  private static let marker = ".earshot-partial"

  /// Makes the partial folder, and those above it that are missing. An earlier export that a kill left set aside comes
  /// back. Throws where something is at `destination` that is neither an empty folder nor an export, and changes
  /// nothing.
  init(_ destination: String) throws(StagesError) {
    let (parent, name) = try Self.place(of: destination)
    path = parent + name
    partial = "\(parent).\(name).earshot-partial"
    old = "\(parent).\(name).earshot-old"
    for used in [path, partial, old] { try Self.refuseForeign(used) }
    if Self.holder(of: path) == .nobody && ExportMark.exists(in: old) {
      guard rename(old, path) == 0 else { throw LineFile.failure(path) }
    }
    try Self.remove(partial)
    guard mkdir(partial, 0o777) == 0 else { throw LineFile.failure(partial) }
    try Self.mark(partial)
  }

  /// An empty folder, or none, is simply renamed over. A full one steps aside first: a kill between the two leaves the
  /// old export whole, for the next one to put back.
  func replace() throws(StagesError) {
    try Self.refuseForeign(path)
    guard unlink(partial + "/" + Self.marker) == 0 else { throw LineFile.failure(partial) }
    if rename(partial, path) != 0 {
      guard errno == ENOTEMPTY || errno == EEXIST else { throw LineFile.failure(path) }
      try Self.remove(old)
      guard rename(path, old) == 0 else { throw LineFile.failure(path) }
      guard rename(partial, path) == 0 else {
        let failure = LineFile.failure(path)
        rename(old, path)
        throw failure
      }
    }
    // The export is in its place; what cannot be removed now is left to the next.
    try? Self.remove(old)
  }

  /// Removes what was made so far.
  func discard() {
    try? Self.remove(partial)
  }
}

extension ExportFolder {
  private enum Holder {
    case nobody, earshot, someoneElse
  }

  private static func holder(of path: String) -> Holder {
    var status = stat()
    guard lstat(path, &status) == 0 else { return errno == ENOENT ? .nobody : .someoneElse }
    guard status.st_mode & S_IFMT == S_IFDIR,
      let inside = try? FileManager.default.contentsOfDirectory(atPath: path)
    else { return .someoneElse }
    return inside.isEmpty || inside.contains(marker) || ExportMark.exists(in: path) ? .earshot : .someoneElse
  }

  private static func refuseForeign(_ path: String) throws(StagesError) {
    if holder(of: path) == .someoneElse { throw .destinationInUse(path) }
  }

  private static func mark(_ folder: String) throws(StagesError) {
    try LineFile(path: folder + "/" + marker).close()
  }

  /// Removes a folder of Earshot's own. One that a kill leaves half removed still tells whose it is, and is no export.
  private static func remove(_ path: String) throws(StagesError) {
    try refuseForeign(path)
    guard holder(of: path) == .earshot else { return }
    try mark(path)
    do {
      try ExportMark.remove(from: path)
      for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != marker {
        try FileManager.default.removeItem(atPath: path + "/" + name)
      }
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw LineFile.failure(path)
    }
  }

  /// The folder that `destination` is in, made where it is missing, its path ending in "/"; and its name there.
  private static func place(of destination: String) throws(StagesError) -> (parent: String, name: String) {
    var text = destination[...]
    while text.hasSuffix("/") { text.removeLast() }
    let start = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let (above, name) = (text[..<start], String(text[start...]))
    if name == "." || name == ".." { return try place(of: try real(String(text))) }
    guard !name.isEmpty else { throw .destinationInUse(destination) }
    let parent = above.isEmpty ? "." : String(above)
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw LineFile.failure(parent)
    }
    let resolved = try real(parent)
    return (resolved.hasSuffix("/") ? resolved : resolved + "/", name)
  }

  private static func real(_ path: String) throws(StagesError) -> String {
    guard let real = realpath(path, nil) else { throw LineFile.failure(path) }
    defer { free(real) }
    return String(cString: real)
  }
}
