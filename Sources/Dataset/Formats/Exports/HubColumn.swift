/// A column of the flat tables that the Hugging Face hub shows. Every row has every column, in one type: readers before
/// datasets 4 refuse a column that is a text in one row and null or a list in the next.
struct HubColumn: Sendable {
  enum Kind: Sendable {
    case text, integer, texts
    /// Null where it is not known.
    case number
  }

  enum Value: Equatable {
    case text(String)
    case integer(Int)
    case texts([String])
    case number(Double?)
  }

  let name: String
  let kind: Kind
  let value: @Sendable (ExportedQuestion) -> Value

  private init(_ name: String, _ kind: Kind, _ value: @escaping @Sendable (ExportedQuestion) -> Value) {
    self.name = name
    self.kind = kind
    self.value = value
  }

  private static func text(_ name: String, _ text: @escaping @Sendable (ExportedQuestion) -> String) -> HubColumn {
    HubColumn(name, .text) { .text(text($0)) }
  }

  private static func texts(_ name: String, _ texts: @escaping @Sendable (ExportedQuestion) -> [String]) -> HubColumn {
    HubColumn(name, .texts) { .texts(texts($0)) }
  }

  /// The columns of the rows of a question's set: rates of answers are there where any question has them.
  static func columns(of question: ExportedQuestion) -> [HubColumn] {
    let rates = question.shownRates
    guard !rates.isEmpty, let place = all.firstIndex(where: { $0.name == "audio_contribution" }) else { return all }
    let columns = rates.map { rate in HubColumn(rate.rawValue, .number) { .number($0.rates[rate]) } }
    return all[...place] + columns + all[(place + 1)...]
  }

  /// What is known of a question of any set, but for its sound. What a caption comes from differs in its members from caption to
  /// caption, so it is one JSON text.
  static let all: [HubColumn] = [
    text("id") { $0.id },
    text("clip") { $0.clip },
    text("question") { $0.question },
    texts("choices") { $0.choices },
    text("answer") { $0.answer },
    HubColumn("answer_index", .integer) { .integer($0.answerIndex) },
    text("skill") { $0.skill },
    text("difficulty") { $0.difficulty },
    text("audio_contribution") { $0.audioContribution?.rawValue ?? "" },
    texts("labels") { $0.labels },
    text("evidence") { $0.evidence },
    text("rationale") { $0.rationale },
    texts("captions") { $0.captions.map(\.text) },
    text("caption_sources") { JSONText.array($0.captions.map(JSONLFormat.caption)) },
    text("writer") { $0.provenance.model },
    text("prompt") { $0.provenance.prompt },
    text("prompt_sha256") { $0.provenance.promptHash },
    texts("captioners") { $0.provenance.captioners },
    HubColumn("checks_version", .integer) { .integer($0.provenance.checksVersion) },
    texts("sources") { $0.provenance.sources },
  ]

  /// A JSON object of `first` and the columns.
  static func line(_ question: ExportedQuestion, first: (name: String, text: String)) -> String {
    let members = columns(of: question).map { JSONText.string($0.name) + ":" + json($0.value(question)) }
    return "{" + ([JSONText.string(first.name) + ":" + JSONText.string(first.text)] + members).joined(separator: ",")
      + "}"
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .text(let text): JSONText.string(text)
    case .integer(let number): String(number)
    case .texts(let texts): JSONText.strings(texts)
    case .number(let number): number.map { "\($0)" } ?? "null"
    }
  }
}
