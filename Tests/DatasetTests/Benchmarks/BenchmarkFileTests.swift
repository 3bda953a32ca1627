import Foundation
import Testing

@testable import Dataset

@Suite struct BenchmarkFileTests {
  /// Reads rows written to `sets/set.jsonl` of a folder with some empty files; paths come back without the folder.
  private func read(
    _ rows: [String], format: BenchmarkFormat? = nil, files: [String] = [], folders: [String] = []
  ) throws -> (items: [BenchmarkItem], refused: [String], missing: [String]) {
    try withFolder { folder in
      for name in files + ["sets/set.jsonl"] {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(rows.joined(separator: "\n").utf8).write(to: file)
      }
      let file = try BenchmarkFile.read(
        path: folder.path + "/sets/set.jsonl", format: format, audioFolders: folders.map { folder.path + "/" + $0 })
      let short = { (path: String) in path.replacing(folder.path + "/", with: "") }
      let items = file.items.map { item in
        var item = item
        item.audio = item.audio.map(short)
        return item
      }
      return (items, file.refused.map { "\($0.line): \($0.reason)" }, file.missing.map { "\($0.id) \(short($0.path))" })
    }
  }

  private let mmau = """
    {"id": "3fe64f3d", "audio_id": "./test-mini-audios/3fe64f3d.wav", "question": "Who speaks?", \
    "choices": ["A man", "A woman"], "answer": "A woman", "dataset": "AudioSet", "task": "sound", "split": "test-mini", \
    "category": "['Reasoning']", "sub-category": "Speaker", "difficulty": "hard", "model_output": "A man"}
    """

  @Test func mmauIsRead() throws {
    let item = try #require(try read([mmau]).items.first)

    #expect(item.id == "3fe64f3d" && item.kind == .choice && item.question == "Who speaks?")
    #expect(item.choices == ["A man", "A woman"] && item.answer == "A woman" && item.answerIndex == 1)
    #expect(item.prediction == "A man")
    #expect(item.attributes.map(\.name) == ["task", "category", "sub-category", "difficulty", "dataset", "split"])
    #expect(item.attribute("category") == "Reasoning")
    #expect(item.attribute("difficulty") == "hard")
  }

  @Test func withheldAnswersAndBothPredictionKeysAreRead() throws {
    let withheld = mmau.replacing("\"answer\": \"A woman\"", with: "\"answer\": \"\"")
    let list = withheld.replacing("\"['Reasoning']\"", with: "[\"Reasoning\", \"More\"]")
    let other = list.replacing("model_output", with: "model_prediction").replacing("\"A man\"}", with: "\"\"}")

    let item = try #require(try read([other]).items.first)

    #expect(item.isWithheld && item.answer == nil && item.answerIndex == nil)
    #expect(item.attribute("category") == "Reasoning, More")
    #expect(item.prediction == "")
  }

  private let mmar = """
    {"id": "qx_1", "audio_path": "./audio/qx_1.wav", "question": "Where?", "choices": ["Canyon", "Forest", "City"], \
    "answer": "City", "modality": "mix-sound-music", "category": "Cultural Layer", "sub-category": "Professional", \
    "language": null, "source": "youtube", "url": "https://example.org/v", "timestamp": "00:01:32,00:02:02", \
    "cue": ["a"], "rubric": [{"choices": [0, 1]}], "answer_prediction": "Forest"}
    """

  @Test func mmarIsRead() throws {
    let item = try #require(try read([mmar]).items.first)

    #expect(item.answerIndex == 2 && item.prediction == "Forest" && item.recording == "https://example.org/v")
    #expect(item.start == nil && item.duration == nil && item.language == nil)
    #expect(item.attributes.map(\.name) == ["modality", "category", "sub-category", "source"])
  }

  private let foundation = """
    {"path": "12.wav", "question": "What is it?", "choice_a": "dog", "choice_b": "cat", "choice_c": null, \
    "answer_gt": "cat", "task_name": "Audio_Grounding", "dataset_name": "AudioGrounding", "uniq_id": 7, "response": "B."}
    """

  @Test func airBenchIsRead() throws {
    let chat = """
      {"meta_info": "A dog barks.", "question": "What do you hear?", "answer_gt": "A dog.", "path": "3.wav", \
      "task_name": "speech_and_sound_QA", "dataset_name": "common", "uniq_id": 8}
      """

    let items = try read(
      [foundation, chat],
      files: ["clips/Audio_Grounding_AudioGrounding/12.flac", "clips/speech_and_sound_QA_common/3.wav"],
      folders: ["elsewhere", "clips"]
    ).items

    #expect(items.map(\.id) == ["7", "8"])
    #expect(items[0].choices == ["dog", "cat"] && items[0].answerIndex == 1 && items[0].prediction == "B.")
    #expect(items[0].audio == "clips/Audio_Grounding_AudioGrounding/12.flac")
    #expect(items[1].kind == .openChat && items[1].references == ["A dog."] && items[1].prediction == nil)
    #expect(items[1].soundDescription == "A dog barks." && items[1].attribute("domain") == "mixed")
    #expect(items[1].audio == "clips/speech_and_sound_QA_common/3.wav")
  }

