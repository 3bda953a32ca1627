import Chat
import Dataset
import Pipelines
import Store

/// Reads questions from the answers, and throws out those that are no good. Free: it needs nothing but what is stored.
struct CheckStage: Stage {
  let name = "check"
  let scope = StageScope.clips
  private let checks: QuestionChecks
  private let evidence: Bool
  private let claims: Bool

  /// `hears` says that the writer was sent the sound itself, so that what it quotes need not be in a caption.
  init(_ section: Section, choices: Int, needsRationale: Bool = false, hears: Bool = false) throws {
    let settings = CheckSettings(
      choices: choices,
      forbiddenTokens: CheckSettings.usualForbiddenTokens + (try section.strings("forbidden_tokens")),
      metaPhrases: CheckSettings.usualMetaPhrases + (try section.strings("meta_phrases")),
      needsRationale: needsRationale)
    checks = QuestionChecks(settings)
    evidence = try section.bool("evidence", default: !hears)
    claims = try section.bool("claims", default: true)
  }

  var parts: [String: String] {
    var parts = [
      "version": "\(QuestionChecks.version)", "choices": "\(checks.settings.choices)", "evidence": "\(evidence)",
      "forbidden tokens": checks.settings.forbiddenTokens.joined(separator: " "),
      "meta phrases": ContentID.make(domain: "earshot meta phrases", checks.settings.metaPhrases),
    ]
    if checks.settings.needsRationale { parts["rationale"] = "needed" }
    if claims { parts["measurements"] = ClipKnowledge.version }
    return parts
  }

  func run(_ context: StageContext) async throws -> String {
    var pages = context.pendingPages()
    let work = ParallelWork<ClipRecord, CheckedClip>(threads: context.threads, chunk: 32)
    let knowledge = ClipKnowledge(context.store)
    try await work.run(
      page: { try pages.next() },
      work: { clips in try clips.compactMap { try check($0, context.store, knowledge) } },
      commit: { checked in
        try context.store.commit(checked: checked, context.place)
        context.progress.advanced(stage: name, by: checked.count)
      })
    let answers = try StageSummary(of: "write", in: context.store).text(else: "")
    return try StageSummary(of: name, in: context.store).text(else: "every question passed")
      + (answers.isEmpty ? "" : "; answers without questions: \(answers)")
  }

  private func check(_ clip: ClipRecord, _ store: RunStore, _ knowledge: ClipKnowledge) throws -> CheckedClip? {
    let writing = try store.writing(of: clip.id)
    guard let key = writing?.request else {
      let code = writing?.code.flatMap(ReasonCode.init) ?? .noCaption
      return rejected(clip.id, code, writing?.detail ?? "nothing to ask about")
    }
    guard let response = try store.response(to: key) else { return nil }
    guard response.status < 400 else {
      let words = String(decoding: response.body.prefix(300), as: UTF8.self)
      return rejected(
        clip.id, .rejectedRequest, "the endpoint rejected the request with status \(response.status): \(words)")
    }
    let reply: ReadReply
    do {
      reply = ReplyReader.read(try ChatReply(parsing: response.body))
    } catch {
      return rejected(clip.id, .schema, "\(error)")
    }
    return try checked(reply, clip, knowledge)
  }

  private func checked(_ reply: ReadReply, _ clip: ClipRecord, _ knowledge: ClipKnowledge) throws -> CheckedClip {
    let shown = reply.items.map(\.shown)
    let known = try knowledge.known(of: clip, measuring: claims && shown.contains(where: MeasuredClaims.areMade(in:)))
    let ids = ContentID.questions(shown, clip: clip.id)
    let questions = zip(reply.items, ids).enumerated().map { ordinal, item in
      record(item.0, id: item.1, clip: clip.id, ordinal: ordinal, known.evidence)
    }
    return CheckedClip(
      clip: clip.id, questions: questions, code: reply.problem?.code?.rawValue, detail: reply.problem?.detail,
      findings: known.findings)
  }

  private func rejected(_ clip: String, _ code: ReasonCode, _ detail: String) -> CheckedClip {
    CheckedClip(clip: clip, questions: [], code: code.rawValue, detail: detail)
  }

  private func record(
    _ item: ReadItem, id: String, clip: String, ordinal: Int, _ known: ClipEvidence
  ) -> QuestionRecord {
    let written = item.shown
    let verdict: Verdict =
      switch item {
      case .question: self.verdict(on: written, known)
      case .unreadable(let verdict): verdict
      }
    return QuestionRecord(
      id: id, clip: clip, ordinal: ordinal, stem: written.stem, correct: written.correct,
      distractors: written.distractors, evidence: written.evidence, skill: written.skill,
      difficulty: written.difficulty, rationale: written.rationale,
      verdict: verdict.code.map { VerdictRecord(stage: name, code: $0.rawValue, detail: verdict.detail) })
  }
}

extension CheckStage {
  private func verdict(on question: WrittenQuestion, _ known: ClipEvidence) -> Verdict {
    let verdict = checks.verdict(for: question, captions: evidence ? known.captions : nil)
    guard verdict.isAccepted, claims else { return verdict }
    return known.verdict(on: question.normalised())
  }
}

extension ReadItem {
  /// The question, or an empty one in the place of an item that could not be read.
  fileprivate var shown: WrittenQuestion {
    switch self {
    case .question(let question): question.normalised()
    case .unreadable: WrittenQuestion(stem: "", correct: "", distractors: [])
    }
  }
}
