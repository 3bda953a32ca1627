import Foundation

/// Opens an export again and holds it against what its format's readers need: that every row has the same members of the
/// same types, that answers are among choices, that placeholders and sounds match, that sounds are there.
///
///     let result = try ExportCheck.check("exports/verl", format: .verl)
///     if let fault = result.fault { print("\(fault.path):\(fault.row): \(fault.reason)") }
public struct ExportCheck: Sendable {
  /// The first thing that a reader would trip over.
  public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Relative to the export.
    public var path: String
    /// The line, or the number of the sample in a shard, from 1; 0 where the file as a whole is meant.
    public var row: Int
    /// No capital, no full stop.
    public var reason: String

    public var description: String { row > 0 ? "\(path):\(row): \(reason)" : "\(path): \(reason)" }
  }

  /// The rows of each file that was read, by its path in the export.
  public private(set) var rows: [String: Int] = [:]
  /// Nil where all is as it should be.
  public private(set) var fault: Fault?

  /// All rows that were read.
  public var total: Int { rows.values.reduce(0, +) }

  /// Reads the files of `format` in `folder` and below, up to the first fault. Without `hasSounds` it does not matter
  /// whether sounds are there.
  ///
  /// Throws where a folder or file cannot be read.
  public static func check(
    _ folder: String, format: ExportFormat, hasSounds: Bool = true
  ) throws(DatasetError) -> ExportCheck {
    var check = ExportCheck()
    let root = folder.hasSuffix("/") ? folder : folder + "/"
    let paths = try rowFiles(in: root, of: format.format)
    do throws(Fault) {
      guard !paths.isEmpty else {
        let wanted = format.format.rowExtensions.map { "*.\($0)" }.joined(separator: ", ")
        throw Fault(path: folder, row: 0, reason: "holds no rows of the format \(format.rawValue) (\(wanted))")
      }
      for path in paths {
        check.rows[path] = try RowFile(root: root, path: path, hasSounds: hasSounds).check(format.format)
      }
      try format.format.checkFolder(root, files: paths)
    } catch {
      check.fault = error
    }
    return check
  }

  /// Paths in the export, sorted. Small files that describe others hold no rows.
  private static func rowFiles(in root: String, of format: any SetFormat.Type) throws(DatasetError) -> [String] {
    do {
      return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
        let name = path.split(separator: "/").last ?? ""
        let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
        let isDescription = ["export.json", "dataset_info.json", "dataset_infos.json"].contains(name)
        return !isHidden && !isDescription && format.rowExtensions.contains { name.hasSuffix("." + $0) }
      }.sorted()
    } catch {
      throw .unreadableFile(path: root, reason: fileReason(error))
    }
  }
}

/// A file of rows that is being checked.
struct RowFile {
  let root: String
  let path: String
  let hasSounds: Bool

  /// Returns the number of rows.
  func check(_ format: any SetFormat.Type) throws(ExportCheck.Fault) -> Int {
    do {
      if path.hasSuffix(".tar") { return try ShardCheck(file: self).check() }
      if path.hasSuffix(".parquet") { return try ParquetCheck(path: root + path).check() }
      return try checkRows(format)
    } catch let fault as ExportCheck.Fault {
      throw fault
    } catch let problem as RowProblem {
      throw fault(0, problem.reason)
    } catch DatasetError.badText(_, let line, let reason) {
      throw fault(line, reason)
    } catch {
      throw fault(0, "\(error)")
    }
  }

  func fault(_ row: Int, _ reason: String) -> ExportCheck.Fault {
    ExportCheck.Fault(path: path, row: row, reason: reason)
  }

  func row(_ value: JSONValue) -> CheckedRow {
    let own = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return CheckedRow(value, folders: own.isEmpty ? [root] : [root + own, root], hasSounds: hasSounds)
  }

  /// Of an id that is a text, one that is a number, and anything else.
  private static func text(of id: JSONValue) -> String {
    switch id {
    case .string(let text): "text " + text
    case .number(let digits): "number " + digits
    default: "\(id)"
    }
  }

  private func checkRows(_ format: any SetFormat.Type) throws -> Int {
    var reader = try JSONRows(path: root + path)
    var shape = RowShape.unknown
    var ids = Set<UInt64>()
    var count = 0
    while let next = try reader.next() {
      switch next {
      case .refused(let line, let reason): throw fault(line, reason)
      case .value(let value, let line):
        do throws(RowProblem) {
          guard case .object = value else { throw RowProblem(reason: "the row is \(value.kind), not an object") }
          try shape.take(value)
          try format.check(row(value))
          let id = value.member("id", "question_id", "file_name").map(Self.text(of:))
          if let id, !ids.insert(stableHash("earshot row 1", id)).inserted {
            throw RowProblem(reason: "its id is that of an earlier row")
          }
        } catch {
          throw fault(line, error.reason)
        }
        count += 1
      }
    }
    return count
  }
}
