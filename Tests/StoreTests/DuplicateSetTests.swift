import GRDB
import Testing

@testable import Store

/// The rows of the search for duplicates over the whole set.
@Suite struct DuplicateSetTests {
  private static let codes = ["E_DUP_SOUND", "E_TEMPLATE_CAP"]
  private let place = TemporaryRun.place("dedup")

  /// Three clips with two questions each, taken through the search within clips.
  private func run() throws -> TemporaryRun {
    let run = try TemporaryRun()
    try run.scan(["a", "b", "c"].map { run.listing($0 + ".wav") })
    for name in ["a", "b", "c"] {
      let clip = "clip-\(name).wav"
      try run.write(clip, questions: (0..<2).map { run.question("\(name)\($0)", clip: clip, ordinal: $0) })
      try run.store.commit(
        duplicates: [(clip, (0..<2).map { DuplicateVerdict(question: "\(name)\($0)", exactKey: "\($0)") })],
        exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", place)
    }
    return run
  }

  private func cluster(_ losers: [String], survivor: String = "a0", kind: String = "sound") -> DuplicateClusterRecord {
    DuplicateClusterRecord(
      kind: kind, survivor: survivor,
      members: [.init(question: survivor, similarity: 1)]
        + losers.map { .init(question: $0, similarity: 0.9, code: "E_DUP_SOUND") })
  }

  private func rejected(_ run: TemporaryRun) throws -> [String: String] {
    var found: [String: String] = [:]
    for clip in ["clip-a.wav", "clip-b.wav", "clip-c.wav"] {
      for question in try run.store.allQuestions(of: clip) { found[question.id] = question.verdict?.code }
    }
    return found
  }

  @Test func candidatesComeByClipAndPlaceWithTheirSignatures() throws {
    let run = try run()
    try run.store.commit(signatures: [("b1", [1, .max, 3])], settings: "s")

    let first = try run.store.duplicateCandidates(place, codes: Self.codes, after: nil, limit: 4)
    let rest = try run.store.duplicateCandidates(place, codes: Self.codes, after: ("clip-b.wav", 1), limit: 4)

    #expect(first.map(\.id) == ["a0", "a1", "b0", "b1"])
    #expect(first[3].signature == [1, .max, 3] && first[0].signature == nil)
    #expect(first[0].distractors == ["cat", "bell", "rain"])
    #expect(rest.map(\.id) == ["c0", "c1"])
  }

  @Test func signaturesOfOtherSettingsAndOfQuestionsThatAreGoneGo() throws {
    let run = try run()
    try run.store.commit(signatures: [("b1", [1]), ("gone", [2])], settings: "s")
    try run.store.cleanSignatures(settings: "s")
    let kept = try run.store.read { try String.fetchAll($0, sql: "SELECT question FROM duplicate_signature") }

    try run.store.cleanSignatures(settings: "t")

    #expect(kept == ["b1"])
    #expect(try run.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM duplicate_signature") } == 0)
  }

  @Test func whatClustersSayIsTakenBackByTheNextOnes() throws {
    let run = try run()
    try run.store.commit(clusters: [cluster(["b0", "c0"])], codes: Self.codes, of: "one", place)
    let first = try rejected(run)
    let verdict = try run.store.question(id: "c0").verdict

    try run.store.commit(clusters: [cluster(["b0"], survivor: "a0")], codes: Self.codes, of: "two", place)

    #expect(first == ["b0": "E_DUP_SOUND", "c0": "E_DUP_SOUND"])
    #expect(verdict == VerdictRecord(stage: "dedup", code: "E_DUP_SOUND", detail: nil, survivor: "a0", similarity: 0.9))
    #expect(try rejected(run) == ["b0": "E_DUP_SOUND"])
    #expect(try run.store.duplicateSearch() == "two")
  }

  @Test func aQuestionThatAnotherStageRejectedIsNoneOfItsBusiness() throws {
    let run = try run()
    try run.store.commit(
      duplicates: [
        (
          "clip-a.wav",
          [.init(question: "a0", exactKey: "x"), .init(question: "a1", exactKey: "y", near: ("a0", 0.95))]
        )
      ], exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", place)

    let candidates = try run.store.duplicateCandidates(place, codes: Self.codes, after: nil, limit: 9)
    try run.store.commit(clusters: [], codes: Self.codes, of: "one", place)

    #expect(candidates.map(\.id) == ["a0", "b0", "b1", "c0", "c1"])
    #expect(try rejected(run) == ["a1": "E_NEAR_DUP"])
  }

  @Test func laterStagesTakeUpTheClipsThatChangedAndNoOthers() throws {
    let run = try run()
    let later = StagePlace(name: "dependence", position: 5, upstream: "dedup", followers: ["split"])
    let place = StagePlace(name: "dedup", position: 4, upstream: "check", followers: ["dependence", "split"])
    func finishAll() throws {
      try run.store.write { db in
        for clip in ["clip-a.wav", "clip-b.wav", "clip-c.wav"] { try RunStore.markDone(db, later, clip: clip) }
      }
    }
    try finishAll()
    let before = try run.store.revision()

    try run.store.commit(clusters: [cluster(["b0"])], codes: Self.codes, of: "one", place)
    let pending = try run.store.pendingClips(later, from: "", limit: 9)
    let after = try run.store.revision()
    try finishAll()
    let settled = try run.store.revision()
    try run.store.commit(clusters: [cluster(["b0"])], codes: Self.codes, of: "two", place)

    #expect(pending == ["clip-b.wav"] && after == before + 1)
    #expect(try run.store.pendingCount(later) == 0)
    #expect(try run.store.revision() == settled)
  }

  @Test func aSearchIsForgottenWhenAQuestionGoesOrAClipIsComparedAgain() throws {
    let run = try run()
    try run.store.commit(clusters: [], codes: Self.codes, of: "one", place)
    #expect(try run.store.duplicateSearch() == "one")

    try run.store.commit(checked: [CheckedClip(clip: "clip-a.wav", questions: [])], TemporaryRun.place("check"))
    #expect(try run.store.duplicateSearch() == nil)

    try run.store.commit(clusters: [], codes: Self.codes, of: "two", place)
    try run.store.commit(
      duplicates: [("clip-b.wav", [])], exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", place)
    #expect(try run.store.duplicateSearch() == nil)
  }

  @Test func pairsAreThoseOfTheirInputAlone() throws {
    let run = try run()
    let pair = DuplicatePairRecord(first: "a0", second: "b0", similarity: 0.875)
    #expect(try run.store.duplicatePairs(of: "one") == nil)

    try run.store.commit(pairs: [pair], of: "one")

    #expect(try run.store.duplicatePairs(of: "one") == [pair])
    #expect(try run.store.duplicatePairs(of: "two") == nil)
  }

  @Test func clipsThatSoundTheSameAreReadFromTheirTable() throws {
    let run = try run()
    #expect(try run.store.soundGroups() == [:])
    try run.store.write { db in
      try db.execute(
        sql: """
          INSERT INTO audio_cluster (clip, cluster, survivor, similarity, reason, offset_seconds) VALUES
            ('clip-a.wav', 'x', 'clip-a.wav', 1, 'survivor', 0), ('clip-b.wav', 'x', 'clip-a.wav', 0.9, 'copy', 0),
            ('clip-c.wav', 'y', 'clip-c.wav', 1, 'survivor', 0)
          """)
    }

    #expect(try run.store.soundGroups() == ["clip-a.wav": "x", "clip-b.wav": "x"])
  }

  @Test func vectorsComeBackToTheBitAndAnAnswerIsReadOnce() async throws {
    let run = try run()
    let vector: [Float] = [0, -0.0, 1e-38, .greatestFiniteMagnitude, 0.1]
    let response = ResponseRecord(
      status: 200, promptTokens: 3, completionTokens: 0, seconds: 0, format: "plain", headers: "{}", body: [1, 2])
    for (key, endpoint) in [("r1", "e"), ("r2", "other")] {
      let request = RequestRecord(key: key, clip: "", body: [9], model: "m", endpoint: endpoint)
      let attempt = try await run.store.sending(request, stage: "dedup")
      try await run.store.answered(attempt: attempt, key: key, stage: "dedup", response)
    }

    let unread = try run.store.unreadEmbeddings(stage: "dedup", endpoint: "e", limit: 9)
    try run.store.commit(embeddings: [("t", vector)], of: "r1")

    #expect(unread == [UnreadAnswer(request: "r1", asked: [9], answered: [1, 2])])
    #expect(try run.store.unreadEmbeddings(stage: "dedup", endpoint: "e", limit: 9).isEmpty)
    #expect(try run.store.embedded(among: ["t", "u"]) == ["t"])
    #expect(try run.store.embeddings(of: ["t", "u"])["t"]?.map(\.bitPattern) == vector.map(\.bitPattern))
  }

  @Test func theListingShowsClustersOfClipsAndOfTheSet() throws {
    let run = try run()
    try run.store.commit(
      duplicates: [
        (
          "clip-c.wav",
          [.init(question: "c0", exactKey: "x"), .init(question: "c1", exactKey: "y", near: ("c0", 0.95))]
        )
      ], exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", place)
    let whole = DuplicateClusterRecord(
      kind: "wording", survivor: "a1",
      members: [.init(question: "a1", similarity: 1), .init(question: "b1", similarity: 0.9)])
    try run.store.commit(clusters: [cluster(["b0"]), whole], codes: Self.codes, of: "one", place)

    let shown = try run.store.duplicateClusters(all: false, limit: 9)
    let counts = try run.store.duplicateCounts()

    #expect(shown.map(\.kind) == ["clip", "sound"])
    #expect(shown[0].survivor == "c0" && shown[0].members.map(\.code) == [nil, "E_NEAR_DUP"])
    #expect(shown[1] == cluster(["b0"]))
    #expect(try run.store.duplicateClusters(all: true, limit: 9).map(\.kind) == ["clip", "sound", "wording"])
    #expect(counts.map(\.kind) == ["clip", "sound"] && counts.map(\.losers) == [1, 1])
  }
}
