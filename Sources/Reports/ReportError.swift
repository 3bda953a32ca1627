/// What can be wrong with writing a report.
public enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A table's name that is no file name of ours.
  case badName(String)
  /// Two tables of one name, or of names that differ in case only.
  case usedName(String)
  case cannotWrite(path: String, reason: String)
  case diskFull(path: String)

  public var description: String {
    switch self {
    case .badName(let name):
      "'\(name)': a table's file cannot have this name. Use up to 100 of a-z, A-Z, 0-9, '-' and '_'."
    case .usedName(let name): "'\(name)': two tables of a report have this name. Give each its own."
    case .cannotWrite(let path, let reason): "\(path): cannot be written (\(reason)). Check the folder's permissions."
    case .diskFull(let path): "\(path): the disk is full. Free some space and write the report again."
    }
  }
}
