import Dataset
import Foundation
import Pipelines
import Store

/// Makes the set even: wrong choices from the set itself, so that questions cannot be answered from their text, no answer
/// that is right too often, and answers at every position alike. Choices of imported questions stay in their order where
/// the file does not say otherwise.
struct BalanceStage: Stage {
  let name = "balance"
  let scope = StageScope.set
  private let separatesWeak: Bool
  private let distractors: DistractorSource
  private let keepsGiven: Bool

  /// With `separatesWeak`, questions that need their sound and those that do not are sets of their own, each balanced.
  init(_ section: Section, separatesWeak: Bool = false, ofImport: Bool = false) throws {
    keepsGiven = try StageCatalogue.keepsGiven(section, ofImport: ofImport)
    self.separatesWeak = separatesWeak
    let sources = DistractorSource.allCases.map(\.rawValue)
    distractors =
      DistractorSource(rawValue: try section.choice("distractors", of: sources, default: "values")) ?? .values
  }

  var parts: [String: String] {
    [
      "version": "3", "distractors": distractors.rawValue, "rules": "\(QuestionChecks.version)",
      "measurements": ClipKnowledge.version,
    ].merging(keepsGiven ? ["given": "kept"] : [:]) { $1 }
  }

  func run(_ context: StageContext) async throws -> String {
    if keepsGiven {
      return counted(try context.store.commitGivenChoices(context.place), "question") + " with their choices as given"
    }
    let candidates = try context.store.balanceCandidates(context.place)
    let balance = try await onThread { try balanced(candidates, context.store) }
    report(balance, context)
    let placed = balance.placed.map {
      BalancedQuestion(id: $0.id, choices: $0.choices, answerIndex: $0.answerIndex)
    }
    let dropped = balance.dropped.map {
      BalancedQuestion(
        id: $0.id, choices: [], answerIndex: 0, code: $0.verdict.code?.rawValue, detail: $0.verdict.detail)
    }
    try context.store.commit(balanced: placed + dropped, context.place)
    return counted(placed.count, "question") + "; "
      + (try StageSummary(of: name, in: context.store).text(else: "none had to go"))
  }

  private func balanced(_ candidates: [BalanceCandidate], _ store: RunStore) throws -> SetBalance {
    let witness = DistractorWitness(candidates, store)
    let questions = candidates.map { candidate in
      SetQuestion(
        id: candidate.id, clip: candidate.clip, split: split(of: candidate), labels: candidate.labels,
        correct: candidate.correct, distractors: candidate.distractors, stem: candidate.stem, skill: candidate.skill)
    }
    let balance = SetBalance(questions, distractors: distractors, isFalse: witness.isFalse)
    try witness.check()
    return balance
  }

  private func split(of candidate: BalanceCandidate) -> String {
    let isWeak = separatesWeak && candidate.contribution == AudioContribution.weak.rawValue
    return ExportPart(split: candidate.split, contribution: isWeak ? .weak : nil).name
  }

  /// Says which labels had too large a share of their split, and which answers were right too often.
  private func report(_ balance: SetBalance, _ context: StageContext) {
    for share in balance.labelShares where share.overShare > 0 {
      context.progress.note(
        stage: name,
        "label '\(share.label)' has too large a share of \(share.split): \(share.kept) of \(share.questions) questions kept"
      )
    }
    if balance.unbalancedLabelQuestions > 0 {
      context.progress.note(
        stage: name,
        counted(balance.unbalancedLabelQuestions, "label question")
          + " with the writer's own choices: the set has too few labels")
    }
    if balance.corpusQuestions > 0 {
      context.progress.note(
        stage: name, counted(balance.corpusQuestions, "question") + " with other clips' answers for wrong choices")
    }
    for change in balance.answerChanges.prefix(10) {
      context.progress.note(
        stage: name,
        "answer '\(change.before.text)' was right \(change.before.right) of \(change.before.offered) times, "
          + "now \(change.after.right) of \(change.after.offered)")
    }
  }
}
