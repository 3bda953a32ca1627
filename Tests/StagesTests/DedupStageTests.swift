import Foundation
import GRDB
import Pipelines
import Stages
import Testing

@testable import Store

/// The search for duplicates over a run's whole set.
@Suite struct DedupStageTests {
  private func run() async throws -> TestRun {
    let run = try TestRun()
    let labels = ["bell", "drum", "flute", "siren"]
    var manifest = "file,label\n"
    for number in 0..<12 {
      try run.write("\(number).wav", run.tone(200 + Float(number) * 37, seconds: 0.6 + Float(number) * 0.05))
      manifest += "\(number).wav,\(labels[number % 4])\n"
    }
    try run.write("labels.csv", text: manifest)
    try await run.run()
    return run
  }

  /// The ids of what the search over the set put out, by code.
  private func out(_ run: TestRun) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for clip in try run.store.pendingClips(
      .init(name: "none", position: 0, upstream: nil, followers: []), from: "", limit: 99)
    {
      for question in try run.store.allQuestions(of: clip) where question.verdict?.stage == "dedup" {
        found[question.verdict?.code ?? "", default: []].append(question.id)
      }
    }
    return found
  }

  private func joinClips(_ run: TestRun) throws -> [String] {
    let clips = try run.store.pendingClips(
      .init(name: "none", position: 0, upstream: nil, followers: []), from: "", limit: 99)
    try run.store.replace(
      audioClusters: clips.map { clip in
        AudioClusterRecord(
          clip: clip, cluster: clips[0], survivor: clips[0], similarity: 1,
          reason: clip == clips[0] ? "survivor" : "copy", offsetSeconds: 0)
      })
    return clips
  }

  @Test func wordingsOfDifferentSoundsStayAndThoseOverTheLimitGo() async throws {
    let run = try await run()
    let before = try run.exported("jsonl")
    #expect(try out(run).isEmpty)
    #expect(try run.store.duplicateSearch() != nil)

    try await run.run(["dedup.stem_share=0.01", "dedup.stem_least=3"])
    let capped = try out(run)
    let counts = try run.store.duplicateCounts()
    try await run.run()

    #expect(Set(capped.keys) == ["E_TEMPLATE_CAP"])
    #expect(counts.map(\.kind) == ["stem"] && counts[0].losers == capped["E_TEMPLATE_CAP"]?.count)
    #expect(try out(run).isEmpty)
    #expect(try run.exported("jsonl") == before)
  }

  @Test func clipsThatSoundTheSameAreSearchedAsOne() async throws {
    let run = try await run()
    _ = try joinClips(run)
    run.notes.clear()

    try await run.run()

    let found = try out(run)
    #expect(Set(found.keys) == ["E_DUP_SOUND"] && found["E_DUP_SOUND"]?.isEmpty == false)
    #expect(run.notes.ran.contains("dedup") && run.notes.ran.contains("export"))
    let id = try #require(found["E_DUP_SOUND"]?.first)
    let verdict = try #require(try run.store.question(id: id).verdict)
    #expect(try run.store.question(id: try #require(verdict.survivor)).verdict?.stage != "dedup")
    run.notes.clear()
    try await run.run()
    #expect(run.notes.ran == ["scan"])
  }

  @Test func aSearchThatWasKilledGoesOnWithItsSignaturesAndEndsTheSame() async throws {
    let run = try await run()
    _ = try joinClips(run)
    try await run.run()
    let whole = try out(run)
    let rows = try run.store.duplicateClusters(all: true, limit: 999)

    // As a kill leaves it between the clips' results and the set's, with half of the signatures kept.
    try run.store.write { db in
      try db.execute(
        sql: """
          DELETE FROM setting WHERE name IN ('duplicates', 'duplicate pairs');
          DELETE FROM duplicate_signature WHERE question < '8';
          DELETE FROM duplicate_member;
          DELETE FROM duplicate_cluster;
          UPDATE question SET rejected_by = NULL, code = NULL, survivor = NULL, similarity = NULL
            WHERE rejected_by = 'dedup'
          """)
    }
    let kept = try run.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM duplicate_signature") }
    #expect(try run.store.duplicateSearch() == nil)
    try await run.run()

    #expect(kept ?? 0 > 0)
    #expect(try out(run) == whole)
    #expect(try run.store.duplicateClusters(all: true, limit: 999) == rows)
  }

  @Test func meaningsAreComparedWithEachTextSentOnce() async throws {
    let run = try await run()
    let before = try run.store.status().usage.answered
    let meaning = ["dedup.meaning.endpoint=builtin", "dedup.meaning.similarity=0.5", "dedup.meaning.batch=8"]

    try await run.run(meaning)
    let found = try out(run)
    let asked = try run.store.status().usage.answered - before
    let texts = try run.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM embedding") ?? 0 }
    let kinds = try run.store.duplicateCounts().map(\.kind)
    // The same vectors serve another threshold, and a set that was made again.
    try await run.run(["dedup.meaning.endpoint=builtin", "dedup.meaning.similarity=1", "dedup.meaning.batch=9"])
    let none = try out(run)
    try await run.run(meaning)

    #expect(Set(found.keys) == ["E_SAME_MEANING"] && kinds == ["meaning"])
    #expect(asked == (texts + 7) / 8 && texts > 8)
    #expect(none.isEmpty)
    #expect(try out(run) == found)
    #expect(try run.store.status().usage.answered == before + asked)
  }

  @Test func anAnswerThatAKillLeftUnreadIsReadAndNotPaidForAgain() async throws {
    let run = try await run()
    let meaning = ["dedup.meaning.endpoint=builtin", "dedup.meaning.similarity=0.5", "dedup.meaning.batch=8"]
    try await run.run(meaning)
    let found = try out(run)
    let answered = try run.store.status().usage.answered

    // As a kill leaves it between an answer's commit and its vectors'.
    try run.store.write { db in
      try db.execute(
        sql: """
          DELETE FROM embedding WHERE text < '8';
          DELETE FROM embedding_read;
          DELETE FROM setting WHERE name = 'duplicates'
          """)
    }
    try await run.run(meaning)

    #expect(try run.store.status().usage.answered == answered)
    #expect(try out(run) == found)
  }

  @Test func aBudgetInRequestsHoldsForEmbeddings() async throws {
    let run = try await run()
    let sent = try run.store.spending().requests
    var pipeline = try run.pipeline(["dedup.meaning.endpoint=builtin", "dedup.meaning.batch=1"])
    pipeline.requests = RequestPolicy(limits: SpendingLimits(requests: sent + 3))

    await #expect(throws: StagesError.self) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }

    #expect(try run.store.spending().requests == sent + 3)
    #expect(try run.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM embedding") } == 3)
  }

  @Test func settingsThatCannotBeAreRefusedWithTheirLine() async throws {
    let run = try TestRun()
    for override in [
      "dedup.shingle=0", "dedup.wording_share=2", "dedup.bands=many", "dedup.stem_shares=1", "dedup.meaning.batch=0",
    ] {
      #expect(throws: PipelineError.self, "\(override)") { try run.pipeline([override]) }
    }
  }
}
