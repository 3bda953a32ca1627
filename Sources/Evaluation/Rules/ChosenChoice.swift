import Dataset

/// Which choice an answer in free text means, whatever rule will mark it.
public enum ChosenChoice {
  /// The place of the one choice that `output` means: the choice it is word for word, else the one whose letter it
  /// gives, else the only one that MMAU's rule would take it for; nil where none of these tells.
  ///
  /// Of choices that are equal the first is meant.
  public static func place(in output: String, choices: [String]) -> Int? {
    let said = stripped(output)
    if said.isEmpty { return nil }
    if let same = choices.firstIndex(where: { isSame(stripped($0), said) }) { return same }
    if let lettered = ChoiceLetter.place(in: output, choices: choices) {
      return choices.firstIndex { isSame($0, choices[lettered]) }
    }
    let accepted = choices.indices.filter {
      MMAUMatcher.isCorrect(answer: choices[$0], prediction: output, choices: choices)
    }
    guard let first = accepted.first, accepted.allSatisfy({ isSame(choices[$0], choices[first]) }) else { return nil }
    return first
  }
}
