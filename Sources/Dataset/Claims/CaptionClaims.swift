/// Holds what a question says is heard, and in which order, against the captions and labels of its clip.
public struct CaptionClaims: Sendable {
  private let captions: [String]
  private let labels: [String]

  /// `captions` are those in free text; what acoustic measurements say in sentences belongs to ``MeasuredClaims``.
  public init(captions: [String], labels: [String]) {
    self.captions = captions
    self.labels = labels
  }

  /// A right answer that the captions deny, or a wrong one that they or the labels bear out. Nil where they are silent.
  public func finding(in question: WrittenQuestion) -> Finding? {
    let words = Dataset.words(in: question.stem)
    let has = { (phrases: [MetaPhrase]) in phrases.contains { $0.match(in: words) != nil } }
    let events = CaptionEvents(captions: captions, labels: labels)
    if let order = order(question, has, events) { return order }
    guard has(Self.presence), !has(Self.relations) else { return nil }
    return has(Self.absence) ? absence(question, events) : presence(question, events)
  }

  /// Of what is heard, a wrong choice that is heard as well.
  private func presence(_ question: WrittenQuestion, _ events: CaptionEvents) -> Finding? {
    question.distractors.first { distractor in
      // What the right answer says in other words is no second answer.
      events.support(distractor) && !ContentWords(question.correct).holds(ContentWords(distractor))
    }.map { Finding(.trueDistractor, "The captions or labels have '\(shortened($0))' too.") }
  }

  /// Of what is not heard, a right answer that is.
  private func absence(_ question: WrittenQuestion, _ events: CaptionEvents) -> Finding? {
    guard events.support(question.correct) else { return nil }
    return Finding(.contradicted, "The captions or labels have '\(shortened(question.correct))'.")
  }

  /// Of what is heard first or last, or before or after something, an answer that is told of elsewhere.
  private func order(
    _ question: WrittenQuestion, _ has: ([MetaPhrase]) -> Bool, _ events: CaptionEvents
  ) -> Finding? {
    if has(Self.firsts) || has(Self.lasts) {
      let isFirst = has(Self.firsts)
      let wrong = question.distractors.first { other in
        events.isBefore(question.correct, other).map { $0 != isFirst } ?? false
      }
      return wrong.map {
        Finding(
          .contradicted,
          "The captions tell of '\(shortened($0))' \(isFirst ? "before" : "after") '\(shortened(question.correct))'.")
      }
    }
    guard let (relation, anchor) = Self.anchor(in: question.stem) else { return nil }
    guard let isBefore = events.isBefore(question.correct, anchor), isBefore != (relation == "before") else {
      return nil
    }
    return Finding(
      .contradicted,
      "The captions tell of '\(shortened(question.correct))' \(isBefore ? "before" : "after") '\(shortened(anchor))'.")
  }

  /// What follows "before" or "after" in a stem that asks what is heard there.
  private static func anchor(in stem: String) -> (relation: String, text: String)? {
    let words = stem.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "-" }.map(String.init)
    let places = words.indices.filter { words[$0] == "before" || words[$0] == "after" }
    guard places.count == 1, let place = places.first, place + 1 < words.count, place > 0 else { return nil }
    guard ["what", "which"].contains(words[0]) else { return nil }
    let end = words[(place + 1)...].firstIndex { ["in", "of", "is", "are", "on"].contains($0) } ?? words.endIndex
    let text = words[(place + 1)..<end].joined(separator: " ")
    return ContentWords(text).isEmpty ? nil : (words[place], text)
  }

  private static func phrases(_ texts: String...) -> [MetaPhrase] { texts.map(MetaPhrase.init) }

  private static let presence = phrases(
    "which|what sound|sounds|animal|animals|instrument|instruments|event|source|sources of? these? is|are|can|could",
    "what can|could be? heard|hear", "what|which of these|the following is|are|can|does",
    "what is the? listener|audience? hearing|heard",
    "which of these|the following", "what is|are heard", "what do|does you|one|we? hear",
    "which animal|instrument|sound|vehicle|machine")
  private static let relations = phrases(
    "first|last|second|third|before|after|while|during|when|until|between|next|then|following",
    "most|least|louder|loudest|longer|longest|shorter|shortest|closest|main|primary|mainly|dominant|prominent|background|foreground",
    "best|describes|likely|cause|caused|why|how|where|who|mood|emotion|genre|tempo|pitch|loudness|volume|many|much|times",
    "interrupts|interrupted|accompanies|accompanied|repeated|repeatedly|only|loud|quiet|begin|begins|start|starts|end|ends"
  )
  private static let absence = phrases(
    "not|never|absent|missing|cannot", "isn|aren|can t", "without", "except")
  private static let firsts = phrases(
    "heard|comes|occurs|happens|appears|plays|starts|begins|sounds first", "first sound|event|thing|instrument|animal",
    "earliest")
  private static let lasts = phrases(
    "heard|comes|occurs|happens|appears|plays|ends last", "last|final sound|event|thing|instrument|animal", "latest")
}
