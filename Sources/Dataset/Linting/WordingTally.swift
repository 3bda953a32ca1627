/// Which wording most questions of a set share, numbers and quotations aside.
///
///     var tally = WordingTally()
///     for question in questions { tally.add(question.stem) }
///     print(tally.commonest?.share ?? 0)
///
/// Holds sixteen bytes for each wording, not its text.
public struct WordingTally: Sendable {
  public struct Commonest: Sendable, Equatable {
    /// The stem's words in small letters, `#` for a number and `…` for what is quoted.
    public var text: String
    public var questions: Int
    /// Of all questions, from 0 to 1.
    public var share: Double

    /// The share in percent, with one decimal.
    public var percent: Double { (1_000 * share).rounded() / 10 }

    public var sentence: String { "The commonest wording, '\(text)', is that of \(percent)% of the questions." }
  }

  private var counts: [Int: Int] = [:]
  private var total = 0
  private var first: (text: String, count: Int)?

  public init() {}

  public mutating func add(_ stem: String) {
    let text = TemplateTally.template(stem)
    total += 1
    let count = counts[text.hashValue, default: 0] + 1
    counts[text.hashValue] = count
    // Of equals the first in the alphabet, whatever order they came in.
    guard let first, (first.count, text) >= (count, first.text) else {
      self.first = (text, count)
      return
    }
  }

  /// Nil for a set without a question.
  public var commonest: Commonest? {
    first.map { Commonest(text: $0.text, questions: $0.count, share: Double($0.count) / Double(max(1, total))) }
  }
}
