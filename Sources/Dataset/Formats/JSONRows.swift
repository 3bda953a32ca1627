import Foundation

/// The values of a file of JSON lines, or the elements of a JSON list, each with its line. Lines are read one by one,
/// a list whole.
struct JSONRows: ~Copyable {
  enum Row {
    case value(JSONValue, line: Int)
    case refused(line: Int, reason: String)
  }

  private enum Source {
    case lines(TextLines)
    /// `line` is that of the byte `counted`, up to which line breaks were counted.
    case list(JSONParser, line: Int, counted: Int, isFirst: Bool)
    case end
  }

  private let path: String
  private var source: Source

  init(path: String) throws(DatasetError) {
    self.path = path
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

  /// The next row, or nil after the last. Throws where the rest cannot be told apart any more.
  mutating func next() throws(DatasetError) -> Row? {
    switch source {
    case .end: return nil
    case .lines(var lines):
      source = .end
      let line = try lines.next()
      source = .lines(lines)
      return line.map { Self.row($0.bytes, line: $0.line) }
    case .list(let parser, let line, let counted, let isFirst):
      source = .end
      return try element(parser, line: line, counted: counted, isFirst: isFirst)
    }
  }

  private static func row(_ bytes: [UInt8], line: Int) -> Row {
    guard bytes.count <= JSONLFormat.longestLine else {
      return .refused(line: line, reason: "the line has more than \(JSONLFormat.longestLine) bytes")
    }
    guard let value = try? JSONParser.parse(bytes) else { return .refused(line: line, reason: "the line is not JSON") }
    return .value(value, line: line)
  }

  private mutating func element(
    _ parser: JSONParser, line: Int, counted: Int, isFirst: Bool
  ) throws(DatasetError) -> Row? {
    var parser = parser
    do throws(JSONProblem) {
      let isOver = isFirst ? parser.take(UInt8(ascii: "]")) : try parser.closes(with: UInt8(ascii: "]"))
      if isOver {
        guard parser.peek() == nil else { throw JSONProblem.unexpected(offset: parser.position) }
        return nil
      }
      _ = parser.peek()
      let start = parser.position
      let first = line + parser.bytes[counted..<start].count { $0 == 0x0A }
      let value = try parser.value(depth: 1)
      source = .list(parser, line: first, counted: start, isFirst: false)
      return .value(value, line: first)
    } catch {
      let rest = parser.bytes[counted..<max(counted, parser.position)]
      let reason = error == .ended ? "the file ends inside the list" : "not JSON"
      throw .badText(path: path, line: line + rest.count { $0 == 0x0A }, reason: reason)
    }
  }

  private static func bytes(path: String) throws(DatasetError) -> [UInt8] {
    do {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard size <= QuestionReader.longestList else {
        let reason = "a JSON list of \(size) bytes; give it as JSON lines, which are read one by one"
        throw DatasetError.unreadableFile(path: path, reason: reason)
      }
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      return [UInt8](data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data)
    } catch let error as DatasetError {
      throw error
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }
}
