/// A way to lay a question set out as files: one format, one file of this folder.
///
/// A format says which files each split has and makes their bytes row by row, so a set of any size is written in flat
/// memory, and the same set always gives the same bytes. It opens no files but the sounds that rows carry; the caller
/// writes, all or nothing. `docs/formats.md` describes each.
public protocol SetFormat: Sendable {
  /// What the format can do with sounds, the usual first.
  static var sounds: [SoundHandling] { get }

  /// The files of one split's rows.
  static func files(of split: String) -> [SetFile]

  /// Where a row's sound is, relative to ``folder(of:)``.
  static func soundPath(of question: ExportedQuestion, as encoding: SoundEncoding) -> String

  /// What the paths in a split's rows start from, relative to the export: empty, or ending in "/".
  static func folder(of split: String) -> String

  /// Further files, once all rows are written. `rows` counts those of each split that has any.
  static func companions(rows: [String: Int]) -> [TextFile]

  /// What the names of files with rows end in, of ours and of other programs'.
  static var rowExtensions: [String] { get }

  /// Throws what the format's readers would trip over in a row. Ids and types are held against other rows elsewhere.
  static func check(_ row: CheckedRow) throws(RowProblem)

  /// Throws what the format's readers would trip over beside the rows. `folder` ends in "/", `files` are those of the
  /// rows, relative to it.
  static func checkFolder(_ folder: String, files: [String]) throws(ExportCheck.Fault)
}

extension SetFormat {
  public static var sounds: [SoundHandling] { [.copied, .linked, .absent] }

  public static func soundPath(of question: ExportedQuestion, as encoding: SoundEncoding) -> String {
    "audio/\(question.clip).\(encoding.rawValue)"
  }

  public static func folder(of split: String) -> String { "" }

  public static func companions(rows: [String: Int]) -> [TextFile] { [] }

  public static var rowExtensions: [String] { ["jsonl"] }

  public static func checkFolder(_ folder: String, files: [String]) throws(ExportCheck.Fault) {}
}

/// What becomes of the clips' sounds in an export.
public enum SoundHandling: String, Sendable, CaseIterable {
  /// 16 kHz mono files beside the rows.
  case copied = "copy"
  /// The same, shared on the disk with the run's own exports where these are there.
  case linked = "link"
  /// Inside the rows' files.
  case embedded = "embed"
  /// Left out: rows name files that are not there.
  case absent = "none"
}

/// A file of rows, or several where one gets too long.
public struct SetFile: Sendable {
  /// The path by the number of the part, from 0, relative to the export.
  public var path: @Sendable (Int) -> String
  public var makeEncoder: @Sendable () -> any RowEncoder
  /// Under which configuration the dataset card lists it; nil for none.
  public var configuration: String?
  /// The path in the card, where it is a pattern.
  public var cardPath: String
  /// Whether the file is there though it has no rows.
  public var isAlwaysThere: Bool

  /// A file that is never divided.
  public init(
    _ path: String, configuration: String? = nil, isAlwaysThere: Bool = false,
    makeEncoder: @escaping @Sendable () -> any RowEncoder
  ) {
    self.path = { _ in path }
    self.makeEncoder = makeEncoder
    self.configuration = configuration
    cardPath = path
    self.isAlwaysThere = isAlwaysThere
  }

  /// Parts with numbers of at least `digits` digits: `prefix00000suffix`.
  public init(
    prefix: String, digits: Int, suffix: String, configuration: String? = nil,
    makeEncoder: @escaping @Sendable () -> any RowEncoder
  ) {
    path = { part in
      let number = String(part)
      return prefix + String(repeating: "0", count: max(0, digits - number.count)) + number + suffix
    }
    self.makeEncoder = makeEncoder
    self.configuration = configuration
    cardPath = prefix + "*" + suffix
    isAlwaysThere = false
  }
}

/// A small file that comes with an export.
public struct TextFile: Sendable, Equatable {
  public var path: String
  public var text: String

  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}
