/// What is counted over a whole set.
struct SetTally {
  private(set) var positions = PositionTally()
  private(set) var texts = TextTally()
  private(set) var templates = TemplateTally()
  private(set) var labels = LabelTally()
  private(set) var balance = BalanceTally()
  private var longest = GuessTally()
  private var shortest = GuessTally()

  mutating func add(_ item: LintItem) {
    templates.add(item.question.stem)
    balance.add(item)
    guard let answer = item.question.answer, item.question.choices.indices.contains(answer) else { return }
    positions.add(answer, of: item.question.choices.count)
    texts.add(item.question, answer: answer, group: item.group)
    labels.add(item, answer: answer)
    let lengths = item.question.choices.map(\.unicodeScalars.count)
    longest.add(Self.only(lengths, lengths.max()), answer: answer, choices: lengths.count)
    shortest.add(Self.only(lengths, lengths.min()), answer: answer, choices: lengths.count)
  }

  /// The place of a length that one choice alone has.
  private static func only(_ lengths: [Int], _ wanted: Int?) -> Int? {
    let places = lengths.indices.filter { lengths[$0] == wanted }
    return places.count == 1 ? places[0] : nil
  }

  func cues(_ settings: LintSettings) -> [LintReport.Cue] {
    [
      longest.summary("longest choice", allowed: settings.deviation, isTwoSided: true, settings),
      shortest.summary("shortest choice", allowed: settings.deviation, isTwoSided: true, settings),
      texts.guess.summary("choices' texts", allowed: settings.priorExcess, isTwoSided: false, settings),
    ]
  }
}

/// How often guesses were right.
struct GuessTally {
  private(set) var items = 0
  private(set) var right = 0.0
  private var expected = 0.0
  private var variance = 0.0

  /// A guess at one place; nothing where there is none to make.
  mutating func add(_ place: Int?, answer: Int, choices: Int) {
    if let place { add(place == answer ? 1 : 0, chance: 1 / Double(choices)) }
  }

  /// A guess that is right with this probability.
  mutating func add(_ hit: Double, chance: Double) {
    items += 1
    right += hit
    expected += chance
    variance += chance * (1 - chance)
  }

  func summary(_ name: String, allowed: Double, isTwoSided: Bool, _ settings: LintSettings) -> LintReport.Cue {
    let (share, chance) = (right / Double(max(1, items)), expected / Double(max(1, items)))
    let p = Significance.hits(right, expected: expected, variance: variance)
    let distance = isTwoSided ? abs(share - chance) : share - chance
    return LintReport.Cue(
      name: name, items: items, right: right, share: share, chance: chance, p: p,
      severity: settings.severity(distance: distance, allowed: allowed, p: p))
  }
}

/// Where right answers stand.
struct PositionTally {
  private var counts: [Int: [Int]] = [:]

  mutating func add(_ place: Int, of choices: Int) {
    counts[choices, default: Array(repeating: 0, count: choices)][place] += 1
  }

  func summary(_ settings: LintSettings) -> LintReport.Positions {
    let groups = counts.sorted { $0.key < $1.key }.map { LintReport.Positions.Group(choices: $0.key, counts: $0.value) }
    var all = Array(repeating: 0, count: groups.map(\.choices).max() ?? 0)
    for group in groups { for (place, count) in group.counts.enumerated() { all[place] += count } }
    var summary = LintReport.Positions(
      counts: all, groups: groups, chiSquare: nil, degrees: 0, p: nil, largestDeviation: 0, deviatingPlace: 0,
      severity: nil)
    var statistic = 0.0
    for group in groups {
      let items = group.counts.reduce(0, +)
      guard items >= 5 * group.choices else { continue }
      let expected = Double(items) / Double(group.choices)
      summary.degrees += group.choices - 1
      for (place, count) in group.counts.enumerated() {
        statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        // The deviation of a small group is chance; where it is not, the test says so.
        let deviation = abs(Double(count) - expected) / Double(items)
        let weight = Double(items) / Double(max(1, all.reduce(0, +)))
        guard deviation * weight > summary.largestDeviation else { continue }
        (summary.largestDeviation, summary.deviatingPlace) = (deviation * weight, place)
      }
    }
    guard summary.degrees > 0 else { return summary }
    let p = Significance.chiSquare(statistic, degrees: summary.degrees)
    (summary.chiSquare, summary.p) = (statistic, p)
    summary.severity = settings.severity(distance: summary.largestDeviation, allowed: settings.deviation, p: p)
    return summary
  }
}
