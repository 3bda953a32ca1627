public import Dataset

/// What was answered to one item, in each order of its choices, and how every rule marks it.
public struct Answered: Sendable, Equatable {
  /// How the answer is found in an output.
  public enum Extraction: String, Sendable, CaseIterable {
    /// The whole output is the answer.
    case whole
    /// The answer is what stands in `<answer>`, or the whole output where nothing does; see ``AnswerTag``.
    case answerTag = "answer-tag"
  }

  /// The answer to one order.
  public struct Answer: Sendable, Equatable {
    public var order: ChoiceOrder
    /// As it came; nil where none came.
    public var output: String?
    /// The part of the output that the rules read.
    public var text: String?
    /// The place in the file of the choice that was meant; nil where that cannot be told.
    public var chosen: Int?
    /// By each rule; empty where the right answer is withheld.
    public var marks: [AnswerRule: AnswerRule.Mark]

    /// Whether nothing was said.
    public var isUnanswered: Bool { text.map { stripped($0).isEmpty } ?? true }
  }

  public var id: String
  public var answers: [Answer]

  /// Reads and marks one output for each order; nil for an output that never came. The item has choices.
  public init(
    _ item: BenchmarkItem, outputs: [(order: ChoiceOrder, output: String?)], extraction: Extraction = .whole
  ) {
    id = item.id
    answers = outputs.map { Answer(item, $0.order, $0.output, extraction) }
  }

  /// Reads and marks one output to the choices in the order of the file.
  public init(_ item: BenchmarkItem, output: String?, extraction: Extraction = .whole) {
    self.init(item, outputs: [(ChoiceOrder(choices: item.choices.count), output)], extraction: extraction)
  }

  /// The share of the orders in which the answer is right, 0...1; 0 where there are none.
  public func score(_ rule: AnswerRule) -> Double {
    answers.isEmpty ? 0 : Double(answers.count { $0.marks[rule] == .right }) / Double(answers.count)
  }
}

extension Answered.Answer {
  init(_ item: BenchmarkItem, _ order: ChoiceOrder, _ output: String?, _ extraction: Answered.Extraction) {
    self.order = order
    self.output = output
    let text =
      switch extraction {
      case .whole: output
      case .answerTag: output.map(AnswerTag.text)
      }
    self.text = text
    let shown = order.shown(item.choices)
    let place = text.flatMap { ChosenChoice.place(in: $0, choices: shown) }.map { order.places[$0] }
    // Of equal choices one stands for all, so that orders can be compared.
    chosen = place.flatMap { place in item.choices.firstIndex { isSame($0, item.choices[place]) } }
    guard let right = item.answerIndex.flatMap(order.placeShown) else {
      marks = [:]
      return
    }
    marks = Dictionary(
      uniqueKeysWithValues: AnswerRule.allCases.map { ($0, $0.mark(text, choices: shown, answer: right)) })
  }
}
