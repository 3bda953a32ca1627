public import Dataset

/// The scores of answers that are texts: labels, transcripts, translations, descriptions, words with their times. Of
/// all items that are measured alike, and by each attribute. An answer that never came counts as an empty one.
public struct TextScores: Sendable, Equatable {
  /// A number with its name.
  public struct Score: Sendable, Equatable {
    public enum Unit: String, Sendable {
      /// From 0 to 1 (and beyond, for error rates), shown in percent.
      case share
      /// From 0 to 100.
      case points
      case seconds
    }

    /// As papers name it: "WER".
    public var name: String
    public var unit: Unit
    public var value: Double
    /// By drawing items; nil where draws have nothing to count.
    public var interval: Interval?
  }

  /// The scores of some items.
  public struct Row: Sendable, Equatable {
    /// The attribute's value; empty for all items.
    public var value: String
    public var items: Int
    /// Answers that say nothing, or never came.
    public var unanswered: Int
    /// Answers in which no label, or no time, can be read.
    public var unread: Int
    public var scores: [Score]
  }

  /// The rows of one attribute.
  public struct Group: Sendable, Equatable {
    public var attribute: String
    public var rows: [Row]
  }

  /// Items that are measured alike.
  public struct Section: Sendable, Equatable {
    public var measure: TextMeasure
    public var total: Row
    public var groups: [Group]
    /// How often which label was told for which; empty for other measures. No label at all is the empty text.
    public var confusion: [ClassRecall.Cell]
  }

  public let bootstrap: Bootstrap
  /// In the order in which their first items come.
  public let sections: [Section]
  /// Ids of items that nothing was answered to because they were never asked; in no row.
  public let unasked: [String]
  /// Items without a reference, and those in a language that no measure here can score; in no row.
  public let unscorable: Int

  /// Scores the items that are neither choices nor open chats. `outputs` is by id; an id that is not in it was never
  /// asked, and nil is an answer that never came. Throws for texts that are too long to align.
  public init(
    _ items: [BenchmarkItem], outputs: [String: String?], extraction: Answered.Extraction = .whole,
    attributes: [String]? = nil, bootstrap: Bootstrap = Bootstrap()
  ) throws(EvaluationError) {
    self.bootstrap = bootstrap
    let texts = items.filter { $0.kind != .choice && $0.kind != .openChat }
    var measured: [(measure: TextMeasure, item: BenchmarkItem, output: String?)] = []
    var (unasked, unscorable): ([String], Int) = ([], 0)
    for item in texts {
      guard let measure = TextMeasure(item) else {
        unscorable += 1
        continue
      }
      guard let output = outputs[item.id] else {
        unasked.append(item.id)
        continue
      }
      measured.append((measure, item, extraction == .whole ? output : output.map(AnswerTag.text)))
    }
    (self.unasked, self.unscorable) = (unasked, unscorable)
    var (order, parts): ([TextMeasure], [TextMeasure: [TextPair]]) = ([], [:])
    for one in measured {
      if parts[one.measure] == nil { order.append(one.measure) }
      parts[one.measure, default: []].append(TextPair(item: one.item, output: one.output))
    }
    var sections: [Section] = []
    for measure in order {
      sections.append(try Section(measure, parts[measure] ?? [], attributes: attributes, bootstrap))
    }
    self.sections = sections
  }
}

/// An item and what was answered to it.
struct TextPair {
  var item: BenchmarkItem
  var output: String?

  var text: String { output ?? "" }
  var isUnanswered: Bool { stripped(text).isEmpty }
}

/// The counts of items, from which scores are made, of all of them or of any part.
protocol TextCounts {
  init(_ pairs: [TextPair]) throws(EvaluationError)
  /// The scores of the items at `places`.
  func scores(_ places: [Int], _ bootstrap: Bootstrap) -> [TextScores.Score]
  /// The value of the first score, which comparisons are made by; nil where there is nothing to count.
  func value(_ places: [Int]) -> Double?
  /// Whether nothing could be read in the answer to an item.
  func isUnread(_ place: Int) -> Bool
}

extension TextScores.Section {
  fileprivate init(
    _ measure: TextMeasure, _ pairs: [TextPair], attributes: [String]?, _ bootstrap: Bootstrap
  ) throws(EvaluationError) {
    let counts = try measure.counts(pairs)
    func row(_ value: String, _ places: [Int]) -> TextScores.Row {
      TextScores.Row(
        value: value, items: places.count, unanswered: places.count { pairs[$0].isUnanswered },
        unread: places.count { !pairs[$0].isUnanswered && counts.isUnread($0) },
        scores: counts.scores(places, bootstrap))
    }
    self.measure = measure
    total = row("", Array(pairs.indices))
    groups = (attributes ?? Self.attributes(pairs)).compactMap { name in
      let parts = Dictionary(grouping: pairs.indices) { pairs[$0].item.attribute(name) }
      let values = parts.keys.compactMap { $0 }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return values.isEmpty
        ? nil : TextScores.Group(attribute: name, rows: values.map { row($0, parts[$0] ?? []) })
    }
    confusion = (counts as? LabelCounts)?.recall.confusion ?? []
  }

  private static func attributes(_ pairs: [TextPair]) -> [String] {
    var seen = Set<String>()
    return pairs.lazy.flatMap(\.item.attributes).map(\.name).filter { seen.insert($0).inserted }
  }
}
