/// The labels of a set, and which of them may not stand beside each other as choices.
struct LabelTable {
  /// A label's words in one spelling: small letters, without article, punctuation or underscores.
  static func key(_ text: String) -> String {
    let plain = words(in: text.replacing("_", with: " ")).withoutArticle()
    return String(decoding: Array(plain.map(\.utf8).joined(separator: [0x20])), as: UTF8.self)
  }

  /// By label: its text as most clips have it, the smallest of equals.
  private(set) var texts: [String] = []
  private var numbers: [String: Int] = [:]
  /// By label as written: a set has few labels and many clips.
  private var numbersAsWritten: [String: Int] = [:]
  private var conflicts: [Set<Int>] = []

  /// A table of `labels`, each as often as a clip carries it.
  init(_ labels: some Sequence<String>) {
    var written: [String: Int] = [:]
    for text in labels { written[text, default: 0] += 1 }
    let spellings = Dictionary(grouping: written.keys, by: LabelTable.key)
    let keys = spellings.keys.filter { !$0.isEmpty }.sorted()
    for (number, key) in keys.enumerated() {
      let texts = (spellings[key] ?? []).sorted { (written[$1] ?? 0, $0) < (written[$0] ?? 0, $1) }
      numbers[key] = number
      for text in texts { numbersAsWritten[text] = number }
      self.texts.append(texts.first ?? key)
    }
    conflicts = LabelTable.conflicts(among: keys.map { words(in: $0) })
  }

  func number(of text: String) -> Int? { numbersAsWritten[text] ?? numbers[LabelTable.key(text)] }

  /// Whether one label's words are in the other's, or are the same in another order.
  func conflict(_ one: Int, _ other: Int) -> Bool { conflicts[one].contains(other) }

  /// By label, those that contain it, are contained in it, or have its words.
  ///
  /// A label is held only against those that have its rarest word, so that thousands of labels take no longer than they
  /// must.
  private static func conflicts(among labels: [[Word]]) -> [Set<Int>] {
    var holders: [Word: [Int]] = [:]
    for (number, label) in labels.enumerated() {
      for word in Set(label) { holders[word, default: []].append(number) }
    }
    var found = [Set<Int>](repeating: [], count: labels.count)
    for (number, label) in labels.enumerated() {
      let candidates = label.compactMap { holders[$0] }.min { $0.count < $1.count } ?? []
      for other in candidates where other != number {
        guard labels[other].contains(run: label) || Set(labels[other]) == Set(label) else { continue }
        found[number].insert(other)
        found[other].insert(number)
      }
    }
    return found
  }
}
