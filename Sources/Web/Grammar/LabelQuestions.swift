extension QuestionWriter {
  /// Longest label that makes a choice, characters.
  private static let longestLabel = 60

  mutating func label() -> QuestionItem? {
    guard let stated = facts.labels else { return nil }
    let usable = stated.value.filter { $0.count <= Self.longestLabel && !TextTokens($0).words.isEmpty }
    guard !usable.isEmpty else { return nil }
    let correct = random.pick(usable)
    let style = LabelStyle(of: correct)
    let wrong = EverydaySounds.unlike(stated.value, random: &random).prefix(wrongAnswers).map(style.apply)
    guard wrong.count == wrongAnswers, let choices = Choices(correct: correct, wrong: wrong) else { return nil }
    return ask(
      [
        "Which sound is heard in the recording?",
        "What can be heard in this clip?",
        "Which of these does the recording contain?",
        "What is the listener hearing?",
        "Which of the following is present in this audio?",
      ], choices, evidence: stated.evidence, .identification, .easy)
  }
}

/// How a label is spelt, so that the wrong choices do not stand out by their spelling.
private struct LabelStyle {
  var startsUpper: Bool
  var isAllUpper: Bool
  var space: String

  init(of label: String) {
    startsUpper = label.first?.isUppercase ?? false
    isAllUpper = label.count > 1 && label == label.uppercased() && label != label.lowercased()
    space = [" ", "_", "-"].first { label.contains($0) } ?? " "
  }

  func apply(_ sound: String) -> String {
    let spaced = sound.replacing(" ", with: space)
    if isAllUpper { return spaced.uppercased() }
    return startsUpper ? spaced.prefix(1).uppercased() + spaced.dropFirst() : spaced
  }
}
