import Dataset
import Tensors

/// How well the questions of a set are answered from their text alone, by a classifier that learns from the set itself:
/// what a model could pick up from it without listening.
///
/// A conditional logit (McFadden 1974): the probability of a choice is the softmax over the choices of w·x, where x is
/// what ``TextOnlyFeatures`` sees in stem, choices, position, lengths and the share of its training questions in which
/// a choice is right. It is fitted with an L2 penalty, and cross-fitted by clip: the questions of a clip are answered by
/// weights that were learnt from other clips. Equal input gives equal answers, on every machine and in any order of the
/// clips' names.
public struct TextOnlyClassifier: Sendable, Equatable {
  /// Changes with what is learnt from, or how.
  public static let version = 1

  /// A question to be answered from its text.
  public struct Item: Sendable, Equatable {
    public var id: String
    /// What must not be learnt from and answered at once: questions of one clip stay together.
    public var clip: String
    public var stem: String
    /// In the order they are shown.
    public var choices: [String]
    /// Index into `choices`.
    public var answer: Int

    public init(id: String, clip: String, stem: String, choices: [String], answer: Int) {
      precondition(choices.indices.contains(answer), "the answer is one of the choices")
      self.id = id
      self.clip = clip
      self.stem = stem
      self.choices = choices
      self.answer = answer
    }
  }

  /// What was answered to an item.
  public struct Answer: Sendable, Equatable {
    public var id: String
    public var clip: String
    /// By choice, in the item's order; they add up to 1.
    public var probabilities: [Double]
    /// Index of the most probable choice, the first of those that are equal.
    public var chosen: Int
    /// 1 where the right choice alone is the most probable, 1/n where it is so with n - 1 others, else 0.
    public var score: Double
    /// The natural logarithm of the right choice's probability over that of the most probable other one; above 0 where
    /// the answer is right. 0 where there is no other.
    public var margin: Double
    /// What choosing at random has: 1 over the number of choices.
    public var chance: Double
  }

  /// Parts that the clips are divided into; each is answered from the others. At least 2.
  public var folds: Int
  /// The weight of the L2 penalty: λ/2 |w|² beside the sum of the questions' losses; 1/C of scikit-learn's
  /// `LogisticRegression`.
  public var penalty: Double
  /// Steps of the optimizer at most.
  public var mostSteps: Int
  /// The steps end where no part of the gradient of the mean loss is larger.
  public var tolerance: Double

  public init(folds: Int = 5, penalty: Double = 1, mostSteps: Int = 100, tolerance: Double = 1e-5) {
    precondition(folds > 1, "what is answered must not be learnt from, so there are two folds at least")
    precondition(penalty > 0, "without a penalty the weights of what always tells the answer grow without end")
    self.folds = folds
    self.penalty = penalty
    self.mostSteps = mostSteps
    self.tolerance = tolerance
  }

  /// Answers all items, in their order, with the usual settings.
  public static func crossFitted(_ items: [Item], folds: Int = 5) -> [Answer] {
    TextOnlyClassifier(folds: folds).crossFitted(items)
  }

  /// Answers all items, in their order. Of 500,000 questions with four choices it takes 140 s of one core and 3 GB, most
  /// of it for texts that never come twice; blocks.
  ///
  /// Where every choice is right exactly as often as chance has it, or the choices of a group of questions are each other's
  /// answers, an answer that was right of one is wrong of the others, and who learnt from the others does worse than
  /// chance; that is why the balance of a set draws its choices (``SetBalance``).
  public func crossFitted(_ items: [Item]) -> [Answer] {
    answers(to: items, parts: items.map { fold(of: $0.clip) }, held: 0..<folds)
  }

  /// Answers `items`, in their order, by weights learnt from `training`, whose clips are others: what a model that was
  /// trained on one split makes of another.
  public func answers(to items: [Item], from training: [Item]) -> [Answer] {
    let parts = items.map { _ in folds } + training.map { fold(of: $0.clip) }
    return answers(to: items + training, parts: parts, held: folds..<folds + 1)
  }

  /// Answers the items of the parts in `held`, each part from all others.
  private func answers(to items: [Item], parts: [Int], held: Range<Int>) -> [Answer] {
    guard !items.isEmpty else { return [] }
    let features = TextOnlyFeatures(items)
    let priors = AnswerPriors(items, parts: parts, folds: held.upperBound)
    let answers = GatheredAnswers(count: items.count)
    // A fit takes one thread, so that sums are made in one order whatever the machine.
    Parallel.forEach(held.count) { range in
      for part in range.map({ held.lowerBound + $0 }) {
        let asked = items.indices.filter { parts[$0] == part }
        guard !asked.isEmpty else { continue }
        let dense = features.dense(priors: priors.values(without: part))
        let model = ChoiceLogit(
          features, dense: dense, questions: items.indices.filter { parts[$0] != part }, penalty: penalty)
        let weights = model.fitted(mostSteps: mostSteps, tolerance: tolerance)
        answers.put(asked.map { ($0, Answer(items[$0], probabilities: model.probabilities($0, weights))) })
      }
    }
    return answers.all
  }

  /// The fold whose questions hold the clip's.
  func fold(of clip: String) -> Int { Int(stableHash("earshot text-only fold 1", clip) % UInt64(folds)) }
}

extension TextOnlyClassifier.Answer {
  init(_ item: TextOnlyClassifier.Item, probabilities: [Double]) {
    id = item.id
    clip = item.clip
    self.probabilities = probabilities
    let best = probabilities.max() ?? 0
    let equal = probabilities.indices.filter { probabilities[$0] == best }
    chosen = equal.first ?? 0
    score = equal.contains(item.answer) ? 1 / Double(equal.count) : 0
    let others = probabilities.indices.filter { $0 != item.answer }.map { probabilities[$0] }.max()
    margin =
      others.map { TextOnlyClassifier.logarithm(probabilities[item.answer]) - TextOnlyClassifier.logarithm($0) } ?? 0
    chance = 1 / Double(probabilities.count)
  }
}
