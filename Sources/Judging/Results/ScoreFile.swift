import Evaluation

/// `scores.json`: all numbers of a result, unrounded.
struct ScoreFile: Encodable {
  struct Group: Encodable {
    var attribute: String
    var rows: [Row]
  }

  struct Row: Encodable {
    var value: String
    var items: Int
    var answers: Int
    var unanswered: Int
    var undecided: Int
    var rules: [String: Rule]
    var baselines: Baselines
  }

  struct Rule: Encodable {
    var right: Int
    var unscored: Int
    var share: Double
    var low: Double
    var high: Double
    var published: Double?
  }

  struct Baselines: Encodable {
    var first: Double
    var longest: Double
    var mostFrequent: Double
    var random: Double

    private enum CodingKeys: String, CodingKey {
      case first, longest, random
      case mostFrequent = "most_frequent"
    }
  }

  struct Consistency: Encodable {
    var items: Int
    var same: Double
    var low: Double
    var high: Double
    var agreement: Double
    var positions: [Int]
    var undecided: Int
  }

  struct Unasked: Encodable {
    var id: String
    var reason: String
  }

  var hearing: String
  var total: Row?
  var groups: [Group]
  var consistency: Consistency?
  var unasked: [Unasked]
  var problems: [Unasked]
  var unscorable: Int
  var cutSounds: Int
  var cutAnswers: Int
  /// From 0.
  var mostFrequentPosition: Int

  private enum CodingKeys: String, CodingKey {
    case hearing, total, groups, consistency, unasked, problems, unscorable
    case cutSounds = "cut_sounds"
    case cutAnswers = "cut_answers"
    case mostFrequentPosition = "most_frequent_position"
  }

  init(_ result: EvaluationResult) {
    let table = result.table
    hearing = result.manifest.hearing
    total = table.total.map(Row.init)
    groups = table.groups.map { Group(attribute: $0.attribute, rows: $0.rows.map(Row.init)) }
    consistency = result.consistency.map {
      Consistency(
        items: $0.items, same: $0.same, low: $0.interval.low, high: $0.interval.high, agreement: $0.agreement,
        positions: $0.positions, undecided: $0.undecided)
    }
    unasked = result.unasked.map { Unasked(id: $0.id, reason: $0.reason) }
    problems = result.problems.map { Unasked(id: $0.id, reason: $0.reason) }
    unscorable = table.unscorable
    (cutSounds, cutAnswers) = (result.cutSounds, result.cutAnswers)
    mostFrequentPosition = table.mostFrequentPosition
  }
}

extension ScoreFile.Row {
  fileprivate init(_ row: ScoreRow) {
    let scores = row.scores.map { score in
      (
        score.rule.rawValue,
        ScoreFile.Rule(
          right: score.right, unscored: score.unscored, share: score.share, low: score.interval.low,
          high: score.interval.high, published: score.publishedShare)
      )
    }
    self.init(
      value: row.value, items: row.items, answers: row.answers, unanswered: row.unanswered, undecided: row.undecided,
      rules: Dictionary(scores, uniquingKeysWith: { first, _ in first }),
      baselines: ScoreFile.Baselines(
        first: row.baselines.first, longest: row.baselines.longest,
        mostFrequent: row.baselines.mostFrequentPosition, random: row.baselines.random))
  }
}
