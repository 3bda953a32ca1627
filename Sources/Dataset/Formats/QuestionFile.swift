import Foundation

/// A file of questions or other training rows, read whole.
///
///     let set = try QuestionFile.read(path: "train.jsonl")
///     for row in set.refused { print("\(set.path):\(row.line): \(row.reason)") }
public struct QuestionFile: Sendable {
  /// A row that cannot be used, and why: no full stop, no capital.
  public struct Refusal: Sendable, Equatable {
    public var line: Int
    public var reason: String
  }

  public let path: String
  /// In the order of the file.
  public var questions: [ImportedQuestion] = []
  public var refused: [Refusal] = []

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
      case .refused(let line, let reason): file.refused.append(Refusal(line: line, reason: reason))
      }
    }
    guard !file.questions.isEmpty else {
      let first = file.refused.first
      throw .badText(
        path: path, line: first?.line ?? 1,
        reason: first.map { "\($0.reason); no row of the file can be used" } ?? "the file holds no rows")
    }
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

  private enum Source {
    case lines(TextLines)
    case list(JSONParser, line: Int, counted: Int, isFirst: Bool)
    case end
  }

  private let path: String
  private let format: QuestionFormat?
  private let places: AudioPlaces
  private var source: Source

  public init(path: String, format: QuestionFormat? = nil, audioFolder: String? = nil) throws(DatasetError) {
    self.path = path
    self.format = format
    places = AudioPlaces(file: path, folder: audioFolder)
    let stream = try ByteStream(path: path)
    switch stream.firstMark() {
    case UInt8(ascii: "["):
      var parser = JSONParser(try Self.bytes(path: path))
      _ = parser.take(UInt8(ascii: "["))
      source = .list(parser, line: 1, counted: 0, isFirst: true)
    case UInt8(ascii: "{"), nil: source = .lines(TextLines(stream, path: path))
    default: throw .badText(path: path, line: 1, reason: "neither JSON lines nor a JSON list")
    }
  }

  /// The next row, or nil after the last.
  public mutating func next() throws(DatasetError) -> QuestionEntry? {
    switch source {
    case .end: return nil
    case .lines(var lines):
      let line = try lines.next()
      source = .lines(lines)
      guard let line else { return nil }
      guard line.bytes.count <= JSONLFormat.longestLine else {
        return .refused(line: line.line, reason: "the line has more than \(JSONLFormat.longestLine) bytes")
      }
      guard let value = try? JSONParser.parse(line.bytes) else {
        return .refused(line: line.line, reason: "the line is not JSON")
      }
      return entry(value, line: line.line)
    case .list(let parser, let line, let counted, let isFirst):
      return try nextElement(parser, line: line, counted: counted, isFirst: isFirst)
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

  /// `line` is that of the byte `counted`, up to which line breaks were counted.
  private mutating func nextElement(
    _ parser: JSONParser, line: Int, counted: Int, isFirst: Bool
  ) throws(DatasetError) -> QuestionEntry? {
    var parser = parser
    do throws(JSONProblem) {
      let isOver = isFirst ? parser.take(UInt8(ascii: "]")) : try parser.closes(with: UInt8(ascii: "]"))
      if isOver {
        guard parser.peek() == nil else { throw JSONProblem.unexpected(offset: parser.position) }
        source = .end
        return nil
      }
      _ = parser.peek()
      let start = parser.position
      let first = line + parser.bytes[counted..<start].count { $0 == 0x0A }
      let value = try parser.value(depth: 1)
      source = .list(parser, line: first, counted: start, isFirst: false)
      return entry(value, line: first)
    } catch {
      let rest = parser.bytes[counted..<max(counted, parser.position)]
      let reason = error == .ended ? "the file ends inside the list" : "not JSON"
      throw .badText(path: path, line: line + rest.count { $0 == 0x0A }, reason: reason)
    }
  }

  private static func bytes(path: String) throws(DatasetError) -> [UInt8] {
    let data: Data
    do {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard size <= longestList else {
        let reason = "a JSON list of \(size) bytes; give it as JSON lines, which are read one by one"
        throw DatasetError.unreadableFile(path: path, reason: reason)
      }
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as DatasetError {
      throw error
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
    return data.starts(with: [0xEF, 0xBB, 0xBF]) ? [UInt8](data.dropFirst(3)) : [UInt8](data)
  }
}
