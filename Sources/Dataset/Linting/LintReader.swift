/// What a row of a set is to a linter.
public enum LintEntry: Sendable, Equatable {
  case question(LintItem)
  /// A row that cannot be read as what it should be.
  case refused(LintItem, Finding)
  /// A row that is no question with choices.
  case other(line: Int)
}

/// A question with choices, and what sets are compared by.
public struct LintItem: Sendable, Equatable {
  /// As the file has it, else made from the row's content.
  public var id: String
  public var line: Int
  public var question: ChoiceQuestion
  /// `skill`, `task`, `category` and the like, in the order of the format.
  public var attributes: [BenchmarkItem.Attribute]
  /// The labels of the clip, where the row has some.
  public var labels: [String]
  /// The clip or recording that the question is about; its own id where the row names none.
  public var group: String

  public init(
    id: String, line: Int = 0, question: ChoiceQuestion, attributes: [BenchmarkItem.Attribute] = [],
    labels: [String] = [], group: String? = nil
  ) {
    self.id = id
    self.line = line
    self.question = question
    self.attributes = attributes
    self.labels = labels
    self.group = group ?? id
  }
}

/// Reads a set row by row, in any format that ``BenchmarkFormat`` knows: JSON lines in flat memory, a list whole.
///
/// Sounds are not looked for. Nothing is left out: a row that no reader takes is an entry with its reason.
public struct LintReader: ~Copyable {
  private let format: BenchmarkFormat?
  private let sounds: BenchmarkSounds
  private var rows: JSONRows

  /// Each row tells its format, unless `format` does.
  public init(path: String, format: BenchmarkFormat? = nil) throws(DatasetError) {
    self.format = format
    sounds = BenchmarkSounds.unsought
    rows = try JSONRows(path: path)
  }

  /// The next row, or nil after the last. Throws where the rest cannot be told apart any more.
  public mutating func next() throws(DatasetError) -> LintEntry? {
    switch try rows.next() {
    case nil: nil
    case .refused(let line, let reason)?: refused(id: "", line: line, RowProblem(reason: reason), nil)
    case .value(let row, let line)?: entry(row, line)
    }
  }

  private func entry(_ row: JSONValue, _ line: Int) -> LintEntry {
    let id = (try? RowMembers(row).text(["id", "uniq_id", "question_id", "uid"])).flatMap(\.self) ?? ""
    do throws(RowProblem) {
      if format == nil, let imported = try Self.imported(row) { return .question(LintItem(imported, line: line)) }
      guard let format = format ?? BenchmarkFormat(recognizing: row) ?? Self.fallback(row) else {
        throw RowProblem(reason: "a row of no known set")
      }
      let item = try format.item(row, sounds)
      guard item.kind == .choice else { return .other(line: line) }
      return .question(try Self.item(item, row, line))
    } catch {
      return refused(id: id, line: line, error, row)
    }
  }

  /// Questions under the usual names that say nothing of a sound.
  private static func fallback(_ row: JSONValue) -> BenchmarkFormat? {
    let members = RowMembers(row)
    return members.first(RowMembers.question) != nil && members.first(RowMembers.choices) != nil ? .rows : nil
  }

  /// A row of a format in which choices stand in a prompt, a chat or another's record; nil for others.
  private static func imported(_ row: JSONValue) throws(RowProblem) -> ImportRow? {
    let format = ImportFormat(recognizing: row)
    switch format {
    case .lhotse, .labelStudio, .verl, .msSwift, .llamaFactory, .trl:
      return try format.row(row, AudioPlaces(file: "", folder: nil))
    default: return nil
    }
  }

  private static func item(_ item: BenchmarkItem, _ row: JSONValue, _ line: Int) throws(RowProblem) -> LintItem {
    let members = RowMembers(row)
    let labels = try members.texts(["labels", "label"])
    let clip = try members.text(["clip", "clip_id", "video_name", "audio_id"] + RowMembers.audio)
    return LintItem(
      id: item.id, line: line,
      question: ChoiceQuestion(stem: item.question, choices: item.choices, answer: item.answerIndex),
      attributes: item.attributes, labels: labels, group: item.recording ?? clip)
  }

  private func refused(id: String, line: Int, _ problem: RowProblem, _ row: JSONValue?) -> LintEntry {
    let members = RowMembers(row ?? .null)
    let stem = (try? members.speech(RowMembers.question + ["question_text"])).flatMap(\.self) ?? ""
    let choices = members.first(RowMembers.choices)?.value.elements?.compactMap(\.string) ?? []
    let item = LintItem(
      id: id, line: line, question: ChoiceQuestion(stem: stem, choices: choices, answer: nil))
    return .refused(item, Finding(problem.code, problem.reason.capitalizedFirst + "."))
  }
}

extension BenchmarkSounds {
  /// Finds every sound where it is said to be.
  static let unsought = BenchmarkSounds(file: "", folders: [])
}

extension String {
  /// With its first letter in upper case.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
