import Foundation
import Testing

@testable import Dataset

@Suite struct QuestionFileFormatTests {
  private func question(_ row: String, format: QuestionFormat? = nil) throws -> ImportedQuestion {
    try withFolder { folder in
      let path = folder.appendingPathComponent("set.jsonl").path
      try Data(row.utf8).write(to: URL(fileURLWithPath: path))
      var question = try #require(try QuestionFile.read(path: path, format: format).questions.first)
      question.audio = question.audio?.replacing(folder.path + "/", with: "")
      return question
    }
  }

  private func refusal(_ row: String, format: QuestionFormat? = nil) -> String {
    do {
      _ = try question(row, format: format)
      return ""
    } catch DatasetError.badText(_, _, let reason) {
      return reason.replacing("; no row of the file can be used", with: "")
    } catch {
      return "\(error)"
    }
  }

  @Test func ourExportIsReadBack() throws {
    let exported = ExportedQuestion(
      id: "9f2c", clip: "clip_a1", split: "train", audioPath: "audio/clip_a1.wav", question: "What follows?",
      choices: ["a", "b"], answerIndex: 1, skill: "order", labels: ["dog"],
      captions: [ExportedQuestion.Caption(captioner: "acoustic", text: "A bark.")],
      provenance: ExportedQuestion.Provenance(
        model: "m", prompt: "p", promptHash: "h", captioners: ["acoustic"], checksVersion: 1, sources: ["dogs/1.wav"]))

    let read = try question(JSONLFormat.line(exported))

    #expect(
      read
        == ImportedQuestion(
          id: "9f2c", question: "What follows?", choices: ["a", "b"], answer: 1, audio: "audio/clip_a1.wav",
          captions: ["A bark."], labels: ["dog"], task: "order", groups: ["clip_a1", "dogs/1.wav"], line: 1))
  }

  @Test func ourExportTakesAPassRateAndARationale() throws {
    let exported = ExportedQuestion(
      id: "9f2c", clip: "c", split: "train", audioPath: "c.wav", question: "Q", choices: ["a", "b"], answerIndex: 0,
      labels: [], captions: [],
      provenance: ExportedQuestion.Provenance(
        model: "", prompt: "", promptHash: "", captioners: [], checksVersion: 1, sources: []))
    let line = JSONLFormat.line(exported).dropLast() + #","pass_rate":0.25,"rationale":"It barks."}"#

    let read = try question(String(line))

    #expect(read.passRate == 0.25)
    #expect(read.rationale == "It barks.")
  }

  // The sample of R1-AQA's README (commit 5d24f31), with the two members that its users add.
  static let avqa = """
    {"id": 183, "video_name": "-HG3Omg_89c_000030", "video_id": 341, "question_text": "What happened in the video?", \
    "multi_choice": ["motorboat", "Yacht consignment", "Sailboat set sail", "Consignment car"], "answer": 1, \
    "question_relation": "View", "question_type": "Happening", "dataset_name": "AVQA", \
    "audio_path": "Path to wav dir/-HG3Omg_89c_30.wav"}
    """

  @Test func r1AQALinesAreRead() throws {
    let read = try question(Self.avqa)

    #expect(
      read
        == ImportedQuestion(
          id: "183", question: "What happened in the video?",
          choices: ["motorboat", "Yacht consignment", "Sailboat set sail", "Consignment car"], answer: 1,
          audio: "Path to wav dir/-HG3Omg_89c_30.wav", task: "Happening",
          groups: ["-HG3Omg_89c_000030", "-HG3Omg_89c"], line: 1))
  }

  @Test(arguments: ["-HG3Omg_89c_30.wav", "-HG3Omg_89c_000030.wav", "-HG3Omg_89c_000030.flac"])
  func avqaWithoutPathsFindsItsSoundsByEitherName(name: String) throws {
    let row = Self.avqa.replacing(#""audio_path": "Path to wav dir/-HG3Omg_89c_30.wav""#, with: #""x": 1"#)

    try withFolder { folder in
      let path = folder.appendingPathComponent("set.jsonl").path
      try Data(row.utf8).write(to: URL(fileURLWithPath: path))
      try Data().write(to: folder.appendingPathComponent(name))

      #expect(try QuestionFile.read(path: path).questions[0].audio == folder.path + "/" + name)
    }
    #expect(try question(row).audio == "-HG3Omg_89c_000030.wav")
  }

  // AVQA has rows with null among the choices; the answer counts them.
  @Test func choicesThatAreNullAreNoChoices() throws {
    let row = #"{"id": 1, "question_text": "Q", "multi_choice": [null, "b", 3, "d"], "answer": 2}"#

    let read = try question(row)

    #expect(read.choices == ["b", "3", "d"])
    #expect(read.answer == 1)
    #expect(
      refusal(row.replacing("\"answer\": 2", with: "\"answer\": 0")) == "'answer' points to a choice that is null")
    #expect(refusal(row.replacing("\"answer\": 2", with: "\"answer\": -1")) == "'answer' is -1 with 4 choices")
    #expect(refusal(row.replacing("3, \"d\"", with: "null")) == "'multi_choice' has 1 choices; 2 to 26 are read")
    #expect(refusal(row.replacing("\"answer\": 2", with: "\"answer\": \"2\"")) == "'answer' is not a whole number")
  }

  @Test func bothFormsOfARCAreRead() throws {
    let makers = """
      {"id": "Mercury_1", "question": {"stem": "Which?", "choices": [{"text": "a", "label": "A"}, \
      {"text": "b", "label": "B"}, {"text": "c", "label": "C"}]}, "answerKey": "C"}
      """
    let hub = """
      {"id": "Mercury_1", "question": "Which?", "choices": {"text": ["a", "b", "c"], "label": ["A", "B", "C"]}, \
      "answerKey": "C"}
      """

    #expect(
      try question(makers)
        == ImportedQuestion(id: "Mercury_1", question: "Which?", choices: ["a", "b", "c"], answer: 2, line: 1))
    #expect(try question(hub) == question(makers))
  }

  @Test(arguments: [
    (#"["1","2","3"]"#, "2", 1), (#"["A","B","C"]"#, "2", 1), (#"["1","2","3"]"#, "b", 1), (#"["B","C","A"]"#, "A", 2),
  ])
  func theKeyOfARCIsALabelOrAPlace(labels: String, key: String, place: Int) throws {
    let row = #"{"id":"x","question":"Q","choices":{"text":["a","b","c"],"label":\#(labels)},"answerKey":"\#(key)"}"#

    #expect(try question(row).answer == place)
  }

  @Test(arguments: [
    (
      #"{"question":"Q","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":"E"}"#,
      "'answerKey' is 'E', which is none of the labels"
    ),
    (
      #"{"question":"Q","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":"9223372036854775807"}"#,
      "'answerKey' is '9223372036854775807', which is none of the labels"
    ),
    (#"{"question":"Q","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":""}"#, "'answerKey' is empty"),
    (
      #"{"question":"Q","choices":{"text":["a","b"],"label":["A"]},"answerKey":"A"}"#,
      "'choices' does not have a text and a label for each"
    ),
    (#"{"question":"Q","choices":["a","b"],"answerKey":"A"}"#, "'choices' does not have a text and a label for each"),
    (#"{"question":{"choices":[]},"answerKey":"A"}"#, "'question' has no text"),
    (#"{"question":{"stem":"Q"},"answerKey":"A"}"#, "'choices' is missing"),
  ])
  func brokenARCIsRefused(row: String, reason: String) {
    #expect(refusal(row) == reason)
  }

  @Test func aRowOfMMAUIsRead() throws {
    let row = """
      {"id": "3fe64f3d", "audio_id": "./test-mini-audios/3fe64f3d.wav", "question": "Which?", \
      "choices": ["A man", "A woman"], "answer": "A woman", "task": "speech", "category": ["Reasoning"]}
      """

    let read = try question(row)

    #expect(read.audio == "test-mini-audios/3fe64f3d.wav")
    #expect(read.answer == 1)
    #expect(read.task == "speech")
    #expect(try question(row.replacing("\"answer\": \"A woman\"", with: "\"answer\": \"\"")).answer == nil)
  }

  @Test(arguments: [
    ("1", 1), ("\"b\"", 1), ("\" b \"", 1), ("\"B\"", 1), ("\"c\"", 2), ("\"C\"", 2), ("\"3\"", 3), ("0", 0),
  ])
  func anAnswerIsAPlaceOrTheTextOrTheLetter(answer: String, place: Int) throws {
    let row = #"{"question": "Q", "choices": ["x", "b", "see", "3"], "answer": \#(answer)}"#

    #expect(try question(row).answer == place)
  }

  @Test func anAnswerWithAPlaceBesideItHasToAgree() throws {
    let row = #"{"question": "Q", "choices": ["x", "y", "x"], "answer": "x", "answer_index": 2}"#

    #expect(try question(row).answer == 2)
    #expect(refusal(row.replacing("2}", with: "1}")) == "'answer' is not the choice at 'answer_index'")
  }

  @Test func rowsWithAResponseAreRead() throws {
    #expect(
      try question(#"{"audio": "a.wav", "prompt": "Describe it.", "response": "A bark."}"#)
        .response == "A bark.")
    #expect(try question(#"{"question": "How many?", "answer": 3, "audio": "a.wav"}"#).response == "3")
    let caption = try question(#"{"file": "a.wav", "caption": "A bark.", "labels": ["dog", "yard"]}"#)
    #expect(caption.captions == ["A bark."])
    #expect(caption.labels == ["dog", "yard"])
    #expect(caption.question == "")
  }

  @Test func pairsAreReadAlsoAsConversations() throws {
    let plain = try question(#"{"prompt": "P", "chosen": "good", "rejected": "bad"}"#)
    let spoken = try question(
      """
      {"prompt": [{"role": "user", "content": "P"}], "chosen": [{"role": "assistant", "content": "good"}], \
      "rejected": [{"role": "assistant", "content": "bad"}]}
      """)

    #expect(plain.question == "P" && plain.response == "good" && plain.rejected == "bad")
    #expect(spoken == plain)
    #expect(
      refusal(#"{"prompt": [{"content": "a"}, {"content": "b"}], "chosen": "x"}"#)
        == "'prompt' is a list of other than one message with text")
  }

  @Test func aStretchOfAFileIsRead() throws {
    let row =
      #"{"audio": {"path": "a.wav"}, "start": 1.5, "end": 4, "question": "Q", "choices": ["a", "b"], "answer": 0}"#

    let read = try question(row)

    #expect(read.audio == "a.wav" && read.start == 1.5 && read.duration == 2.5)
    #expect(try question(row.replacing("\"end\": 4", with: "\"duration\": 3")).duration == 3)
    #expect(refusal(row.replacing("4,", with: "1,")) == "the sound ends at 1.0, before it starts")
    #expect(refusal(row.replacing("1.5", with: "-1")) == "'start' is not a number from 0.0 to 1000000000.0")
    #expect(refusal(row.replacing("1.5", with: "1e999")) == "'start' is not a number from 0.0 to 1000000000.0")
  }

  @Test func aNamedFormatIsHeldTo() throws {
    #expect(refusal(Self.avqa, format: .jsonl) == "'captions' is missing")
    #expect(refusal(Self.avqa, format: .arc) == "'question' has no text")
    #expect(
      refusal(#"{"question": "Q", "choices": ["a", "b"], "answer": 0}"#, format: .r1AQA) == "'question_text' is missing"
    )
  }
}
