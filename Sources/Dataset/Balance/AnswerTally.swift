/// How often each text of a set is offered and right, while questions are taken out.
struct AnswerTally {
  struct Deviation {
    var text: Int
    var row: AnswerShare.Row
    /// How many questions have to go: those that `isOver` has right, or else those that offer the text as wrong.
    var surplus: Int
    var isOver: Bool
  }

  private struct Offer {
    var text: Int
    var isRight: Bool
  }

  /// How far a share may be from chance: inside the tolerance by so much that no rounding can put it outside.
  private func bound(_ text: Int) -> Double {
    let row = rows[text]
    return (isFrequent[text] ? AnswerShare.tolerance(offered: row.offered) : AnswerShare.spread(row)) - 1e-6
  }
  /// Part of a surplus that goes before the shares are looked at again, as one question moves the shares of all its
  /// texts.
  private static let step = 4

  private(set) var isKept: [Bool]
  private var rows: [AnswerShare.Row] = []
  private var numbers: [String: Int] = [:]
  private var offers: [[Offer]] = []
  private var offering: [[Int]] = []
  private let hashes: [UInt64]
  /// By question: one over the number of its choices.
  private let chances: [Double]
  private var watched: [Int] = []
  private var isWatched: [Bool] = []
  /// Whether a text is offered so often that its share has to be near chance.
  private var isFrequent: [Bool] = []

  init(_ questions: [SetQuestion], fixed: [SetQuestion]) {
    isKept = [Bool](repeating: true, count: questions.count)
    hashes = questions.map { stableHash("earshot share 1", $0.id) }
    chances = questions.map { 1 / Double($0.distractors.count + 1) }
    let spellings = AnswerTally.spellings(questions + fixed)
    for question in questions { offers.append(count(question, spellings: spellings)) }
    for question in fixed { _ = count(question, spellings: spellings) }
    offering = [[Int]](repeating: [], count: rows.count)
    for (question, texts) in offers.enumerated() {
      for offer in texts { offering[offer.text].append(question) }
    }
    isWatched = rows.map { $0.offered >= AnswerShare.rareOffers }
    isFrequent = rows.map { $0.offered >= AnswerShare.fewestOffers }
    watched = rows.indices.filter { isWatched[$0] }
  }

  /// A text counts in small letters and, where it comes in several spellings, as written too: a bias of either kind can
  /// be learnt.
  private mutating func count(_ question: SetQuestion, spellings: [String: String?]) -> [Offer] {
    var found: [Offer] = []
    for (place, choice) in question.choices.enumerated() {
      let small = choice.lowercased()
      let isOneSpelling = spellings[small].flatMap { $0 } != nil
      for text in isOneSpelling ? ["~" + small] : ["~" + small, "=" + choice] {
        let number = number(of: text, shown: isOneSpelling ? choice : String(text.dropFirst()))
        rows[number].offered += 1
        rows[number].right += place == 0 ? 1 : 0
        rows[number].even += 1 / Double(question.choices.count)
        found.append(Offer(text: number, isRight: place == 0))
      }
    }
    return found
  }

  private mutating func number(of text: String, shown: String) -> Int {
    if let number = numbers[text] { return number }
    numbers[text] = rows.count
    rows.append(AnswerShare.Row(text: shown, offered: 0, right: 0, even: 0))
    return rows.count - 1
  }

  /// By text in small letters: its only spelling, or nil where it has several.
  private static func spellings(_ questions: [SetQuestion]) -> [String: String?] {
    var spellings: [String: String?] = [:]
    for choice in questions.lazy.flatMap(\.choices) {
      let small = choice.lowercased()
      if let known = spellings[small] {
        if known != choice { spellings[small] = .some(nil) }
      } else {
        spellings[small] = choice
      }
    }
    return spellings
  }

  func row(_ text: Int) -> AnswerShare.Row { rows[text] }

  mutating func remove(_ question: Int) {
    isKept[question] = false
    for offer in offers[question] {
      rows[offer.text].offered -= 1
      rows[offer.text].right -= offer.isRight ? 1 : 0
      rows[offer.text].even -= chances[question]
    }
  }

  func outOfBounds() -> [Deviation] { watched.compactMap(deviation) }

  /// The text that most questions have to go for.
  func worst() -> Deviation? {
    outOfBounds().max { ($0.surplus, $1.text) < ($1.surplus, $0.text) }
  }

  private func deviation(_ text: Int) -> Deviation? {
    let row = rows[text]
    guard row.offered >= AnswerShare.rareOffers else { return nil }
    let bound = bound(text)
    let (offered, right, even) = (Double(row.offered), Double(row.right), row.even / Double(row.offered))
    guard abs(right / offered - even) > bound else { return nil }
    let isOver = right / offered > even
    let target = isOver ? even + bound : even - bound
    let surplus = isOver ? (right - target * offered) / (1 - target) : offered - right / max(target, 1e-9)
    // A text that is offered seldom enough is out of bounds no more.
    let most = row.offered - AnswerShare.rareOffers + 1
    return Deviation(text: text, row: row, surplus: max(1, min(Int(surplus.rounded(.up)), most)), isOver: isOver)
  }

  /// Some of the questions that push `deviation.text` out of bounds: those that do the other texts least good, the hash
  /// deciding between equals.
  func leastUseful(for deviation: Deviation) -> [Int] {
    let candidates = offering[deviation.text].filter { question in
      isKept[question] && offers[question].contains { $0.text == deviation.text && $0.isRight == deviation.isOver }
    }
    let ranked = candidates.map { (gain: gain(of: $0), hash: hashes[$0], question: $0) }
      .sorted { ($1.gain, $0.hash, $0.question) < ($0.gain, $1.hash, $1.question) }
    let count = (deviation.surplus + Self.step - 1) / Self.step
    return ranked.prefix(count).map(\.question)
  }

  /// How much nearer to even the shares of its texts are without a question.
  private func gain(of question: Int) -> Double {
    offers[question].reduce(0) { sum, offer in
      let row = rows[offer.text]
      guard isWatched[offer.text], row.offered >= AnswerShare.rareOffers else { return sum }
      let excess = (Double(row.right) - row.even) / Double(row.offered)
      return sum + excess * ((offer.isRight ? 1 : 0) - chances[question])
    }
  }
}
