import Dataset

/// What the text of a question says about its choices, as numbers: for each choice the features it has, by number, and a
/// few measured ones.
///
/// Features have names that are hashed to 64 bits and numbered in the order they come. One that occurs in a single
/// question is left out: nothing can be learnt from it about another.
struct TextOnlyFeatures {
  /// Numbers of the measured features of a choice, behind those it has or has not.
  static let measures = 4

  /// How many features there are that a choice has or has not.
  let count: Int
  /// By question: where its choices begin in `starts`; one more for the end.
  let questions: [Int]
  /// By choice: where its features begin in `numbers`; one more for the end.
  let starts: [Int]
  let numbers: [UInt32]
  /// By question: the right choice, counted from the question's first.
  let answers: [Int]
  /// By choice: its length against the others', how much it resembles them, and how much the stem; the first place is
  /// for the prior.
  private let measured: [Float]

  init(_ items: [TextOnlyClassifier.Item]) {
    var builder = FeatureBuilder()
    for item in items { builder.add(item) }
    answers = items.map(\.answer)
    questions = builder.questions
    measured = builder.measured
    (starts, numbers, count) = builder.numbered()
  }

  /// The measured features with the priors of a fit among them.
  func dense(priors: [Float]) -> [Float] {
    var dense = measured
    for (choice, prior) in priors.enumerated() { dense[choice * Self.measures] = prior }
    return dense
  }
}

/// Collects the features of questions.
private struct FeatureBuilder {
  private(set) var questions = [0]
  private(set) var measured: [Float] = []
  private var starts = [0]
  private var hashes: [UInt64] = []

  mutating func add(_ item: TextOnlyClassifier.Item) {
    let stem = FeatureText(item.stem)
    let choices = item.choices.map { FeatureText($0) }
    let lengths = item.choices.map(\.unicodeScalars.count)
    let mean = Double(lengths.reduce(0, +)) / Double(max(1, lengths.count))
    for place in choices.indices {
      var names = Set<UInt64>()
      Self.addTexts(stem, choices[place], to: &names)
      Self.addPlace(place, lengths, to: &names)
      hashes.append(contentsOf: names.sorted())
      starts.append(hashes.count)
      let length = (Double(lengths[place]) + 1) / (mean + 1)
      measured += [
        0, Float(TextOnlyClassifier.logarithm(length)), Self.resemblance(place, choices),
        choices[place].shared(with: stem),
      ]
    }
    questions.append(questions[questions.count - 1] + choices.count)
  }

  /// The choice's words, pairs of words and whole text; alone, and with the stem and its words.
  private static func addTexts(_ stem: FeatureText, _ choice: FeatureText, to names: inout Set<UInt64>) {
    names.insert(.named("choice", [choice.whole]))
    names.insert(.named("stem choice", [stem.whole, choice.whole]))
    for (place, word) in choice.words.enumerated() {
      names.insert(.named("word", [word]))
      names.insert(.named("stem word", [stem.whole, word]))
      if place > 0 { names.insert(.named("words", [choice.words[place - 1], word])) }
    }
    for word in stem.words { names.insert(.named("asked choice", [word, choice.whole])) }
  }

  /// The position, and the rank of the length, of so many.
  private static func addPlace(_ place: Int, _ lengths: [Int], to names: inout Set<UInt64>) {
    let count = UInt64(lengths.count)
    names.insert(.named("place", [count, UInt64(place)]))
    let shorter = lengths.count { $0 < lengths[place] }
    let longer = lengths.count { $0 > lengths[place] }
    names.insert(.named("length", [count, UInt64(shorter), UInt64(longer)]))
  }

  /// The mean over the other choices of the share of this one's words that they have: a right answer of which the wrong
  /// ones are variations stands in their middle.
  private static func resemblance(_ place: Int, _ choices: [FeatureText]) -> Float {
    guard choices.count > 1 else { return 0 }
    let others = choices.indices.filter { $0 != place }
    return others.reduce(0) { $0 + choices[place].shared(with: choices[$1]) } / Float(others.count)
  }

  /// The features by number, without those of a single question.
  func numbered() -> (starts: [Int], numbers: [UInt32], count: Int) {
    var known: [UInt64: (question: Int, number: UInt32)] = [:]
    var next: UInt32 = 0
    for question in 0..<questions.count - 1 {
      for hash in hashes[starts[questions[question]]..<starts[questions[question + 1]]] {
        guard let first = known[hash] else {
          known[hash] = (question, .max)
          continue
        }
        guard first.number == .max, first.question != question else { continue }
        known[hash] = (question, next)
        next += 1
      }
    }
    var kept: (starts: [Int], numbers: [UInt32]) = ([0], [])
    for choice in 0..<starts.count - 1 {
      for hash in hashes[starts[choice]..<starts[choice + 1]] {
        if let number = known[hash]?.number, number != .max { kept.numbers.append(number) }
      }
      kept.starts.append(kept.numbers.count)
    }
    return (kept.starts, kept.numbers, Int(next))
  }
}
