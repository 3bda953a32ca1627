extension ChoiceRules {
  /// A stem that holds the right answer, and no other choice: as it stands, or all of its words in other forms. A stem
  /// that names several choices asks which of them.
  func leak(_ question: ParsedQuestion) -> Finding? {
    guard let (right, wrong) = question.parts, !right.content.isEmpty, !isNumber(right) else {
      return question.parts.flatMap { leakedNumber(question, $0.right, $0.wrong) }
    }
    // One letter names a note or a chord, and a stem may speak of its key; "is it ...?" has the answer in it.
    if right.words.count == 1, right.words[0].utf8.count == 1 || ["yes", "no"].contains(right.text.lowercased()) {
      return nil
    }
    if wrong.contains(where: { $0.denies(right) || right.denies($0) }) { return nil }
    let isThere = { (choice: ParsedChoice) in question.stemWords.contains(run: choice.words.withoutArticle()) }
    let isToldOf = { (choice: ParsedChoice) in question.stemContent.holds(choice.content) }
    if isThere(right) {
      return wrong.contains(where: isThere) ? nil : leaked(right)
    }
    // A single word in another form is most often another word: "waves" asked of "a waving flag".
    guard right.content.stems.count > 1, isToldOf(right), !wrong.contains(where: isToldOf) else { return nil }
    return leaked(right)
  }

  /// Numbers and words of grammar leak only as they stand.
  private func leakedNumber(_ question: ParsedQuestion, _ right: ParsedChoice, _ wrong: [ParsedChoice]) -> Finding? {
    guard isNumber(right), question.stemWords.contains(run: right.words) else { return nil }
    return wrong.contains { question.stemWords.contains(run: $0.words) } ? nil : leaked(right)
  }

  private func isNumber(_ choice: ParsedChoice) -> Bool { choice.number != nil }

  private func leaked(_ right: ParsedChoice) -> Finding {
    Finding(.leakedAnswer, "The question holds '\(shortened(right.text))'.")
  }
}
