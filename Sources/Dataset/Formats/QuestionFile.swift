import Foundation

/// A file of questions or other training rows, read whole.
///
///     let set = try QuestionFile.read(path: "train.jsonl")
///     for row in set.refused { print("\(set.path):\(row.line): \(row.reason)") }
public struct QuestionFile: Sendable {
  public let path: String
  /// In the order of the file.
  public var questions: [ImportedQuestion] = []
  public var refused: [RefusedRow] = []

  /// Reads JSON lines or a JSON list. Each row tells its format, unless `format` does. Sounds are looked for beside the
  /// file, or in `audioFolder`.
  ///
  /// Rows that cannot be used are listed in `refused`. Throws for a file that cannot be read to its end, and for one
  /// without a row that can be used.
  public static func read(
    path: String, format: QuestionFormat? = nil, audioFolder: String? = nil
  ) throws(DatasetError) -> QuestionFile {
    var reader = try QuestionReader(path: path, format: format, audioFolder: audioFolder)
    var file = QuestionFile(path: path)
    while let entry = try reader.next() {
      switch entry {
      case .question(let question): file.questions.append(question)
      case .refused(let line, let reason): file.refused.append(RefusedRow(line: line, reason: reason))
      }
    }
    guard !file.questions.isEmpty else { throw .noUsableRow(path: path, refused: file.refused) }
    return file
  }
}

/// What one row of a file is.
public enum QuestionEntry: Sendable, Equatable {
  case question(ImportedQuestion)
  case refused(line: Int, reason: String)
}

/// Reads a file of questions row by row: JSON lines in flat memory, a JSON list from the whole file.
public struct QuestionReader: ~Copyable {
  /// The longest JSON list that is read, in bytes.
  public static let longestList = 1 << 29

  private let format: QuestionFormat?
  private let places: AudioPlaces
  private var rows: JSONRows

  public init(path: String, format: QuestionFormat? = nil, audioFolder: String? = nil) throws(DatasetError) {
    self.format = format
    places = AudioPlaces(file: path, folder: audioFolder)
    rows = try JSONRows(path: path)
  }

  /// The next row, or nil after the last.
  public mutating func next() throws(DatasetError) -> QuestionEntry? {
    switch try rows.next() {
    case nil: nil
    case .refused(let line, let reason)?: .refused(line: line, reason: reason)
    case .value(let value, let line)?: entry(value, line: line)
    }
  }

  private func entry(_ value: JSONValue, line: Int) -> QuestionEntry {
    do {
      var question = try (format ?? QuestionFormat(recognizing: value)).question(value, places)
      question.line = line
      if question.id.isEmpty { question.id = ImportedQuestion.contentID(question) }
      return .question(question)
    } catch {
      return .refused(line: line, reason: error.reason)
    }
  }
}
