import Testing

@testable import Web

struct AskedCountsTests {
  @Test(
    arguments: [
      ("Write up to 6 questions, each with 4 wrong answers.", 6, 4),
      ("Write 1 question with two distractors", 1, 2),
      ("WRITE 12 SHORT MULTIPLE-CHOICE QUESTIONS. Every one has 4 choices.", 12, 3),
      ("Write three questions. Give one correct answer and five wrong answers.", 3, 5),
      ("No two questions may be alike. Write 7 questions, each with 3 incorrect options.", 7, 3),
      ("There are 17 separate sounds. Ask something.", 5, 3),
      ("Write 500 questions with 0 distractors.", 20, 1),
      ("1. Questions come first.", 5, 3),
      ("", 5, 3),
    ])
  func phrasesAreUnderstood(text: String, questions: Int, wrongAnswers: Int) {
    let counts = AskedCounts(userText: text)

    #expect(counts.questions == questions)
    #expect(counts.wrongAnswers == wrongAnswers)
  }

  @Test func theUsersWordGoesBeforeTheSystems() {
    let counts = AskedCounts(userText: "Write 2 questions.", systemText: "Write 9 questions, each with 4 distractors.")

    #expect(counts == AskedCounts(userText: "2 questions, 4 distractors"))
  }
}
