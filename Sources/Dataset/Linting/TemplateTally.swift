import Foundation

/// How much the stems of a set are alike.
struct TemplateTally {
  private var stems: Set<String> = []
  private var templates: [String: Int] = [:]
  private static let mostShown = 5
  /// Below this many items a share says little.
  private static let fewestItems = 200

  mutating func add(_ stem: String) {
    stems.insert(stem)
    templates[Self.template(stem), default: 0] += 1
  }

  /// The stem's words in small letters, `#` for a number and `…` for what is quoted.
  static func template(_ stem: String) -> String {
    if stem.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x22 && $0 != 0x27 }) { return asciiTemplate(stem) }
    let quotes: (UInt8) -> Bool = { [0x22, 0x27, 0xE2].contains($0) }
    let plain =
      !stem.utf8.contains(where: quotes)
      ? stem
      : stem.replacing(/"[^"]{1,200}"|“[^”]{1,200}”/, with: " … ")
        .replacing(/(^|[^A-Za-z])['‘][^'’]{1,200}['’]($|[^A-Za-z])/, with: " … ")
    let parts = plain.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "…" && $0 != "'" && $0 != "’" }
    return parts.map { part in
      part.contains(where: \.isNumber) || NumberWords.value(String(part)) != nil ? "#" : String(part)
    }.joined(separator: " ")
  }

  /// The same for a stem in ASCII without quotes, as most are.
  private static func asciiTemplate(_ stem: String) -> String {
    let isWord: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
    let parts = stem.utf8.split { !isWord($0) }.map { part in
      let word = String(decoding: part.map { $0 < 0x41 ? $0 : $0 | 0x20 }, as: UTF8.self)
      return part.contains { $0 < 0x41 } || NumberWords.value(word) != nil ? "#" : word
    }
    return parts.joined(separator: " ")
  }

  func summary(items: Int, _ settings: LintSettings) -> LintReport.Templates {
    let total = Double(max(1, templates.values.reduce(0, +)))
    let (entropy, evenness) = Evenness.of(Array(templates.values))
    let most = templates.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostShown).map {
      LintReport.Count(text: $0.key, items: $0.value, share: Double($0.value) / total)
    }
    let isHeavy = items >= Self.fewestItems && (most.first?.share ?? 0) > settings.templateShare
    return LintReport.Templates(
      stems: stems.count, templates: templates.count, entropy: entropy, evenness: evenness, most: most,
      severity: isHeavy ? .warning : nil)
  }
}

/// How evenly counts are shared.
enum Evenness {
  /// Shannon's entropy in bits, and its share of the logarithm of how many counts there are; 1 for one count alone.
  static func of(_ counts: [Int]) -> (entropy: Double, evenness: Double) {
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return (0, 1) }
    // Sorted, so that the sum is the same whatever order a dictionary had.
    let entropy = counts.sorted().reduce(0.0) { sum, count in
      let share = Double(count) / total
      return share > 0 ? sum - share * log2(share) : sum
    }
    let most = log2(Double(counts.count))
    return (max(0, entropy), most > 0 ? max(0, entropy) / most : 1)
  }
}

/// What labels give away.
struct LabelTally {
  private var labelled = 0
  private var inStem = 0
  private var answers = 0
  private var labels: Set<String> = []
  private var choicesOfLabelAnswers: [[String]: Int] = [:]

  mutating func add(_ item: LintItem, answer: Int) {
    guard !item.labels.isEmpty else { return }
    labelled += 1
    let stem = ContentWords(item.question.stem)
    inStem += item.labels.contains { stem.holds(run: ContentWords($0)) } ? 1 : 0
    let names = Set(item.labels.map(Self.key))
    labels.formUnion(names)
    guard names.contains(Self.key(item.question.choices[answer])) else { return }
    answers += 1
    let others = item.question.choices.indices.filter { $0 != answer }.map { Self.key(item.question.choices[$0]) }
    choicesOfLabelAnswers[others.sorted(), default: 0] += 1
  }

  func summary() -> LintReport.Leakage {
    let only = choicesOfLabelAnswers.reduce(0) { sum, entry in
      entry.key.contains { labels.contains($0) } ? sum : sum + entry.value
    }
    // A label that is offered only where it is right gives itself away.
    let isLeaking = answers >= 20 && Double(only) > 0.5 * Double(answers)
    return LintReport.Leakage(
      labelled: labelled, inStem: inStem, answers: answers, onlyLabel: only, severity: isLeaking ? .warning : nil)
  }

  private static func key(_ text: String) -> String { NearDuplicates.normalisedStem(text) }
}

/// How items are shared among types and skills.
struct BalanceTally {
  private var counts: [String: [String: Int]] = [:]
  private var names: [String] = []
  private static let mostValues = 100
  private static let mostShown = 12

  mutating func add(_ item: LintItem) {
    for attribute in item.attributes {
      if counts[attribute.name] == nil { names.append(attribute.name) }
      counts[attribute.name, default: [:]][attribute.value, default: 0] += 1
    }
  }

  /// An attribute with a value of its own for nearly every item is a name, and left out.
  func summary(items: Int) -> [LintReport.Balance] {
    names.compactMap { name in
      guard let values = counts[name], values.count <= Self.mostValues else { return nil }
      let shown = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostShown).map {
        LintReport.Count(text: $0.key, items: $0.value, share: Double($0.value) / Double(max(1, items)))
      }
      return LintReport.Balance(attribute: name, values: shown, evenness: Evenness.of(Array(values.values)).evenness)
    }
  }
}
