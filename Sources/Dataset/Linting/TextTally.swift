/// How often each text is offered as a choice, and how often it is right.
struct TextTally {
  private struct Counts {
    var offered = 0
    var right = 0
    var chance = 0.0
    var variance = 0.0
  }

  private struct Asked {
    var texts: [Int32]
    var answer: Int8
    var fold: UInt8
  }

  /// Texts are followed from this many offers on.
  static let fewestOffers = 20
  private static let folds = 5
  private static let mostPriors = 8

  private var numbers: [String: Int32] = [:]
  private var names: [String] = []
  private var counts: [Counts] = []
  private var asked: [Asked] = []

  mutating func add(_ question: ChoiceQuestion, answer: Int, group: String) {
    let texts = question.choices.map { number(of: Self.key($0)) }
    let chance = 1 / Double(texts.count)
    for (place, text) in texts.enumerated() {
      counts[Int(text)].offered += 1
      counts[Int(text)].right += place == answer ? 1 : 0
      counts[Int(text)].chance += chance
      counts[Int(text)].variance += chance * (1 - chance)
    }
    asked.append(
      Asked(texts: texts, answer: Int8(clamping: answer), fold: UInt8(Self.hash(group) % UInt64(Self.folds))))
  }

  /// Guessing the choice whose text is right most often in other clips' questions: each fifth of the clips by the other
  /// four, a text without a history by chance, equal ones by lot.
  var guess: GuessTally {
    var tally = GuessTally()
    for fold in 0..<Self.folds {
      var own = [Counts](repeating: Counts(), count: counts.count)
      for item in asked where item.fold == fold {
        for (place, text) in item.texts.enumerated() {
          own[Int(text)].offered += 1
          own[Int(text)].right += place == item.answer ? 1 : 0
        }
      }
      for item in asked where item.fold == fold {
        let chance = 1 / Double(item.texts.count)
        let rates = item.texts.map { text -> Double in
          let (all, mine) = (counts[Int(text)], own[Int(text)])
          return (Double(all.right - mine.right) + 2 * chance) / (Double(all.offered - mine.offered) + 2)
        }
        let best = rates.max() ?? 0
        let tied = rates.indices.filter { rates[$0] == best }
        tally.add(tied.contains(Int(item.answer)) ? 1 / Double(tied.count) : 0, chance: chance)
      }
    }
    return tally
  }

  /// The texts that are furthest from chance, with the probability that one of all those followed is as far.
  func priors(_ settings: LintSettings) -> [LintReport.Prior] {
    let followed = counts.indices.filter { counts[$0].offered >= Self.fewestOffers }
    return followed.map { index in
      let one = counts[index]
      let p = Significance.hits(Double(one.right), expected: one.chance, variance: one.variance)
      return LintReport.Prior(
        text: names[index], offered: one.offered, right: one.right, chance: one.chance / Double(one.offered),
        p: min(1, p * Double(followed.count)))
    }.filter { $0.p < settings.doubtful }.sorted { ($0.p, $0.text) < ($1.p, $1.text) }.prefix(Self.mostPriors).map(
      \.self)
  }

  private mutating func number(of text: String) -> Int32 {
    if let known = numbers[text] { return known }
    let new = Int32(names.count)
    numbers[text] = new
    names.append(text)
    counts.append(Counts())
    return new
  }

  private static func key(_ text: String) -> String { NearDuplicates.normalisedStem(text) }

  /// FNV-1a (Fowler, Noll, Vo), 64 bits: the same in every run.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
