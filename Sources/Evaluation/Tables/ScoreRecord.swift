/// One number of a table, with all that is known of it, for programs. Nothing is rounded.
public struct ScoreRecord: Sendable, Equatable, Encodable {
  /// "choices", "baseline", "consistency", "open answers", or a ``TextMeasure``'s name.
  public var measure: String
  /// Nil for all items.
  public var attribute: String?
  public var value: String?
  /// A rule, a baseline, or a score such as "WER".
  public var name: String
  /// A ``TextScores/Score/Unit``, or `marks`: a judge's, from 1 to 10.
  public var unit: String
  public var items: Int
  public var answers: Int?
  public var right: Int?
  public var score: Double
  /// Of the 95 % interval.
  public var low: Double?
  public var high: Double?
  /// As the benchmark's own script counts.
  public var published: Double?
  public var unscored: Int?
  public var unanswered: Int?
  public var undecided: Int?

  init(_ measure: String, _ name: String, unit: TextScores.Score.Unit, items: Int, score: Double) {
    self.measure = measure
    self.name = name
    self.unit = unit.rawValue
    self.items = items
    self.score = score
  }
}

extension TextGrid {
  /// A row for each record.
  public init(_ records: [ScoreRecord]) {
    self.init(
      [
        "measure", "attribute", "value", "name", "unit", "items", "answers", "right", "score", "low", "high",
        "published", "unscored", "unanswered", "undecided",
      ], numeric: Set(5...14))
    for one in records {
      let counts = [one.items, one.answers, one.right].map { $0.map(String.init) ?? "" }
      let numbers = [one.score, one.low, one.high, one.published].map { $0.map { "\($0)" } ?? "" }
      let rest = [one.unscored, one.unanswered, one.undecided].map { $0.map(String.init) ?? "" }
      add([one.measure, one.attribute ?? "", one.value ?? "", one.name, one.unit] + counts + numbers + rest)
    }
  }
}

extension ScoreTable {
  /// A record for each group of items and rule or baseline.
  public var records: [ScoreRecord] {
    let rows =
      (total.map { [(String?.none, $0)] } ?? [])
      + groups.flatMap { group in group.rows.map { (String?.some(group.attribute), $0) } }
    return rows.flatMap { attribute, row in
      let scores = row.scores.map { record($0, of: row) }
      let baselines = row.baselines.named(position: mostFrequentPosition).map { baseline in
        ScoreRecord("baseline", baseline.name, unit: .share, items: row.items, score: baseline.share)
      }
      return (scores + baselines).map { record in
        var record = record
        record.attribute = attribute
        record.value = attribute == nil ? nil : row.value
        return record
      }
    }
  }

  private func record(_ score: ScoreRow.RuleScore, of row: ScoreRow) -> ScoreRecord {
    var record = ScoreRecord("choices", score.rule.rawValue, unit: .share, items: row.items, score: score.share)
    record.answers = row.answers
    record.right = score.right
    record.low = score.interval.low
    record.high = score.interval.high
    record.published = score.publishedShare
    record.unscored = score.unscored
    record.unanswered = row.unanswered
    record.undecided = row.undecided
    return record
  }
}

extension TextScores {
  /// A record for each group of items and score.
  public var records: [ScoreRecord] {
    sections.flatMap { section in
      let rows =
        [(String?.none, section.total)]
        + section.groups.flatMap { group in group.rows.map { (String?.some(group.attribute), $0) } }
      return rows.flatMap { attribute, row in
        row.scores.map { score in
          var record = ScoreRecord(
            section.measure.name, score.name, unit: score.unit, items: row.items, score: score.value)
          record.attribute = attribute
          record.value = attribute == nil ? nil : row.value
          record.low = score.interval?.low
          record.high = score.interval?.high
          record.unanswered = row.unanswered
          record.undecided = row.unread
          return record
        }
      }
    }
  }
}

extension ChoiceConsistency {
  /// Two records: how many items have the same choice in all orders, and how many pairs of orders agree.
  var records: [ScoreRecord] {
    var same = ScoreRecord("consistency", "same in all orders", unit: .share, items: items, score: self.same)
    (same.low, same.high, same.undecided) = (interval.low, interval.high, undecided)
    return [same, ScoreRecord("consistency", "agreement of orders", unit: .share, items: items, score: agreement)]
  }
}

extension ChatScores {
  /// Two records for each group of items: the marks of the answers and of the references.
  var records: [ScoreRecord] {
    rows.flatMap { row in
      var answer = ScoreRecord("open answers", "answer", unit: .points, items: row.items, score: row.answer)
      (answer.low, answer.high) = (row.interval.low, row.interval.high)
      let reference = ScoreRecord("open answers", "reference", unit: .points, items: row.items, score: row.reference)
      return [answer, reference].map { record in
        var record = record
        (record.unit, record.attribute, record.value) = ("marks", row.attribute, row.value)
        return record
      }
    }
  }
}
