import Testing

@testable import Dataset

@Suite struct QuestionChecksTests {
  private let checks = QuestionChecks()

  @Test func anHonestQuestionIsAccepted() {
    #expect(checks.verdict(for: question()) == .accepted)
    #expect(checks.verdict(for: question("How many barks?", ["3", "4", "5", "6"])) == .accepted)
    #expect(checks.verdict(for: question("Which note?", ["A", "B", "C", "D"])) == .accepted)
    #expect(
      checks.verdict(for: question("Who wrote it?", ["J. S. Bach", "C. P. E. Bach", "G. Mahler", "A. Berg"]))
        == .accepted)
  }

  @Test(arguments: [
    (question("", ["a dog", "a cat", "a cow", "a hen"]), ReasonCode.schema),
    (question("What?", ["dog", "cat", "cow"]), .schema),
    (question("What?", ["dog", "cat", "cow", " "]), .schema),
    (question("What <Audio> is it?"), .forbiddenToken),
    (question("What?", ["dog", "cat\nmeow", "cow", "hen"]), .forbiddenToken),
    (question("What?", ["dog", "cat", "<|im_end|>", "hen"]), .forbiddenToken),
    (question("What?", ["dog", "cat\u{2028}", "c\u{2028}ow", "hen"]), .forbiddenToken),
    (question("What?", ["B", "a dog", "the rain", "church bells"]), .answerNotInChoices),
    (question("What?", ["(c)", "barking", "rain", "bells"]), .answerNotInChoices),
    (question("What?", ["B) dog", "A) cat", "D) cow", "C) hen"]), .answerNotInChoices),
    (question("What?", ["1. dog", "2. cat", "3. cow", "4. hen"]), .answerNotInChoices),
    (question("What?", ["dog", "cat", "Dog", "hen"]), .duplicateChoice),
    (question("What?", ["dog", "cat", "hen", "hen!"]), .duplicateChoice),
    (question("What?", ["dog", "cat", "a big dog", "hen"]), .choiceOverlap),
    (question("What?", ["a dog barking", "cat", "dog", "hen"]), .choiceOverlap),
    (question("What?", ["hen then cat", "cat then hen", "dog", "cow"]), .scorerAmbiguous),
    (question("What?", ["♪", "hen", "dog", "cow"]), .scorerAmbiguous),
    (question("Which DOG barks?"), .leakedAnswer),
    (question("Which dog barks?", ["a dog", "a cat", "a cow", "a hen"]), .leakedAnswer),
    (question("Are there 3 barks?", ["3", "4", "5", "6"]), .leakedAnswer),
    (question("According to the caption, what is heard?"), .metaText),
  ])
  func theFirstProblemIsNamed(question: WrittenQuestion, code: ReasonCode) {
    let verdict = checks.verdict(for: question)

    #expect(verdict.code == code)
    #expect(verdict.detail?.isEmpty == false)
  }

  @Test func wordsAreHeldAgainstWords() {
    #expect(checks.verdict(for: question("Which dogma is preached?")) == .accepted)
    #expect(checks.verdict(for: question("What?", ["cat", "caterpillar", "cow", "hen"])) == .accepted)
  }

  @Test(arguments: [
    "What sound is heard as described in the caption?", "According to the metadata, who speaks?",
    "According to the given audio description, who speaks?", "Which animal is mentioned in the text?",
    "What is stated in the provided passage?", "Based on the caption, which animal is it?",
    "Which animal does the audio file name suggest?", "What is the modified question about?",
    "Which label is listed in the labels?", "What do the captions agree on?",
    "Which sound does the description mention?",
    "What sound fits the given description?", "What is the source of the sound in the audio caption?",
  ])
  func questionsAboutTheTextAreMetaText(stem: String) {
    #expect(checks.verdict(for: question(stem)).code == .metaText)
  }

  @Test(arguments: [
    "Which label printer is heard?", "Which description fits the recording best?", "What does the speaker describe?",
    "According to the speaker, what comes first?", "Based on the sound, where was it recorded?",
    "Which musical passage is the loudest?", "What is the original source of the sound?",
    "What is a text message alert?",
    "Based on the audio, what happens?", "Which tag game is being played?", "Is the record on a major label?",
    "Which sound is provided by the engine?", "What is mentioned in the conversation?",
  ])
  func questionsAboutTheSoundAreNot(stem: String) {
    #expect(checks.verdict(for: question(stem, ["one", "two", "three", "four"])) == .accepted)
  }

  @Test func evidenceIsAQuotation() {
    let captions = ["A tone rises. A dog barks, twice.", "Rain falls."]

    #expect(checks.verdict(for: question(evidence: "a dog barks twice"), captions: captions) == .accepted)
    #expect(checks.verdict(for: question(evidence: "A cat meows."), captions: captions).code == .unsupported)
    #expect(checks.verdict(for: question(evidence: "."), captions: captions).code == .unsupported)
    #expect(checks.verdict(for: question(), captions: captions).code == .unsupported)
    #expect(checks.verdict(for: question()) == .accepted)
  }

  @Test func settingsDecide() {
    let settings = CheckSettings(choices: 2, forbiddenTokens: ["§"], metaPhrases: ["red|green light"])
    let checks = QuestionChecks(settings)

    #expect(checks.verdict(for: question("What <audio>?", ["dog", "cat"])) == .accepted)
    #expect(checks.verdict(for: question("What §?", ["dog", "cat"])).code == .forbiddenToken)
    #expect(checks.verdict(for: question("Is it a Green light?", ["dog", "cat"])).code == .metaText)
  }

  // 1,000 questions meant for listeners. The two found say "according to the description" and "based on the
  // description".
  @Test(.enabled(if: realData != nil, "EARSHOT_TEST_DATA is not set")) func questionsOfMMAUAreNotMetaText() throws {
    let bytes = try bytes(ofData: "benchmarks/mmau-test-mini.json")
    var codes: [String: Int] = [:]
    for item in try JSONParser.parse(bytes).elements! {
      let answer = item.member("answer")!.string!
      var choices = item.member("choices")!.elements!.map { $0.string! }
      choices.remove(at: choices.firstIndex(of: answer)!)
      let checks = QuestionChecks(CheckSettings(choices: choices.count + 1))
      let verdict = checks.verdict(for: question(item.member("question")!.string!, [answer] + choices))
      codes[verdict.code?.rawValue ?? "ok", default: 0] += 1
    }

    #expect(codes["E_META_TEXT", default: 0] == 2)
    #expect(codes["ok", default: 0] > 900)
  }
}