  @Test func setsForTrainingAreReadAsTests() throws {
    let exported = JSONLFormat.line(
      ExportedQuestion(
        id: "9f2c", clip: "clip_a1", split: "test", audioPath: "audio/clip_a1.wav", question: "What follows?",
        choices: ["a", "b"], answerIndex: 1, skill: "order", difficulty: "hard", labels: [], captions: [],
        provenance: ExportedQuestion.Provenance(
          model: "", prompt: "", promptHash: "", captioners: [], checksVersion: 1, sources: ["dogs/1.wav"])))
    let audioMCQ = """
      {"source_dataset": "Clotho", "id": "q1", "audio_path": "c1.wav", "question": "Q", "choices": ["x", "y"], \
      "answer": "y", "question_type": "sound", "audio-contribution": "strong"}
      """

    let items = try read(
      [QuestionFileFormatSample.avqa, exported, audioMCQ],
      files: ["clips/-HG3Omg_89c_30.wav", "sets/audio/clip_a1.wav", "clips/c1.wav"], folders: ["none", "clips"]
    ).items

    #expect(items.map(\.id) == ["183", "9f2c", "q1"])
    #expect(items.map(\.answerIndex) == [1, 1, 1])
    #expect(items.map(\.recording) == ["-HG3Omg_89c", "dogs/1.wav", nil])
    #expect(items.map(\.audio) == ["clips/-HG3Omg_89c_30.wav", "sets/audio/clip_a1.wav", "clips/c1.wav"])
    #expect(items[0].attribute("relation") == "View" && items[1].attribute("skill") == "order")
    #expect(items[2].attributes.map(\.value) == ["Clotho", "sound", "strong"])
  }

  @Test func rowsSayTheirTask() throws {
    let rows = [
      #"{"task": "emotion", "audio": "a.wav", "label": "joy", "labels": ["joy", "anger"], "speaker": "s1"}"#,
      #"{"task": "asr", "audio": "a.wav", "gt": "hello there", "source": "librispeech", "prompt": "P", "language": "en"}"#,
      #"{"task": "S2TT", "audio": "a.wav", "translation": "hallo", "language": "en", "target_language": "de"}"#,
      #"{"task": "caption", "audio": {"path": "a.wav"}, "start": 1, "end": 3.5, "captions": ["one", "two"]}"#,
      #"{"task": "srwt", "audio": "a.wav", "gt": "<|0.00|>hi<|0.50|>", "response": "hi"}"#,
      #"{"task": "choice", "audio": "a.wav", "question": "Q", "choices": ["x", "y"], "answer": "B"}"#,
      #"{"task": "asr", "audio": "b.wav"}"#,
    ]

    let items = try read(rows).items

    #expect(items.map(\.kind) == [.label, .transcript, .translation, .caption, .wordTimes, .choice, .transcript])
    #expect(items[0].answer == "joy" && items[0].answerIndex == 0 && items[0].choices == ["joy", "anger"])
    #expect(items[1].references == ["hello there"] && items[1].question == "P" && items[1].language == "en")
    #expect(items[2].references == ["hallo"] && items[2].targetLanguage == "de")
    #expect(items[3].references == ["one", "two"] && items[3].start == 1 && items[3].duration == 2.5)
    #expect(items[4].prediction == "hi" && items[5].answer == "y" && items[6].isWithheld)
    #expect(Set(items.map(\.id)).count == 7)
  }

  @Test func ofAQuestionWithChoicesTheTaskIsItsKind() throws {
    let row = #"{"task": "counting", "audio": "a.wav", "question": "Q", "choices": ["x", "y"], "answer": "y"}"#

    let item = try #require(try read([row]).items.first)

    #expect(item.kind == .choice && item.answerIndex == 1)
    #expect(item.attributes == [BenchmarkItem.Attribute("task", "counting")])
  }

