import Foundation

/// The files of a report: `report.html`, and of each table `NAME.csv` and `NAME.md`.
public enum ReportFolder {
  public struct NamedTable: Sendable, Hashable {
    /// Of the files, without their ending.
    public var name: String
    public var table: ReportTable

    public init(_ name: String, _ table: ReportTable) {
      self.name = name
      self.table = table
    }
  }

  /// Writes the report into `folder`, which is made where it is missing; gives the paths of the files. Each file is
  /// there whole or as it was before, and the page comes last.
  @discardableResult
  public static func write(_ page: Page, tables: [NamedTable], to folder: String) throws(ReportError) -> [String] {
    try check(tables.map(\.name))
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw failure(error, path: folder)
    }
    var paths: [String] = []
    for table in tables {
      paths.append(try write(table.table.csv(), to: "\(folder)/\(table.name).csv"))
      paths.append(try write(table.table.markdown(), to: "\(folder)/\(table.name).md"))
    }
    paths.append(try write(page.html(), to: "\(folder)/report.html"))
    return paths
  }

  /// Writes a page alone into the file `path`, whole or not at all.
  public static func write(_ page: Page, to path: String) throws(ReportError) {
    _ = try write(page.html(), to: path)
  }

  private static func check(_ names: [String]) throws(ReportError) {
    var used = Set<String>()
    for name in names {
      let isPlain = name.utf8.allSatisfy { byte in
        let scalar = Unicode.Scalar(byte)
        return scalar.properties.isAlphabetic && byte < 0x80 || (48...57).contains(byte) || byte == 45 || byte == 95
      }
      guard isPlain, (1...100).contains(name.utf8.count) else { throw .badName(name) }
      // Some disks take names for the same that differ in case only.
      guard used.insert(name.lowercased()).inserted else { throw .usedName(name) }
    }
  }

  private static func write(_ text: String, to path: String) throws(ReportError) -> String {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw failure(error, path: path)
    }
    return path
  }

  /// Foundation's file errors have the system's below them.
  private static func failure(_ error: any Error, path: String) -> ReportError {
    let outer = error as NSError
    let inner = outer.userInfo[NSUnderlyingErrorKey] as? NSError
    let system = [outer, inner].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }
    let code = system.map { Int32($0.code) }
    if code == ENOSPC || code == EDQUOT || outer.code == CocoaError.fileWriteOutOfSpace.rawValue {
      return .diskFull(path: path)
    }
    let known =
      CocoaError.fileWriteNoPermission.rawValue == outer.code ? "permission denied" : "file error \(outer.code)"
    return .cannotWrite(path: path, reason: code.map { String(cString: strerror($0)) } ?? known)
  }
}
