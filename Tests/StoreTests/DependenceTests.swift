import Testing

@testable import Store

@Suite struct DependenceTests {
  private static let place = StagePlace(
    name: "dependence", position: 5, upstream: "check", followers: ["split", "balance", "export"])

  private func run(_ count: Int = 3) throws -> TemporaryRun {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav", labels: ["dog"])])
    try run.write("clip-a.wav", questions: (0..<count).map { run.question("q\($0)", clip: "clip-a.wav", ordinal: $0) })
    return run
  }

  private func record(_ question: String, _ contribution: String?, code: String? = nil) -> DependenceRecord {
    DependenceRecord(
      question: question, blind: 0.25, silent: nil, swapped: 1, heard: nil, margin: -0.5, votes: 1, judges: 2,
      contribution: contribution,
      scores: [JudgeScoreRecord(judge: "a", hearing: "none", asked: 4, right: 1, margin: -0.5)], code: code,
      detail: code.map { _ in "why" })
  }

  @Test func whatJudgesSaidIsReadBackAndTakenBackAsAWhole() throws {
    let run = try run()
    #expect(try run.store.judgedQuestions(Self.place).map(\.id) == ["q0", "q1", "q2"])

    try run.store.commit(
      dependence: [
        record("q0", "weak", code: "E_BLIND"), record("q1", "strong"), record("q2", nil, code: "E_UNJUDGED"),
      ],
      input: "revision 1", Self.place)

    var expected = record("q1", "strong")
    expected.code = nil
    #expect(try run.store.dependence(of: "q1") == expected)
    #expect(
      try run.store.question(id: "q0").verdict == VerdictRecord(stage: "dependence", code: "E_BLIND", detail: "why"))
    #expect(try run.store.question(id: "q1").contribution == "strong")
    #expect(try run.store.contributionCounts() == ["": 1, "strong": 1, "weak": 1])
    #expect(try run.store.judgedQuestions(Self.place).count == 3)

    try run.store.commit(dependence: [record("q0", "strong")], input: "revision 1", Self.place)
    #expect(try run.store.question(id: "q0").verdict == nil)
    #expect(try run.store.question(id: "q1").contribution == nil)
    #expect(try run.store.dependence(of: "q1") == nil)
  }

  @Test func theSetChangesForLaterStagesOnlyWhereAnswersThatWereMissingChangeIt() throws {
    let run = try run(1)
    try run.store.begin(Self.place, parts: [:])
    let before = try run.store.revision()
    try run.store.commit(dependence: [record("q0", nil, code: "E_UNJUDGED")], input: "revision \(before)", Self.place)
    #expect(try run.store.revision() == before)
    try run.store.finish(stage: "dependence", input: "revision \(before)", summary: nil)

    try run.store.commit(dependence: [record("q0", nil, code: "E_UNJUDGED")], input: "revision \(before)", Self.place)
    #expect(try run.store.revision() == before)
    try run.store.commit(dependence: [record("q0", "strong")], input: "revision \(before)", Self.place)
    #expect(try run.store.revision() == before + 1)
  }

  @Test func whatLaterStagesRejectedStaysWhereJudgesSayTheSameAgain() throws {
    let run = try run(2)
    let verdicts = [record("q0", "strong"), record("q1", "strong")]
    try run.store.commit(dependence: verdicts, input: "revision 1", Self.place)
    let balance = StagePlace(name: "balance", position: 7, upstream: "check", followers: ["export"])
    try run.store.commit(
      balanced: [
        BalancedQuestion(id: "q0", choices: ["a", "b"], answerIndex: 0),
        BalancedQuestion(id: "q1", choices: [], answerIndex: 0, code: "E_REMAINDER"),
      ], balance)

    try run.store.commit(dependence: verdicts, input: "revision 1", Self.place)
    #expect(try run.store.question(id: "q1").verdict?.code == "E_REMAINDER")

    try run.store.commit(
      dependence: [record("q0", "weak"), record("q1", "strong")], input: "revision 1", Self.place)
    #expect(try run.store.question(id: "q1").verdict == nil)
  }

  @Test func aReplyIsKeptOnceAndNeverReplaced() async throws {
    let run = try run(1)
    try run.store.keep([JudgeReplyRecord(key: "k", request: "r", reply: "first")])
    try await run.store.settle([
      JudgeReplyRecord(key: "k", request: nil, reply: "second"), JudgeReplyRecord(key: "l", request: nil, reply: "own"),
    ])

    #expect(try run.store.judgeReplies(["k", "l", "m"]) == ["k": "first", "l": "own"])
  }
}
