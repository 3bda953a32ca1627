import Synchronization

/// Answers that come from several threads, by the place of their item.
final class GatheredAnswers: Sendable {
  private let answers: Mutex<[TextOnlyClassifier.Answer?]>

  init(count: Int) { answers = Mutex(Array(repeating: nil, count: count)) }

  func put(_ found: [(place: Int, answer: TextOnlyClassifier.Answer)]) {
    answers.withLock { answers in
      for (place, answer) in found { answers[place] = answer }
    }
  }

  var all: [TextOnlyClassifier.Answer] { answers.withLock { $0.compactMap(\.self) } }
}
