/// The test sets whose files are read; each has its reader in a file of its own.
public enum BenchmarkFormat: String, Sendable, CaseIterable {
  /// MMAU's test-mini and test.
  case mmau
  case mmar
  /// AIR-Bench's single-choice questions.
  case airBenchFoundation = "air-bench-foundation"
  /// AIR-Bench's open questions.
  case airBenchChat = "air-bench-chat"
  /// AVQA's questions, as R1-AQA reads them.
  case r1AQA = "r1-aqa"
  case audioMCQ = "audiomcq"
  /// Our own export.
  case jsonl
  /// Rows that say by `task` what is to be done: classify, transcribe, translate, caption.
  case tasks
  /// Questions with choices under the usual names, as training reads them.
  case rows

  /// The format whose members a row has; nil for one that is known to none.
  init?(recognizing row: JSONValue) {
    let has = { (name: String) in row.member(name) != nil }
    if has("question_text"), has("multi_choice") {
      self = .r1AQA
    } else if has("provenance"), has("answer_index") {
      self = .jsonl
    } else if has("choice_a"), has("task_name") {
      self = .airBenchFoundation
    } else if has("meta_info"), has("task_name") {
      self = .airBenchChat
    } else if has("source_dataset"), has("choices") {
      self = .audioMCQ
    } else if has("audio_id"), has("choices") {
      self = .mmau
    } else if has("modality"), has("choices") {
      self = .mmar
    } else if has("question"), has("choices"), has("audio") || has("audio_path"), !Self.saysWhatToDo(row) {
      self = .rows
    } else if has("task") {
      self = .tasks
    } else {
      return nil
    }
  }

  /// Whether the row's `task` is one of those that say what is to be done; of other questions it is their kind.
  private static func saysWhatToDo(_ row: JSONValue) -> Bool {
    row.member("task")?.string.map { TaskForm(task: $0) != nil } ?? false
  }

  /// The item of a row; without an id where the row has none.
  func item(_ row: JSONValue, _ sounds: BenchmarkSounds) throws(RowProblem) -> BenchmarkItem {
    guard case .object = row else { throw RowProblem(reason: "the row is \(row.kind), not an object") }
    let members = RowMembers(row)
    var item =
      switch self {
      case .mmau: try BenchmarkItem(mmau: members, sounds)
      case .mmar: try BenchmarkItem(mmar: members, sounds)
      case .airBenchFoundation: try BenchmarkItem(airBenchFoundation: members, sounds)
      case .airBenchChat: try BenchmarkItem(airBenchChat: members, sounds)
      case .r1AQA: try BenchmarkItem(r1AQA: row, sounds)
      case .audioMCQ: try BenchmarkItem(audioMCQ: members, sounds)
      case .jsonl: try BenchmarkItem(exported: row, sounds)
      case .tasks: try BenchmarkItem(task: members, sounds)
      case .rows: try BenchmarkItem(row: row, sounds)
      }
    if item.id.isEmpty { item.id = item.contentID }
    guard item.id.utf8.count <= BenchmarkFile.longestID else {
      throw RowProblem(reason: "the id has more than \(BenchmarkFile.longestID) bytes")
    }
    return item
  }
}

extension RowMembers {
  /// The names under which predictions stand in the files of the test sets. `evaluation.py` of MMAU reads the first,
  /// its README and R1-AQA's tester write the second; the third is MMAR's.
  static let predictions = ["model_output", "model_prediction", "answer_prediction", "prediction"]

  /// A member that has to be there.
  func needed(_ names: String...) throws(RowProblem) -> String {
    guard let text = try text(names) else { throw RowProblem(reason: "'\(names[0])' is missing or empty") }
    return text
  }

  /// What a model answered: nil where nothing is said of it, empty where it said nothing.
  func prediction(_ names: [String] = predictions) throws(RowProblem) -> String? {
    guard let (name, value) = first(names) else { return nil }
    switch value {
    case .string(let text): return text
    case .number(let digits): return digits
    default: throw RowProblem(reason: "'\(name)' is \(value.kind), not text")
    }
  }

  /// The choices under `names[0]`, with the one that `answer` is, where it is not withheld.
  func choices(_ name: String, answer answerName: String) throws(RowProblem) -> RowChoices {
    guard let value = self[name] else { throw RowProblem(reason: "'\(name)' is missing") }
    var choices = try RowChoices(value, named: name)
    if let answer = try text([answerName]) { try choices.answer(text: answer, named: answerName) }
    return choices
  }

  /// A text, or the texts of a list, joined; also where the list was turned to text, as in 13 rows of MMAU's test-mini:
  /// `['Reasoning']`.
  func joined(_ name: String) throws(RowProblem) -> String? {
    if self[name]?.elements != nil { return try texts([name]).joined(separator: ", ") }
    guard let text = try text([name]) else { return nil }
    for quote in ["'", "\""] where text.hasPrefix("[\(quote)") && text.hasSuffix("\(quote)]") && text.count > 4 {
      let inner = text.dropFirst(2).dropLast(2)
      if !inner.contains(quote) { return String(inner) }
    }
    return text
  }
}
