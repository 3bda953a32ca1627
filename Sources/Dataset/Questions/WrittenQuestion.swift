import Foundation

/// A question as its writer gave it: the right answer and the wrong ones apart, in no order that means anything.
public struct WrittenQuestion: Sendable, Equatable {
  public var stem: String
  public var correct: String
  public var distractors: [String]
  /// What the writer quotes from the captions in support of the right answer; empty where it gave none.
  public var evidence: String
  public var skill: String?
  public var difficulty: String?
  /// The thoughts that lead to the right answer, where they were asked for.
  public var rationale: String?

  public init(
    stem: String, correct: String, distractors: [String], evidence: String = "", skill: String? = nil,
    difficulty: String? = nil, rationale: String? = nil
  ) {
    self.stem = stem
    self.correct = correct
    self.distractors = distractors
    self.evidence = evidence
    self.skill = skill
    self.difficulty = difficulty
    self.rationale = rationale
  }

  /// The parts of a structured rationale, in their order; as SARI (arXiv 2504.15900) and Audio-Reasoner have them.
  public static let rationaleParts = ["planning", "caption", "reasoning", "summary"]

  /// The right answer, then the wrong ones.
  public var choices: [String] { [correct] + distractors }

  /// The question without white space around its texts. What is inside them stays as written.
  public func normalised() -> WrittenQuestion {
    WrittenQuestion(
      stem: trimmed(stem), correct: trimmed(correct), distractors: distractors.map(trimmed),
      evidence: trimmed(evidence), skill: skill.map(trimmed), difficulty: difficulty.map(trimmed),
      rationale: rationale.map(trimmed))
  }
}

/// A text without white space around it.
func trimmed(_ text: String) -> String {
  // Manifests have millions of cells, hardly any with space around them.
  if let first = text.utf8.first, let last = text.utf8.last, isInk(first), isInk(last) { return text }
  return text.trimmingCharacters(in: .whitespacesAndNewlines)
}

private func isInk(_ byte: UInt8) -> Bool { (0x21..<0x7F).contains(byte) }
