/// Shards for WebDataset: tar archives with a sound and a JSON file for each question, one beside the other.
public enum WebDatasetFormat: SetFormat {
  public static let sounds: [SoundHandling] = [.embedded, .absent]

  public static let rowExtensions = ["tar"]

  /// Its files have no rows of text; see `ShardCheck`.
  public static func check(_ row: CheckedRow) throws(RowProblem) {}

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile(prefix: "\(split)-", digits: 6, suffix: ".tar", configuration: "default") { WebDatasetEncoder() }
    ]
  }

  /// What a question's members are called: everything before the first dot of a name is the key of a sample, so the key
  /// has none, and nothing else that a path could stumble over. An id with other signs gets the row's number.
  static func key(_ row: SetRow) -> String {
    let isSafe: (UInt8) -> Bool = {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || $0 == 0x2D
    }
    let id = row.question.id.utf8
    if !id.isEmpty && id.count <= 64 && id.allSatisfy(isSafe) { return row.question.id }
    return "q\(row.number)-" + String(decoding: id.prefix(40).map { isSafe($0) ? $0 : 0x5F }, as: UTF8.self)
  }
}

private struct WebDatasetEncoder: RowEncoder {
  /// Beyond which a shard takes no more, in bytes: its makers advise some hundred megabytes.
  private static let longest = 512 << 20
  private var tar = TarEncoder()

  var isFull: Bool { tar.length >= Self.longest }

  mutating func begin() -> [UInt8] { [] }

  mutating func add(_ row: SetRow) throws(DatasetError) -> [UInt8] {
    let key = WebDatasetFormat.key(row)
    var question = row.question
    question.audioPath = row.sound.map { "\(key).\($0.encoding.rawValue)" } ?? ""
    let sound = try row.sound.map { sound throws(DatasetError) in try sound.bytes() }
    let line = Array(JSONLFormat.line(question).utf8)
    return (sound.map { tar.member(question.audioPath, $0) } ?? []) + tar.member("\(key).json", line)
  }

  mutating func end() -> [UInt8] { tar.end() }
}
