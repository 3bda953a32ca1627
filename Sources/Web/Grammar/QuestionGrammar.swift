import Foundation

/// The stand-in writer: turns the captions in a prompt into multiple-choice questions, without a model.
///
/// It knows nothing of the prompt's own words. It takes the sentences of the acoustic captioner wherever they stand in
/// the user's messages, and the numbers of questions and wrong answers that are asked for. The same facts and the same
/// `seed` give the same questions.
struct QuestionGrammar {
  /// How far chance moves kinds of questions; see `QuestionKind.rank`.
  private static let spread = 100

  private struct Reply: Encodable {
    var items: [QuestionItem]
  }

  /// The content of the reply: `{"items":[{"question", "correct", "distractors", "evidence", "skill", "difficulty"}]}`.
  func content(for request: ChatRequest) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(Reply(items: items(for: request))) else { return #"{"items":[]}"# }
    return String(decoding: json, as: UTF8.self)
  }

  func items(for request: ChatRequest) -> [QuestionItem] {
    let counts = AskedCounts(userText: request.userText, systemText: request.systemText)
    let facts = FactReader.facts(in: request.userText)
    let own = UInt64(bitPattern: Int64(request.seed ?? 0))
    let evidence = facts.evidence
    if evidence.isEmpty {
      let seed = StableHash.mix(StableHash.of(Array(request.userText.utf8)), own)
      return FreeTextQuestions.items(in: request.userText, counts: counts, seed: seed)
    }
    return items(facts, counts, seed: StableHash.mix(StableHash.of(Array(evidence.joined(separator: "\n").utf8)), own))
  }

  private func items(_ facts: RecordingFacts, _ counts: AskedCounts, seed: UInt64) -> [QuestionItem] {
    var items: [QuestionItem] = []
    var left = order(seed)
    // Questions that are easily guessed are asked only to make up the number.
    for asksGuessable in [false, true] {
      var unasked: [QuestionKind] = []
      for kind in left {
        if items.count == counts.questions { return items }
        var writer = QuestionWriter(
          facts: facts, kind: kind, wrongAnswers: counts.wrongAnswers, asksGuessable: asksGuessable, seed: seed)
        if let item = writer.question(kind) {
          items.append(item)
        } else {
          unasked.append(kind)
        }
      }
      left = unasked
    }
    return items
  }

  private func order(_ seed: UInt64) -> [QuestionKind] {
    var random = SplitMix64(seed: seed)
    return QuestionKind.allCases
      .map { kind in (kind: kind, rank: kind.rank + random.below(Self.spread)) }
      .sorted { ($0.rank, $0.kind.rawValue) < ($1.rank, $1.kind.rawValue) }
      .map(\.kind)
  }
}