  @Test func badRowsAreToldWithTheirLine() throws {
    let rows = [
      mmau, mmau, mmau.replacing("\"answer\": \"A woman\"", with: "\"answer\": \"A child\""), "not JSON",
      #"{"question": "Q", "choices": ["x", "y"]}"#, #"{"task": "juggling", "audio": "a.wav"}"#,
      mmar.replacing("\"url\"", with: "\"question\": 3, \"url\"").replacing("\"Canyon\"", with: "[]"),
      foundation.replacing("\"path\": \"12.wav\", ", with: ""), "[1]",
      mmau.replacing("\"A man\"}", with: "[]}").replacing("3fe64f3d", with: "x"),
      mmau.replacing("\"3fe64f3d\"", with: "\"" + String(repeating: "i", count: 2000) + "\""),
      #"{"task": "emotion", "audio": "a.wav", "label": "fear", "labels": ["joy", "anger"]}"#,
    ]

    let file = try read(rows)

    #expect(file.items.count == 1)
    #expect(
      file.refused == [
        "2: the id '3fe64f3d' stands in line 1 too", "3: 'answer' is 'A child', which is none of the choices",
        "4: the line is not JSON",
        "5: a row of no known test set; name its format, or say what to do by 'task'",
        "6: the task 'juggling' is none of choice, classification, transcript, translation, caption, word-times, "
          + "open-chat",
        "7: 'choices' holds a list", "8: 'path' is missing or empty",
        "9: a row of no known test set; name its format, or say what to do by 'task'",
        "10: 'model_output' is a list, not text", "11: the id has more than 1024 bytes",
        "12: the label 'fear' is none of the row's",
      ])
  }

  @Test func missingSoundsAreNamedAndLeftOutOfWhatIsAsked() throws {
    let other = mmau.replacing("3fe64f3d", with: "5aa")

    let set = try read([mmau, other], files: ["clips/3fe64f3d.wav"], folders: ["clips"])

    #expect(set.missing == ["5aa clips/test-mini-audios/5aa.wav"])
    #expect(set.items.map(\.audio) == ["clips/3fe64f3d.wav", "clips/test-mini-audios/5aa.wav"])
    try withFolder { folder in
      let path = folder.path + "/set.json"
      try Data("[\(mmau),\n\(other)]".utf8).write(to: URL(fileURLWithPath: path))
      try Data().write(to: folder.appendingPathComponent("5aa.wav"))
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("3fe64f3d.wav"), withIntermediateDirectories: false)
      let file = try BenchmarkFile.read(path: path)

      #expect(file.items.map(\.line) == [1, 2])
      #expect(file.answerable.map(\.id) == ["5aa"])
    }
  }

  @Test func filesWithNothingToUseAreRefused() throws {
    #expect(throws: DatasetError.self) { try read([]) }
    #expect(throws: DatasetError.self) { try read(["[", mmau]) }
    #expect(throws: DatasetError.self) { try read([#"{"a": 1}"#]) }
    #expect(throws: DatasetError.self) { try BenchmarkFile.read(path: "/nowhere/set.json") }
  }

  // Prefixes of a file, and the file with a changed byte: refused or read, never a crash.
  @Test func damagedBytesAreSurvived() throws {
    let bytes = Array("[\([mmau, mmar, foundation].joined(separator: ",\n"))]".utf8)
    var read = 0
    try withFolder { folder in
      let path = folder.path + "/set.json"
      for index in stride(from: 0, to: bytes.count, by: 5) {
        for damaged in [Array(bytes[..<index]), bytes.enumerated().map { $0 == index ? 0x39 : $1 }] {
          try Data(damaged).write(to: URL(fileURLWithPath: path))
          if let file = try? BenchmarkFile.read(path: path) { read += file.items.count }
          if let file = try? PredictionFile.read(path: path) { read += file.predictions.count }
        }
      }
    }

    #expect(read > bytes.count / 5)
  }

  @Test(.enabled(if: realData != nil, "EARSHOT_TEST_DATA is not set")) func theRealTestMiniIsReadWhole() throws {
    let file = try BenchmarkFile.read(path: realData! + "/benchmarks/mmau-test-mini.json")

    #expect(file.items.count == 1000 && file.refused.isEmpty)
    #expect(file.items.allSatisfy { $0.answerIndex != nil && $0.attributes.count == 6 })
    #expect(file.missing.count == 999)
    #expect(file.answerable.map(\.id) == ["3fe64f3d-282c-4bc8-a753-68f8f6c35652"])
    #expect(file.items.count { $0.attribute("category") == "Reasoning" } == 677)
  }
}

/// The sample of R1-AQA's README (commit 5d24f31), with the two members that its users add.
private enum QuestionFileFormatSample {
  static let avqa = """
    {"id": 183, "video_name": "-HG3Omg_89c_000030", "video_id": 341, "question_text": "What happened in the video?", \
    "multi_choice": ["motorboat", "Yacht consignment", "Sailboat set sail", "Consignment car"], "answer": 1, \
    "question_relation": "View", "question_type": "Happening", "dataset_name": "AVQA", \
    "audio_path": "-HG3Omg_89c_30.wav"}
    """
}
