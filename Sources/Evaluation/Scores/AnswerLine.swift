public import Dataset
import Foundation

/// A line of a result's `answers.jsonl`: an item, and what was answered to it. It holds all that scores and comparisons
/// need, so that they can be made without the test set.
public struct AnswerLine: Sendable, Equatable, Codable {
  /// The answer to one order of the choices.
  public struct Answer: Sendable, Equatable, Codable {
    /// By place shown: the place in the file. Empty for items without choices.
    public var order: [Int]
    /// As it came; nil where none came.
    public var output: String?
    /// The place in the file of the choice that was meant; nil where that cannot be told.
    public var chosen: Int?
    /// `right`, `wrong` or `unscored` by the name of each rule; nil where the right answer is withheld.
    public var marks: [String: String]?
    /// Why no answer came, or no whole one.
    public var problem: String?
    public var tokens: Int?
    /// Whether the answer was cut at its longest length.
    public var cut: Bool?
    /// Whether only the beginning of the sound was heard.
    public var soundCut: Bool?
    public var choiceScores: ChoiceScores?
    public var verdicts: [Verdict]?

    public init(order: [Int] = [], output: String?) {
      self.order = order
      self.output = output
    }
  }

  /// What a judge said of an open answer.
  public struct Verdict: Sendable, Equatable, Codable {
    /// Whether the answer stood before the reference.
    public var swapped: Bool
    /// As it came; nil where none came.
    public var output: String?
    public var problem: String?
    /// Those of the reference and of the answer; nil where none could be read.
    public var scores: [Double]?

    public init(swapped: Bool, output: String?, problem: String? = nil, scores: [Double]? = nil) {
      self.swapped = swapped
      self.output = output
      self.problem = problem
      self.scores = scores
    }
  }

  public var id: String
  /// A ``BenchmarkItem/Kind``.
  public var kind: String
  public var recording: String?
  public var attributes: [String: String]?
  /// In the order asked; nil for an item that was not asked.
  public var answers: [Answer]?
  /// Why the item was not asked.
  public var unasked: String?
  /// The right label of an item without choices.
  public var answer: String?
  public var references: [String]?
  public var language: String?
  public var targetLanguage: String?

  /// The line of an item that nothing was answered to yet.
  public init(_ item: BenchmarkItem) {
    id = item.id
    kind = item.kind.rawValue
    recording = item.recording
    let named = item.attributes.map { ($0.name, $0.value) }
    attributes = named.isEmpty ? nil : Dictionary(named, uniquingKeysWith: { first, _ in first })
    answer = item.kind == .choice ? nil : item.answer
    references = item.references.isEmpty ? nil : item.references
    language = item.language
    targetLanguage = item.targetLanguage
  }

  /// The line of an item with choices.
  public init(_ item: BenchmarkItem, _ answered: Answered) {
    self.init(item)
    answers = answered.answers.map { answer in
      var line = Answer(order: answer.order.places, output: answer.output)
      line.chosen = answer.chosen
      let marks = answer.marks.map { ($0.key.rawValue, $0.value.rawValue) }
      line.marks = marks.isEmpty ? nil : Dictionary(uniqueKeysWithValues: marks)
      return line
    }
  }

  /// The lines of items, in their order, with one output each by the item's id. An id that `outputs` lacks was never
  /// asked; nil is an answer that never came.
  public static func lines(
    _ items: [BenchmarkItem], outputs: [String: String?], extraction: Answered.Extraction = .whole
  ) -> [AnswerLine] {
    items.map { item in
      guard let output = outputs[item.id] else {
        var line = AnswerLine(item)
        line.unasked = "no answer was given"
        return line
      }
      if item.kind == .choice {
        return AnswerLine(item, Answered(item, output: output, extraction: extraction))
      }
      var line = AnswerLine(item)
      line.answers = [Answer(output: output)]
      return line
    }
  }

  /// How the rules mark the answers; nil where they mark none, as the item has no choices, no known answer, or was not
  /// asked.
  public var answered: Answered? {
    guard let answers, !answers.isEmpty, answers.allSatisfy({ $0.marks != nil }) else { return nil }
    return Answered(id: id, answers: answers.compactMap(Answered.Answer.init))
  }

  /// As JSON on one line, members by name.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

extension Answered {
  fileprivate init(id: String, answers: [Answer]) {
    self.id = id
    self.answers = answers
  }
}

extension Answered.Answer {
  /// Nil for a line whose order is none. Marks of rules that are not known here are left out.
  fileprivate init?(_ line: AnswerLine.Answer) {
    guard let order = ChoiceOrder(places: line.order) else { return nil }
    self.order = order
    output = line.output
    text = line.output
    chosen = line.chosen
    let marks = (line.marks ?? [:]).compactMap { name, mark in
      AnswerRule(rawValue: name).flatMap { rule in AnswerRule.Mark(rawValue: mark).map { (rule, $0) } }
    }
    self.marks = Dictionary(uniqueKeysWithValues: marks)
  }
}
