import Dataset
import Testing

@testable import Web

struct FreeTextQuestionsTests {
  private static let prompt = """
    Write up to 4 questions, each with 3 wrong answers, from these captions:

    1. qwen2-audio: A small dog barks twice in a tiled hallway while somebody in another room laughs about it. Then a \
    door slams shut.
    2. other: Something else is heard.

    Reply with JSON.
    """

  @Test func aCaptionInFreeTextGivesQuestionsOnItsSentences() throws {
    let items = try questions(Self.prompt)

    #expect(
      items.map(\.correct) == ["A small dog barks twice in a tiled hallway while somebody", "Then a door slams shut"])
    #expect(
      items.map(\.evidence) == [
        "A small dog barks twice in a tiled hallway while somebody in another room laughs about it.",
        "Then a door slams shut.",
      ])
    for item in items {
      let choices = [item.correct] + item.distractors
      #expect(MMAUMatcher.ambiguity(choices: choices, answer: item.correct) == [])
      #expect(item.distractors.count == 3)
    }
  }

  @Test(arguments: [
    "- A dog barks.", "* \"A dog barks.\"", "<caption by=\"x\">A dog barks.</caption>", "Caption 1: A dog barks.",
    "[manifest] A dog barks.", "2) A dog barks.",
  ])
  func theMarksOfListsAreLeftOut(line: String) throws {
    #expect(try questions("Captions:\n\(line)\nWrite 5 questions.").map(\.evidence) == ["A dog barks."])
  }

  @Test func nothingIsWrittenFromNothing() throws {
    #expect(try questions("Write 5 questions in JSON.").isEmpty)
  }
}
