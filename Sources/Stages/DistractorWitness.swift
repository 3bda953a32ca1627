import Dataset
import Store

/// Says whether wrong choices that come from other clips are wrong of a question's own clip, by what the run knows of it.
/// For one thread.
final class DistractorWitness {
  private let clips: [String: String]
  private let store: RunStore
  private let knowledge: ClipKnowledge
  /// By clip; a part of the set at a time.
  private var known: [String: ClipEvidence] = [:]
  private var failure: (any Error)?

  private static let mostKnown = 10_000

  init(_ questions: [BalanceCandidate], _ store: RunStore) {
    clips = Dictionary(questions.map { ($0.id, $0.clip) }, uniquingKeysWith: { first, _ in first })
    self.store = store
    knowledge = ClipKnowledge(store)
  }

  /// False too where the clip cannot be looked up; see ``check()``.
  func isFalse(_ question: SetQuestion) -> Bool {
    do {
      let written = WrittenQuestion(
        stem: question.stem, correct: question.correct, distractors: question.distractors)
      return try evidence(on: question.id)?.denies(distractorsOf: written) ?? false
    } catch {
      failure = failure ?? error
      return false
    }
  }

  /// Throws what went wrong on the way.
  func check() throws { if let failure { throw failure } }

  private func evidence(on question: String) throws -> ClipEvidence? {
    guard failure == nil, let id = clips[question] else { return nil }
    if let evidence = known[id] { return evidence }
    guard let clip = try store.clips([id]).first else { return nil }
    if known.count >= Self.mostKnown { known.removeAll() }
    let evidence = try knowledge.known(of: clip, measuring: false).evidence
    known[id] = evidence
    return evidence
  }
}
