import Dataset

/// Two runs' texts for the same items, by one measure.
public struct TextComparison: Sendable, Equatable {
  public var measure: TextMeasure
  /// The measure's first score: WER, CER, BLEU, WAR, AAS.
  public var name: String
  public var unit: TextScores.Score.Unit
  /// Items that both runs were asked.
  public var items: Int
  public var first: Double
  public var second: Double
  /// Of the first run's score less the second's, by drawing items for both at once.
  public var interval: Interval

  public var difference: Double { first - second }

  /// The comparisons of all measures that the runs share, in the order in which their first items come. `extraction` is
  /// that of the first and of the second run. Throws for texts that are too long to align.
  public static func all(
    _ first: [AnswerLine], _ second: [AnswerLine],
    extraction: (first: Answered.Extraction, second: Answered.Extraction) = (.whole, .whole),
    bootstrap: Bootstrap = Bootstrap()
  ) throws(EvaluationError) -> [TextComparison] {
    let others = Dictionary(second.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var (order, parts): ([TextMeasure], [TextMeasure: [(TextPair, TextPair)]]) = ([], [:])
    for line in first {
      guard let other = others[line.id], let item = line.textItem, let measure = TextMeasure(item),
        let output = line.text(extraction.first), let otherOutput = other.text(extraction.second)
      else { continue }
      if parts[measure] == nil { order.append(measure) }
      parts[measure, default: []].append(
        (TextPair(item: item, output: output), TextPair(item: item, output: otherOutput)))
    }
    var comparisons: [TextComparison] = []
    for measure in order {
      if let one = try TextComparison(measure, parts[measure] ?? [], bootstrap) { comparisons.append(one) }
    }
    return comparisons
  }

  private init?(
    _ measure: TextMeasure, _ pairs: [(TextPair, TextPair)], _ bootstrap: Bootstrap
  ) throws(EvaluationError) {
    let (one, other) = (try measure.counts(pairs.map(\.0)), try measure.counts(pairs.map(\.1)))
    let places = Array(pairs.indices)
    guard let first = one.value(places), let second = other.value(places),
      let score = one.scores(places, Bootstrap(draws: 1)).first,
      let interval = bootstrap.interval(
        items: places.count, statistic: { (one.value($0) ?? first) - (other.value($0) ?? second) })
    else { return nil }
    self.measure = measure
    (name, unit, items) = (score.name, score.unit, pairs.count)
    (self.first, self.second, self.interval) = (first, second, interval)
  }
}

extension AnswerLine {
  /// The item of a line that is measured by its text; nil for choices and chats.
  fileprivate var textItem: BenchmarkItem? {
    guard let kind = BenchmarkItem.Kind(rawValue: kind), kind != .choice, kind != .openChat else { return nil }
    return BenchmarkItem(
      id: id, kind: kind, answer: answer, references: references ?? [], language: language,
      targetLanguage: targetLanguage)
  }

  /// What was said: empty where nothing came, nil where nothing was asked.
  fileprivate func text(_ extraction: Answered.Extraction) -> String? {
    guard let answer = answers?.first else { return nil }
    let output = answer.output ?? ""
    return extraction == .whole ? output : AnswerTag.text(in: output)
  }
}

extension TextGrid {
  /// A row for each comparison.
  public init(_ comparisons: [TextComparison]) {
    self.init(["", "score", "n", "first", "second", "difference"], numeric: [2, 3, 4, 5])
    for one in comparisons {
      let scores = [one.first, one.second].map { value in
        TextScores.Score(name: one.name, unit: one.unit, value: value).text
      }
      add([one.measure.name, one.name, String(one.items)] + scores + [one.differenceText])
    }
  }
}

extension TextComparison {
  /// As tables show it; shares in percent points.
  fileprivate var differenceText: String {
    switch unit {
    case .share: points(difference, interval)
    case .points: points(difference / 100, Interval(low: interval.low / 100, high: interval.high / 100))
    case .seconds: "\(seconds(difference)) (\(seconds(interval.low)) to \(seconds(interval.high))) s"
    }
  }
}

/// One comparison of texts, for programs.
public struct TextComparisonRecord: Sendable, Equatable, Encodable {
  public var measure: String
  public var name: String
  public var unit: String
  public var items: Int
  public var first: Double
  public var second: Double
  public var difference: Double
  public var low: Double
  public var high: Double

  public init(_ one: TextComparison) {
    (measure, name, unit, items) = (one.measure.name, one.name, one.unit.rawValue, one.items)
    (first, second, difference) = (one.first, one.second, one.difference)
    (low, high) = (one.interval.low, one.interval.high)
  }
}
