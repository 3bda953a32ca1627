import Dataset
import Pipelines
import Store

/// Finds questions that repeat another one of the same clip, exactly or nearly.
struct DedupStage: Stage {
  let name = "dedup"
  let scope = StageScope.clips
  private let similarity: Double

  init(_ section: Section) throws {
    similarity = try section.double("similarity", in: 0.1...1, default: 0.85)
  }

  var parts: [String: String] {
    ["version": "1", "similarity": "\(similarity)"]
  }

  func run(_ context: StageContext) async throws -> String {
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
    return try StageSummary(of: name, in: context.store).text(else: "no question repeats another of its clip")
  }

  private func verdicts(on questions: [QuestionRecord]) -> [DuplicateVerdict] {
    let written = questions.map(\.written)
    let duplicates = NearDuplicates.duplicates(in: written, threshold: similarity)
    return questions.enumerated().map { index, question in
      let near = duplicates.first { $0.loser == index && !$0.isExact }
      return DuplicateVerdict(
        question: question.id, exactKey: NearDuplicates.exactKey(written[index]),
        near: near.map { (questions[$0.survivor].id, $0.similarity) })
    }
  }
}
