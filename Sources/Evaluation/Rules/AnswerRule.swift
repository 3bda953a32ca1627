import Dataset

/// A way to decide whether an answer in free text is right. Benchmarks use different ones, which differ by several
/// points on the same answers; so tables show them side by side.
public enum AnswerRule: String, Sendable, CaseIterable {
  /// The words of the right choice, and no more, after white space around them is taken away.
  case strict
  /// The letter of the right choice, alone, before its text, or after "the answer is".
  case letter
  /// That of MMAU's `evaluation.py` (commit 110127f).
  case mmau
  /// That of MMAR's `evaluation.py` (commit 3bce090): the same words are looked for as in MMAU's.
  case mmar
  /// That of AIR-Bench's `score_foundation.py` (commit d5c1bdf).
  case airBench = "air-bench"

  /// What a rule says of an answer.
  public enum Mark: String, Sendable, Equatable {
    case right
    case wrong
    /// The published script leaves the answer out of its count, as it cannot read it or there is none. In our own count
    /// it is wrong.
    case unscored
  }

  /// Marks an answer to a question with `choices` in the order in which they were shown, of which the one at `answer`
  /// is right; nil for an answer that was never given.
  public func mark(_ output: String?, choices: [String], answer: Int) -> Mark {
    precondition(choices.indices.contains(answer), "the right answer is one of the choices")
    guard let output else { return isPublished ? .unscored : .wrong }
    let isRight: Bool
    switch self {
    case .strict: isRight = isSame(stripped(output), stripped(choices[answer]))
    case .letter:
      let place = ChoiceLetter.place(in: output, choices: choices)
      isRight = place.map { isSame(choices[$0], choices[answer]) } ?? false
    case .mmau, .mmar: isRight = MMAUMatcher.isCorrect(answer: choices[answer], prediction: output, choices: choices)
    case .airBench:
      guard let letter = AIRBenchLetter.letter(in: output) else { return .unscored }
      // As in the script, the letter of the first of equal choices is right.
      isRight = letter == choices.firstIndex { isSame($0, choices[answer]) }
    }
    return isRight ? .right : .wrong
  }

  /// Whether the rule is a benchmark's own, whose script leaves out what it does not mark.
  public var isPublished: Bool {
    switch self {
    case .strict, .letter: false
    case .mmau, .mmar, .airBench: true
    }
  }
}

/// The letter that AIR-Bench's `score_foundation.py` reads in an answer.
enum AIRBenchLetter {
  /// 0 for A to 3 for D: the first character, or else the last but one, as in "The answer is A."; nil for what the
  /// script counts as failed, of which "None" is one.
  static func letter(in output: String) -> Int? {
    let scalars = stripped(output).unicodeScalars.filter { $0 != "\n" }
    guard let first = scalars.first, !scalars.elementsEqual("None".unicodeScalars) else { return nil }
    return place(first) ?? scalars.dropLast().last.flatMap(place)
  }

  private static func place(_ scalar: Unicode.Scalar) -> Int? {
    (0x41...0x44).contains(scalar.value) ? Int(scalar.value) - 0x41 : nil
  }
}
