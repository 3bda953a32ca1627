/// What can be wrong with the files and settings this module is given.
public enum DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  case unreadableFile(path: String, reason: String)
  /// No column of a manifest's header is known to name files.
  case noFileColumn(path: String, columns: [String], known: [String])
  case repeatedColumn(path: String, name: String)
  /// A file that is broken from a line on, so that its rows cannot be told apart any more.
  case badText(path: String, line: Int, reason: String)
  case emptyManifest(path: String)
  case badFractions(train: Double, dev: Double, test: Double)
  /// A line of a question file.
  case badQuestion(line: Int, reason: String)
  /// A question whose sound a format cannot do without.
  case noSound(id: String)
  /// Nothing is where a set was to be.
  case noSuchSet(path: String)
  /// A folder without a file of rows.
  case noRows(path: String)

  public var description: String {
    switch self {
    case .unreadableFile(let path, let reason): "\(path): cannot be read: \(reason)."
    case .noFileColumn(let path, let columns, let known):
      "\(path):1: no column names the audio file among \(DatasetError.list(columns)). "
        + "Name it one of \(known.joined(separator: ", "))."
    case .repeatedColumn(let path, let name):
      "\(path):1: the column '\(shortened(name))' stands there twice. Rename one."
    case .badText(let path, let line, let reason): "\(path):\(line): \(reason)."
    case .emptyManifest(let path): "\(path): holds no rows. Give a manifest with one row for each audio file."
    case .badFractions(let train, let dev, let test):
      "split: train \(train), dev \(dev) and test \(test) are not shares of a whole. Give three numbers from 0 to 1 "
        + "whose sum is 1."
    case .badQuestion(let line, let reason): "line \(line): \(reason)."
    case .noSuchSet(let path):
      "\(path): there is no such file or folder. Give a folder or a file of questions, or the folder of a run."
    case .noRows(let path):
      "\(path): no file in it that could hold questions (\(ImportSet.extensions.sorted().joined(separator: ", "))). Give "
        + "the folder of a set, or a file."
    case .noSound(let id): "question \(shortened(id)): has no sound, which the format needs. Export with the sounds."
    }
  }

  private static func list(_ columns: [String]) -> String {
    let shown = columns.prefix(8).map { "'\(shortened($0))'" }.joined(separator: ", ")
    return columns.count > 8 ? shown + " and \(columns.count - 8) more" : shown
  }
}
