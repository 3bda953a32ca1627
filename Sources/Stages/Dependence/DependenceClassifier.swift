import Dataset
import Evaluation

/// The classifier as a judge: it reads the set, and nothing else.
struct DependenceClassifier {
  static let version = TextOnlyClassifier.version
  /// By question.
  let answers: [TextOnlyClassifier.Answer]

  init(_ questions: DependenceQuestions) {
    answers = TextOnlyClassifier.crossFitted(
      questions.items.enumerated().map { place, item in
        TextOnlyClassifier.Item(
          id: item.id, clip: questions.clips[place], stem: item.question, choices: item.choices,
          answer: item.answerIndex ?? 0)
      })
  }
}
