/// Gives questions wrong choices that are right of other clips: answers to questions of the same kind, in the same split.
///
/// What a writer invents as wrong is said nowhere else in the set, so that it is known for wrong once some answers are
/// known. Answers of other clips are as usual as the right one. A kind is a skill with the first two words of the stem
/// ("identification, which instrument"). Of the kind's answers those are offered that are near: of questions with similar
/// words, and of a similar length; but not so near that they say the same, and none that the clip's captions, labels or
/// measurements have too. Each is offered at most so often that, with the time it is right, chance has it.
public struct CorpusDistractors: Sendable, Equatable {
  /// The questions, by id, with wrong choices from the set where there were enough.
  public let questions: [SetQuestion]
  /// How many have them.
  public let exchanged: Int

  /// Fewer questions of a kind than so many times the choices keep their writer's.
  static let fewestSets = 4
  /// How many neighbours by their words a question's wrong choices are looked for among, on either side.
  private static let reach = 48
  /// Answers that have this share of their words in common say nearly the same.
  static let tooShared = 0.5
  /// The largest quotient of the lengths of a wrong choice and the right one, in characters.
  static let mostLonger = 2.0

  private struct Kind: Hashable {
    var split: String
    var choices: Int
    var skill: String
    var frame: String
  }

  /// An answer on offer.
  private struct Offer {
    var question: SetQuestion
    var stem: Set<String>
    var answer: ContentWords
    /// How often it may still be a wrong choice.
    var left: Int

    init(_ question: SetQuestion) {
      self.question = question
      stem = Set(ContentWords(question.stem).stems)
      answer = ContentWords(question.correct)
      left = question.choices.count - 1
    }
  }

  /// `isSound` tells whether the choices of a question can stand together, and its wrong ones are wrong of its clip.
  public init(_ questions: [SetQuestion], isSound: (SetQuestion) -> Bool = { _ in true }) {
    var (made, exchanged): ([SetQuestion], Int) = ([], 0)
    let kinds = Dictionary(grouping: questions) { question in
      Kind(
        split: question.split, choices: question.choices.count, skill: question.skill, frame: Self.frame(question.stem))
    }
    for (kind, members) in kinds {
      guard kind.choices > 1, members.count >= Self.fewestSets * kind.choices else {
        made += members
        continue
      }
      for question in Self.exchanged(members, isSound) {
        made.append(question.question)
        exchanged += question.isExchanged ? 1 : 0
      }
    }
    self.questions = made.sorted { $0.id < $1.id }
    self.exchanged = exchanged
  }

  /// The first two words.
  private static func frame(_ stem: String) -> String {
    words(in: stem).prefix(2).map { String(decoding: $0.utf8, as: UTF8.self) }.joined(separator: " ")
  }

  private static func exchanged(
    _ members: [SetQuestion], _ isSound: (SetQuestion) -> Bool
  ) -> [(question: SetQuestion, isExchanged: Bool)] {
    // Questions with the same words stand beside each other.
    let keyed = members.map { ($0, ContentWords($0.stem).stems.sorted().joined(separator: " ")) }
    var offers = keyed.sorted { ($0.1, $0.0.id) < ($1.1, $1.0.id) }.map { Offer($0.0) }
    let hashes = offers.map { stableHash("earshot corpus 1", $0.question.id) }
    let order = offers.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
    var found: [(question: SetQuestion, isExchanged: Bool)] = []
    for place in order {
      let chosen = choices(for: place, offers, isSound)
      var question = offers[place].question
      if chosen.count == question.distractors.count {
        question.distractors = chosen.map { offers[$0].question.correct }
      }
      let isExchanged = chosen.count == question.distractors.count && isSound(question)
      if isExchanged { for offer in chosen { offers[offer].left -= 1 } }
      found.append((isExchanged ? question : offers[place].question, isExchanged))
    }
    return found
  }

  /// The nearest answers that may stand beside a question's own, and beside each other.
  private static func choices(for place: Int, _ offers: [Offer], _ isSound: (SetQuestion) -> Bool) -> [Int] {
    let own = offers[place]
    let around = (max(0, place - reach)...min(offers.count - 1, place + reach)).filter { $0 != place }
    let ranked = around.filter { offers[$0].left > 0 && isNear(offers[$0], own) }
      .map {
        (near: nearness(offers[$0], own), hash: stableHash("earshot corpus tie 1", own.question.id, "\($0)"), offer: $0)
      }
      .sorted { ($1.near, $0.hash) < ($0.near, $1.hash) }
    var chosen: [Int] = []
    for candidate in ranked where chosen.count < own.question.distractors.count {
      let isAlike = chosen.contains { !areApart(offers[$0].answer, offers[candidate.offer].answer) }
      guard !isAlike else { continue }
      var trial = own.question
      trial.distractors = [offers[candidate.offer].question.correct]
      if isSound(trial) { chosen.append(candidate.offer) }
    }
    return chosen
  }

  private static func isNear(_ other: Offer, _ own: Offer) -> Bool {
    let (one, two) = (Double(other.question.correct.count), Double(own.question.correct.count))
    return max(one, two) <= mostLonger * max(1, min(one, two)) && areApart(other.answer, own.answer)
      && !own.question.labels.contains { $0.lowercased() == other.question.correct.lowercased() }
  }

  /// Whether two answers say different things: neither has too large a share of the other's words.
  private static func areApart(_ one: ContentWords, _ other: ContentWords) -> Bool {
    guard !one.isEmpty, !other.isEmpty else { return false }
    let (first, second) = (Set(one.stems), Set(other.stems))
    return Double(first.intersection(second).count) < tooShared * Double(min(first.count, second.count))
  }

  /// By the words that stems and answers share.
  private static func nearness(_ other: Offer, _ own: Offer) -> Double {
    func share(_ one: Set<String>, _ two: Set<String>) -> Double {
      one.isEmpty || two.isEmpty ? 0 : Double(one.intersection(two).count) / Double(one.union(two).count)
    }
    return share(other.stem, own.stem) + share(Set(other.answer.stems), Set(own.answer.stems))
  }
}
