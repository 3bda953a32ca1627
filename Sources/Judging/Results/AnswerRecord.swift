import Dataset
public import Evaluation

/// What became of one item: a line of `answers.jsonl`.
public struct AnswerRecord: Sendable, Equatable {
  /// What came in one order of the choices.
  public struct Answer: Sendable, Equatable {
    public var order: ChoiceOrder
    public var reply: Reply
  }

  public var id: String
  /// In the order asked; none where the item was not asked.
  public var answers: [Answer]
  /// Why the item was not asked.
  public var unasked: String?

  init(id: String, answers: [Answer]) {
    self.id = id
    let unheard = answers.first { $0.reply.isUnheard }
    self.answers = unheard == nil ? answers : []
    unasked = unheard.map { $0.reply.problem ?? "Its sound cannot be read." }
  }

  init(id: String, unasked: String) {
    (self.id, self.unasked) = (id, unasked)
    answers = []
  }

  /// The answers as they are marked.
  func answered(_ item: BenchmarkItem, _ extraction: Answered.Extraction) -> Answered {
    Answered(item, outputs: answers.map { ($0.order, $0.reply.output) }, extraction: extraction)
  }
}

extension AnswerRecord {
  /// A JSON object on one line, the item's own members first.
  func line(_ item: BenchmarkItem, _ extraction: Answered.Extraction) -> String {
    var members = ["\"id\":" + ResultJSON.string(id), "\"kind\":" + ResultJSON.string(item.kind.rawValue)]
    if let recording = item.recording { members.append("\"recording\":" + ResultJSON.string(recording)) }
    if !item.attributes.isEmpty {
      let attributes = item.attributes.map { ResultJSON.string($0.name) + ":" + ResultJSON.string($0.value) }
      members.append("\"attributes\":{" + attributes.joined(separator: ",") + "}")
    }
    if let unasked {
      return "{" + (members + ["\"unasked\":" + ResultJSON.string(unasked)]).joined(separator: ",") + "}"
    }
    if item.kind == .label, let answer = item.answer { members.append("\"answer\":" + ResultJSON.string(answer)) }
    if !item.references.isEmpty { members.append("\"references\":" + ResultJSON.strings(item.references)) }
    for (name, text) in [("language", item.language), ("targetLanguage", item.targetLanguage)] {
      if let text { members.append("\"\(name)\":" + ResultJSON.string(text)) }
    }
    let marked = answered(item, extraction).answers
    let objects = zip(answers, marked).map { Self.object($0, $1, hasChoices: !item.choices.isEmpty) }
    return "{" + (members + ["\"answers\":[" + objects.joined(separator: ",") + "]"]).joined(separator: ",") + "}"
  }

  private static func object(_ answer: Answer, _ marked: Answered.Answer, hasChoices: Bool) -> String {
    let reply = answer.reply
    var members = [
      "\"order\":" + ResultJSON.numbers(answer.order.places),
      "\"output\":" + (reply.output.map(ResultJSON.string) ?? "null"),
    ]
    if hasChoices { members.append("\"chosen\":" + (marked.chosen.map(String.init) ?? "null")) }
    if !marked.marks.isEmpty {
      let marks = AnswerRule.allCases.compactMap { rule in
        marked.marks[rule].map { ResultJSON.string(rule.rawValue) + ":\"\($0)\"" }
      }
      members.append("\"marks\":{" + marks.joined(separator: ",") + "}")
    }
    if let problem = reply.problem { members.append("\"problem\":" + ResultJSON.string(problem)) }
    members.append("\"tokens\":\(reply.tokens)")
    if reply.isCut { members.append("\"cut\":true") }
    if reply.isSoundCut { members.append("\"soundCut\":true") }
    if let scores = reply.choiceScores {
      var lists = ["\"sum\":" + ResultJSON.numbers(scores.sum), "\"tokens\":" + ResultJSON.numbers(scores.tokens)]
      if let without = scores.without { lists.append("\"without\":" + ResultJSON.numbers(without)) }
      members.append("\"choiceScores\":{" + lists.joined(separator: ",") + "}")
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}

extension AnswerRecord: Decodable {
  private enum CodingKeys: String, CodingKey {
    case id, answers, unasked
  }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    id = try members.decode(String.self, forKey: .id)
    unasked = try members.decodeIfPresent(String.self, forKey: .unasked)
    answers = try members.decodeIfPresent([Answer].self, forKey: .answers) ?? []
  }
}

extension AnswerRecord.Answer: Decodable {
  private enum CodingKeys: String, CodingKey {
    case order, output, problem, tokens, cut, soundCut, choiceScores
  }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    guard let order = ChoiceOrder(places: try members.decode([Int].self, forKey: .order)) else {
      throw DecodingError.dataCorruptedError(forKey: .order, in: members, debugDescription: "no order")
    }
    self.order = order
    reply = Reply(
      output: try members.decodeIfPresent(String.self, forKey: .output),
      problem: try members.decodeIfPresent(String.self, forKey: .problem),
      tokens: try members.decodeIfPresent(Int.self, forKey: .tokens) ?? 0,
      isCut: try members.decodeIfPresent(Bool.self, forKey: .cut) ?? false,
      isSoundCut: try members.decodeIfPresent(Bool.self, forKey: .soundCut) ?? false,
      choiceScores: try members.decodeIfPresent(ChoiceScores.self, forKey: .choiceScores))
  }
}
