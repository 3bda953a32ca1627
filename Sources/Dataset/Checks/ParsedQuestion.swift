/// A question with what its rules look at, worked out once.
struct ParsedQuestion {
  let stem: String
  let stemWords: [Word]
  let stemContent: ContentWords
  let choices: [ParsedChoice]
  let answer: Int?

  init(_ question: ChoiceQuestion) {
    stem = trimmed(question.stem)
    stemWords = words(in: question.stem)
    stemContent = ContentWords(stemWords)
    choices = question.choices.map { ParsedChoice(trimmed($0)) }
    answer = question.answer.flatMap { question.choices.indices.contains($0) ? $0 : nil }
  }

  /// The right choice, and the wrong ones; nil where the answer is withheld.
  var parts: (right: ParsedChoice, wrong: [ParsedChoice])? {
    guard let answer else { return nil }
    return (choices[answer], choices.indices.filter { $0 != answer }.map { choices[$0] })
  }

  var texts: [String] { choices.map(\.text) }

  /// The first two choices that `problem` has something to say about.
  func firstPair(_ problem: (ParsedChoice, ParsedChoice) -> Finding?) -> Finding? {
    for one in choices.indices {
      for other in choices.indices.dropFirst(one + 1) {
        if let finding = problem(choices[one], choices[other]) { return finding }
      }
    }
    return nil
  }
}

/// A choice with what rules look at.
struct ParsedChoice {
  let text: String
  let words: [Word]
  let content: ContentWords
  let number: NumberPhrase?

  init(_ text: String) {
    self.text = text
    words = Dataset.words(in: text)
    content = ContentWords(words)
    number = NumberPhrase(text)
  }

  /// Unicode scalars, as the baselines of evaluations count them.
  var length: Int { text.unicodeScalars.count }
}
