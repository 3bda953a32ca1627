import Dataset
import Pipelines
import Store

/// Finds questions that repeat another one: first of the same clip, exactly or nearly, clip by clip; then over the whole
/// set, of clips that sound the same, of meanings where a model tells them, and of wordings that too many share.
struct DedupStage: Stage {
  let name = "dedup"
  let scope = StageScope.clips
  let settings: DedupSettings

  init(_ section: Section) throws {
    settings = try DedupSettings(section)
  }

  var parts: [String: String] { settings.parts.merging(["version": "2"]) { $1 } }

  /// The search over the set counts as one more.
  func pending(_ context: StageContext) throws -> Int {
    let clips = try context.store.pendingCount(context.place)
    guard clips == 0, try context.store.doneCount(stage: name) > 0 else { return clips }
    let knowsSounds = try !settings.audio || context.store.areAudioClustersCurrent()
    return try knowsSounds && DedupSearch(settings, context).isCurrent() ? 0 : 1
  }

  func run(_ context: StageContext) async throws -> String {
    let recordings = try await compareRecordings(context)
    try await compareWithinClips(context)
    let search = DedupSearch(settings, context)
    if try !search.isCurrent() {
      let isWhole = try await settings.meaning.map { MeaningRequests($0, context) }?.run(DedupSearch.codes) ?? true
      try await onThread { try search.run(isWhole: isWhole) }
    }
    let questions = try StageSummary(of: name, in: context.store).text(else: "no question repeats another")
    return [questions, recordings].compactMap { $0 }.joined(separator: "; ")
  }

  private func compareRecordings(_ context: StageContext) async throws -> String? {
    let duplicates = AudioDuplicates(context)
    if settings.audio { return try await duplicates.update() }
    try duplicates.forget()
    return nil
  }

  private func compareWithinClips(_ context: StageContext) async throws {
    var pages = context.pendingPages()
    let work = ParallelWork<ClipRecord, (clip: String, verdicts: [DuplicateVerdict])>(
      threads: context.threads, chunk: 64)
    try await work.run(
      page: { try pages.next() },
      work: { clips in
        try clips.map { clip in
          let questions = try context.store.questions(of: clip.id, enteringAt: context.place)
          return (clip.id, verdicts(on: questions))
        }
      },
      commit: { verdicts in
        try context.store.commit(
          duplicates: verdicts, exactCode: ReasonCode.duplicate.rawValue,
          nearCode: ReasonCode.nearDuplicate.rawValue, context.place)
        context.progress.advanced(stage: name, by: verdicts.count)
      })
  }

  private func verdicts(on questions: [QuestionRecord]) -> [DuplicateVerdict] {
    let written = questions.map(\.written)
    let duplicates = NearDuplicates.duplicates(in: written, threshold: settings.near.similarity)
    return questions.enumerated().map { index, question in
      let near = duplicates.first { $0.loser == index && !$0.isExact }
      return DuplicateVerdict(
        question: question.id, exactKey: NearDuplicates.exactKey(written[index]),
        near: near.map { (questions[$0.survivor].id, $0.similarity) })
    }
  }
}
