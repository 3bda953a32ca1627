/// Keeps a choice's text from giving away whether it is right: a text that is offered often is right about as often as
/// chance has it.
///
/// Label questions are so by construction (``LabelBalance``); of the others, questions are left out until it holds for
/// the whole set.
public struct AnswerShare: Sendable, Equatable {
  /// How often a text is offered, and right, in the whole set.
  public struct Row: Sendable, Equatable {
    public var text: String
    public var offered: Int
    public var right: Int
    /// How often it would be right if all choices of a question were equally likely.
    public var even: Double
  }

  /// A text whose share was out of bounds, before and after.
  public struct Change: Sendable, Equatable {
    public var before: Row
    public var after: Row
  }

  /// Texts offered so often in the whole set are held to `tolerance`.
  public static let fewestOffers = 200
  /// How far the share of being right may be from chance, in a text offered `fewestOffers` times or more.
  public static let tolerance = 0.03
  /// Texts offered less often are left alone. A text that questions were left out for is followed down to here, so that
  /// it does not just slip under `fewestOffers` as skewed as it was.
  public static let rareOffers = 20
  /// How many standard deviations of chance's own spread a share may be from chance, in a text offered less than
  /// `fewestOffers` times.
  public static let spreads = 2.5

  /// The tolerance of a text followed below `fewestOffers` grows as chance's own spread does.
  static func tolerance(offered: Int) -> Double {
    tolerance * max(1, (Double(fewestOffers) / Double(max(offered, 1))).squareRoot())
  }

  /// The tolerance of a text that was never offered `fewestOffers` times.
  static func spread(_ row: Row) -> Double {
    let offered = Double(max(row.offered, 1))
    let even = row.even / offered
    return spreads * (even * (1 - even) / offered).squareRoot()
  }

  /// The adjustable questions that stay, in their order.
  public private(set) var kept: [SetQuestion] = []
  public private(set) var dropped: [DroppedQuestion] = []
  /// By text.
  public private(set) var changes: [Change] = []

  /// Balances `questions`; `fixed` are in the set too, and stay.
  public init(_ questions: [SetQuestion], fixed: [SetQuestion]) {
    var tally = AnswerTally(questions, fixed: fixed)
    let before = tally.outOfBounds()
    while let worst = tally.worst() {
      let verdict = Verdict(code: .answerShare, detail: AnswerShare.detail(tally.row(worst.text)))
      for question in tally.leastUseful(for: worst) {
        tally.remove(question)
        dropped.append(DroppedQuestion(id: questions[question].id, verdict: verdict))
      }
    }
    kept = questions.indices.filter { tally.isKept[$0] }.map { questions[$0] }
    changes = before.map { Change(before: $0.row, after: tally.row($0.text)) }
      .sorted { $0.before.text.utf8.lexicographicallyPrecedes($1.before.text.utf8) }
  }

  private static func detail(_ row: Row) -> String {
    let share = Int((100 * Double(row.right) / Double(row.offered)).rounded())
    let even = Int((100 * row.even / Double(row.offered)).rounded())
    return
      "'\(shortened(row.text))' is right in \(row.right) of \(row.offered) offers: \(share) % where \(even) % is even."
  }
}
