import Foundation

/// How often the text of each choice is right where it is offered, counted by fold, so that no question is judged by
/// its own answer.
struct AnswerPriors {
  private struct Count {
    var right = 0.0
    /// How often it would be by chance.
    var even = 0.0
  }

  private let folds: Int
  /// By question.
  private let parts: [Int]
  /// By choice: the number of its text, and the question it belongs to.
  private var texts: [Int] = []
  private var questions: [Int] = []
  /// By text: the counts of each fold, then those of all.
  private var counts: [Count] = []

  init(_ items: [TextOnlyClassifier.Item], parts: [Int], folds: Int) {
    self.folds = folds
    self.parts = parts
    var numbers: [UInt64: Int] = [:]
    for (question, item) in items.enumerated() {
      for (place, choice) in item.choices.enumerated() {
        let whole = FeatureText(choice).whole
        let text = numbers[whole] ?? numbers.count
        if text == numbers.count {
          numbers[whole] = text
          counts.append(contentsOf: repeatElement(Count(), count: folds + 1))
        }
        texts.append(text)
        questions.append(question)
        for row in [parts[question], folds] {
          counts[text * (folds + 1) + row].right += place == item.answer ? 1 : 0
          counts[text * (folds + 1) + row].even += 1 / Double(item.choices.count)
        }
      }
    }
  }

  /// The logarithm of how many times as often as by chance each choice's text is right, without the fold that is
  /// answered and without the choice's own; of seldom offered texts drawn to 0.
  ///
  /// A share that leaves out the question alone would give its answer away: texts that are right would have the lower
  /// shares.
  func values(without held: Int) -> [Float] {
    texts.indices.map { choice in
      let row = texts[choice] * (folds + 1)
      let own = parts[questions[choice]]
      var (right, even) = (counts[row + folds].right, counts[row + folds].even)
      for fold in Set([held, own]) {
        right -= counts[row + fold].right
        even -= counts[row + fold].even
      }
      return Float(log((right + 1) / (max(0, even) + 1)))
    }
  }
}
