import Dataset
import Store

/// A stage's result in a few words: how many it rejected, for which reasons.
struct StageSummary {
  private let rejections: [RejectionCount]

  init(of stage: String, in store: RunStore) throws {
    rejections = try store.status().rejections.filter { $0.stage == stage }.sorted { $0.count > $1.count }
  }

  func text(else fallback: String) -> String {
    guard !rejections.isEmpty else { return fallback }
    let total = rejections.reduce(0) { $0 + $1.count }
    return "\(total) rejected: " + rejections.map { "\($0.count) \($0.code)" }.joined(separator: ", ")
  }
}

/// "1 clip", "2 clips".
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

extension QuestionRecord {
  /// The question as its writer gave it.
  var written: WrittenQuestion {
    WrittenQuestion(
      stem: stem, correct: correct, distractors: distractors, evidence: evidence, skill: skill, difficulty: difficulty)
  }
}
