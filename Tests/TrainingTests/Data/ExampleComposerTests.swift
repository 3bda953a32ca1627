import Audio
import Dataset
import Models
import Testing

@testable import Training

@Suite struct ExampleComposerTests {
  @Test func theSoundComesBeforeTheTextOfTheLastMessage() throws {
    let example = try ExampleComposer(prompt: plainPrompt).example(row("q"), epoch: 0)

    #expect(text(example) == "<0>Which? ['dog', 'cat', 'bird', 'cow']")
    #expect(example.audio == AudioReference(path: "a.wav"))
    #expect(example.answer == 1 && example.solution == "cat" && example.target == "cat")
    let fixed = try ExampleComposer(prompt: fixedPrompt).example(row("q"), epoch: 0)
    #expect(text(fixed) == "You listen.\n<0>What is heard?")
  }

  @Test func eachModePutsItsOwnInPlaceOfTheSound() throws {
    var question = row("q")
    question.captions = ["A meow.", "Rain."]
    question.start = 2
    func example(_ mode: AudioMode) throws -> TrainingExample {
      try ExampleComposer(prompt: plainPrompt, audio: mode).example(question, epoch: 0)
    }

    #expect(try example(.audio).audio == AudioReference(path: "a.wav", start: 2))
    #expect(try example(.silence).audio == AudioReference(path: "a.wav", start: 2, isSilenced: true))
    #expect(try text(example(.silence)).hasPrefix("<0>Which?"))
    #expect(try example(.none).audio == nil)
    #expect(try text(example(.none)).hasPrefix("Which?"))
    #expect(try example(.captions).audio == nil)
    #expect(try text(example(.captions)).hasPrefix("A meow.\nRain.\nWhich?"))
  }

  @Test func aRowWithoutSoundHasNoPlaceForOne() throws {
    let example = try ExampleComposer(prompt: plainPrompt).example(row("q", audio: nil), epoch: 0)

    #expect(example.audio == nil)
    #expect(!text(example).contains("<0>"))
  }

  @Test func targetsHaveTheFormAskedFor() throws {
    var question = row("q")
    question.rationale = "It meows."
    func target(_ form: AnswerForm) throws -> String? {
      try ExampleComposer(prompt: plainPrompt, form: form).example(question, epoch: 0).target
    }

    #expect(try target(.choice) == "cat")
    #expect(try target(.letter) == "B")
    #expect(try target(.answer) == "<answer>cat</answer>")
    #expect(try target(.think) == "<think>It meows.</think>\n<answer>cat</answer>")
    question.rationale = "So <answer>dog</answer>?"
    #expect(try target(.think) == nil)
    question.rationale = nil
    #expect(try target(.think) == nil)
    #expect(try target(.caption) == nil)
  }

  @Test func captionsTakeTurnsByEpoch() throws {
    var question = row("q")
    question.captions = ["one", "two"]
    question.labels = ["cat", "rain"]
    let captions = ExampleComposer(prompt: fixedPrompt, form: .caption)
    let labels = ExampleComposer(prompt: fixedPrompt, form: .labels)

    #expect(try (0..<3).map { try captions.example(question, epoch: $0).target } == ["one", "two", "one"])
    #expect(try captions.example(question, epoch: 1).solution == "two")
    #expect(try labels.example(question, epoch: 0).target == "cat, rain")
  }

  @Test func theAnswerFollowsItsChoice() throws {
    let composer = ExampleComposer(prompt: plainPrompt, form: .letter, shufflesChoices: true, seed: 7)
    var orders: Set<[String]> = []
    for epoch in 0..<200 {
      let example = try composer.example(row("q"), epoch: epoch)
      #expect(example.choices.sorted() == ["bird", "cat", "cow", "dog"])
      #expect(example.choices[try #require(example.answer)] == "cat")
      #expect(example.solution == "cat")
      #expect(example.target == PromptFields.letter(try #require(example.answer)))
      #expect(text(example).contains(pythonList(example.choices)))
      orders.insert(example.choices)
    }

    #expect(orders.count == 24)
  }

  @Test func theAnswerIsEverywhereEquallyOften() throws {
    let composer = ExampleComposer(prompt: plainPrompt, shufflesChoices: true)
    var places = [0, 0, 0, 0]
    for number in 0..<4000 { places[try composer.example(row("\(number)"), epoch: 0).answer!] += 1 }

    // 1,000 each; 5 standard deviations are 137.
    #expect(places.allSatisfy { abs($0 - 1000) < 137 })
  }

  @Test func anExampleIsTheSameWhateverCameBefore() throws {
    let composer = ExampleComposer(
      prompt: plainPrompt, shufflesChoices: true, rejectsDistractor: true, seed: 3)
    let first = try composer.example(row("q"), epoch: 5)
    for epoch in 0..<5 { _ = try composer.example(row("q"), epoch: epoch) }

    #expect(try composer.example(row("q"), epoch: 5) == first)
    var other = composer
    other.seed = 4
    let differing = try (0..<20).count {
      try other.example(row("q"), epoch: $0) != composer.example(row("q"), epoch: $0)
    }
    #expect(differing > 10)
  }

  @Test func choicesStayAsTheyAreUnlessShuffled() throws {
    let composer = ExampleComposer(prompt: plainPrompt)

    #expect(try (0..<5).allSatisfy { try composer.example(row("q"), epoch: $0).choices == row("q").choices })
  }

  @Test func theRejectedAnswerIsAWrongChoiceInTheSameForm() throws {
    let composer = ExampleComposer(prompt: plainPrompt, form: .answer, rejectsDistractor: true)
    let twice = row("q", "Which?", ["cat", "cat", "dog"], answer: 0)
    var seen: Set<String> = []
    for epoch in 0..<50 {
      seen.insert(try composer.example(row("q"), epoch: epoch).rejected ?? "")
      #expect(try composer.example(twice, epoch: epoch).rejected == "<answer>dog</answer>")
    }

    #expect(seen == ["<answer>dog</answer>", "<answer>bird</answer>", "<answer>cow</answer>"])
    #expect(try ExampleComposer(prompt: plainPrompt).example(row("q"), epoch: 0).rejected == nil)
  }

  @Test func aRowsOwnResponsesAreTaken() throws {
    var pair = ImportedQuestion(id: "p", question: "Describe it.", audio: "a.wav")
    pair.response = "good"
    pair.rejected = "bad"
    let composer = ExampleComposer(prompt: plainPrompt, form: .answer, rejectsDistractor: true)

    let example = try composer.example(pair, epoch: 0)

    #expect(text(example) == "<0>Describe it.")
    #expect(example.target == "good" && example.rejected == "bad" && example.solution == "good")
    #expect(example.answer == nil)
  }

  // R1-AQA's dataset.py replaces in the question alone, in small letters alone.
  @Test func videoIsReadAudioInQuestionsAlone() throws {
    let question = row("q", "In the video, which videotape? Video!", ["video", "b"], answer: 0)

    let example = try ExampleComposer(prompt: plainPrompt, replacesVideo: true).example(question, epoch: 0)

    #expect(text(example) == "<0>In the audio, which audiotape? Video! ['video', 'b']")
    #expect(example.target == "video")
  }

  @Test func anAnswerThatIsWithheldGivesNoTarget() throws {
    let composer = ExampleComposer(prompt: plainPrompt, shufflesChoices: true, rejectsDistractor: true)
    let example = try composer.example(row("q", answer: nil), epoch: 0)

    #expect(example.answer == nil && example.target == nil && example.rejected == nil && example.solution == "")
  }
}
