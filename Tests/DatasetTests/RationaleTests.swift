import Testing

@testable import Dataset

@Suite struct RationaleTests {
  private func verdict(_ rationale: String?, needed: Bool = true) -> ReasonCode? {
    let checks = QuestionChecks(CheckSettings(needsRationale: needed))
    let question = WrittenQuestion(
      stem: "Which sound follows the bark?", correct: "a door closing",
      distractors: ["a car horn", "rain", "a telephone"],
      rationale: rationale)
    return checks.verdict(for: question).code
  }

  @Test func thoughtsEndInTheAnswerAndInNoOtherChoice() {
    #expect(verdict("A dog barks. After it there is a thud of wood. So it is a door closing.") == nil)
    #expect(verdict("It might be rain. No drops are heard.\nThe sound is a door closing!") == nil)
    #expect(verdict("It is a door closing. A dog barks.") == .rationale)
    #expect(verdict("It is a door closing or rain.") == .rationale)
    #expect(verdict("It is a door closing. <answer>") == .forbiddenToken)
  }

  @Test func thoughtsAreMissedOnlyWhereTheyWereAskedFor() {
    #expect(verdict(nil) == .rationale)
    #expect(verdict(nil, needed: false) == nil)
    #expect(verdict("It is rain.", needed: false) == .rationale)
  }

  @Test func structuredThoughtsAreReadInTheirOrderAndCheckedByTheirSummary() throws {
    let reply = ReplyReader.read(
      #"{"items":[{"question":"Which?","correct":"a door closing","distractors":["x","y","z"],"rationale":"#
        + #"{"summary":"It is a door closing.","planning":"P.","reasoning":"R.","caption":"C."}}]}"#)

    let rationale = try #require(reply.questions.first?.rationale)

    #expect(
      rationale == """
        <PLANNING>P.</PLANNING>
        <CAPTION>C.</CAPTION>
        <REASONING>R.</REASONING>
        <SUMMARY>It is a door closing.</SUMMARY>
        """)
    #expect(verdict(rationale) == nil)
    let missing = ReplyReader.read(
      #"{"items":[{"question":"W","correct":"a","distractors":["x"],"rationale":{"summary":"It is a."}}]}"#)
    #expect(missing.questions.isEmpty)
  }
}
