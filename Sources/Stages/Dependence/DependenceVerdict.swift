import Dataset
import Judging
import Store

/// What the answers to a question come to.
struct DependenceVerdict {
  let settings: DependenceSettings

  /// `scores` of all judges, and whether some answer is missing.
  func record(_ question: String, _ scores: [JudgeScoreRecord], isMissing: Bool) -> DependenceRecord {
    let votes = settings.judges.count { judge in
      share(scores.filter { $0.judge == judge.name }, DependenceSettings.deaf).map { $0 > settings.solvedAbove }
        ?? false
    }
    var record = DependenceRecord(
      question: question, blind: share(scores, [.none]), silent: share(scores, [.silence, .noise]),
      swapped: share(scores, [.swap]), heard: share(scores, [.audio]),
      margin: margin(scores), votes: votes, judges: settings.judges.count { DependenceSettings.isVoter($0) },
      contribution: nil, scores: scores)
    if isMissing {
      (record.code, record.detail) = (
        ReasonCode.unjudged.rawValue, "Of \(settings.judges.count) judges not all answered."
      )
      return record
    }
    if record.judges > 0 {
      record.contribution = (votes >= settings.weakAt ? AudioContribution.weak : .strong).rawValue
    }
    (record.code, record.detail) = rejection(record)
    return record
  }

  private func rejection(_ record: DependenceRecord) -> (String?, String?) {
    if settings.weak == .drop, record.contribution == AudioContribution.weak.rawValue {
      return (
        ReasonCode.blind.rawValue, "\(record.votes) of \(counted(record.judges, "judge")) answered without the sound."
      )
    }
    let answers = record.scores.filter { $0.hearing == Hearing.audio.rawValue }.reduce(0) { $0 + $1.asked }
    guard settings.dropsAlways, let heard = record.heard, heard == 0 || heard == 1 else { return (nil, nil) }
    let code = heard == 0 ? ReasonCode.neverSolved : .alwaysSolved
    return (code.rawValue, "\(heard == 0 ? "None" : "All") of \(counted(answers, "answer")) with the sound right.")
  }

  /// The share of right answers, of those that were given to such sounds; nil where there are none.
  private func share(_ scores: [JudgeScoreRecord], _ hearings: Set<Hearing>) -> Double? {
    let among = scores.filter { score in hearings.contains { $0.rawValue == score.hearing } }
    let asked = among.reduce(0) { $0 + $1.asked }
    return asked == 0 ? nil : among.reduce(0) { $0 + $1.right } / Double(asked)
  }

  /// The mean over those judges and hearings without the sound that have one.
  private func margin(_ scores: [JudgeScoreRecord]) -> Double? {
    let margins = scores.filter { score in DependenceSettings.deaf.contains { $0.rawValue == score.hearing } }
      .compactMap(\.margin)
    return margins.isEmpty ? nil : margins.reduce(0, +) / Double(margins.count)
  }
}
