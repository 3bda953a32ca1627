import Testing

@testable import Store

@Suite struct QuestionTests {
  @Test func exactRepeatsWithinAClipAreFoundByTheUniqueIndexAndTheEarliestStays() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav"), run.listing("b.wav")])
    let a = "clip-a.wav"
    let b = "clip-b.wav"
    try run.write(a, questions: (0..<3).map { run.question("a\($0)", clip: a, ordinal: $0) })
    try run.write(b, questions: [run.question("b0", clip: b)])

    try run.store.commit(
      duplicates: [
        (
          a,
          [
            DuplicateVerdict(question: "a0", exactKey: "same"), DuplicateVerdict(question: "a1", exactKey: "same"),
            DuplicateVerdict(question: "a2", exactKey: "other", near: ("a0", 0.9)),
          ]
        ),
        (b, [DuplicateVerdict(question: "b0", exactKey: "same")]),
      ], exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", TemporaryRun.place("dedup"))

    #expect(try run.store.question(id: "a0").verdict == nil)
    #expect(try run.store.question(id: "b0").verdict == nil)
    #expect(
      try run.store.question(id: "a1").verdict
        == VerdictRecord(stage: "dedup", code: "E_DUP_CLIP", detail: nil, survivor: "a0", similarity: 1))
    #expect(
      try run.store.question(id: "a2").verdict
        == VerdictRecord(stage: "dedup", code: "E_NEAR_DUP", detail: nil, survivor: "a0", similarity: 0.9))
  }

  @Test func aSearchForDuplicatesThatIsDoneAgainTakesBackWhatItSaid() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"
    let rejected = VerdictRecord(stage: "check", code: "E_META_TEXT", detail: "caption")
    try run.write(
      clip,
      questions: [
        run.question("q0", clip: clip), run.question("q1", clip: clip, ordinal: 1),
        run.question("q2", clip: clip, ordinal: 2, verdict: rejected),
      ])
    let place = TemporaryRun.place("dedup")
    let near = DuplicateVerdict(question: "q1", exactKey: "1", near: ("q0", 0.8))
    try run.store.commit(
      duplicates: [(clip, [DuplicateVerdict(question: "q0", exactKey: "0"), near])], exactCode: "E_DUP_CLIP",
      nearCode: "E_NEAR_DUP", place)
    #expect(try run.store.questions(of: clip, enteringAt: TemporaryRun.place("balance")).map(\.id) == ["q0"])

    #expect(try run.store.questions(of: clip, enteringAt: place).map(\.id) == ["q0", "q1"])
    try run.store.commit(
      duplicates: [
        (clip, [DuplicateVerdict(question: "q0", exactKey: "0"), DuplicateVerdict(question: "q1", exactKey: "1")])
      ], exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", place)

    #expect(try run.store.question(id: "q1").verdict == nil)
    #expect(try run.store.question(id: "q2").verdict == rejected)
  }

  @Test func onlyBalancedQuestionsCountAsAcceptedAndAreExported() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav", recording: "tape")])
    let clip = "clip-a.wav"
    try run.write(clip, questions: [run.question("q0", clip: clip), run.question("q1", clip: clip, ordinal: 1)])
    #expect(try run.store.status().accepted == 0)
    #expect(try run.store.recordings() == [ClipRecordings(clip: clip, recordings: ["tape"])])

    try run.store.commit(splits: [(clip, "dev")], TemporaryRun.place("split"))
    try run.store.commit(
      balanced: [
        BalancedQuestion(id: "q0", choices: ["cat", "dog"], answerIndex: 1),
        BalancedQuestion(
          id: "q1", choices: ["cat", "dog"], answerIndex: 1, code: "E_LABEL_SHARE", detail: "31 of 100"),
      ], TemporaryRun.place("balance"))

    let status = try run.store.status()
    #expect(status.accepted == 1)
    #expect(status.positions == [0, 1])
    #expect(status.rejections == [RejectionCount(stage: "balance", code: "E_LABEL_SHARE", count: 1)])
    let rows = try run.store.exportRows(split: "dev", from: "", limit: 10)
    #expect(rows.map { $0.questions.map(\.id) } == [["q0"]])
    #expect(rows.first?.questions.first?.choices == ["cat", "dog"])
    #expect(try run.store.exportRows(split: "train", from: "", limit: 10).isEmpty)
    #expect(try run.store.splitCounts() == ["dev": 1])
  }

  @Test func questionsOfAClipThatIsNotDoneAreLeftOutOfTheBalance() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"
    try run.store.begin(TemporaryRun.place("write"), parts: ["prompt": "1"])
    try run.write(clip, questions: [run.question("q0", clip: clip)])
    try run.store.commit(
      duplicates: [(clip, [DuplicateVerdict(question: "q0", exactKey: "0")])], exactCode: "E_DUP_CLIP",
      nearCode: "E_NEAR_DUP", TemporaryRun.place("dedup"))
    #expect(try run.store.balanceCandidates(TemporaryRun.place("balance")).map(\.id) == ["q0"])

    try run.store.begin(TemporaryRun.place("write"), parts: ["prompt": "2"])

    #expect(try run.store.balanceCandidates(TemporaryRun.place("balance")).isEmpty)
  }
}
