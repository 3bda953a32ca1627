import Audio
import Dataset
import Foundation
import Testing

@testable import Stages
@testable import Store

/// Sets as their makers publish them, with sounds of our own.
@Suite struct ImportForeignTests {
  private func questions(_ store: RunStore) throws -> [String: QuestionRecord] {
    var questions: [String: QuestionRecord] = [:]
    for clip in try store.recordings().map(\.clip) {
      for question in try store.allQuestions(of: clip) { questions[question.id] = question }
    }
    return questions
  }

  @Test func mmauComesWithItsTasksAndItsSplit() async throws {
    let place = try ImportPlace()
    for number in 0..<2 { try place.sound("mmau/test-mini-audios/\(number).wav", number) }
    try place.write(
      "mmau/mmau-test-mini.json",
      #"""
      [{"id": "aa-1", "audio_id": "./test-mini-audios/0.wav", "question": "Which bell rings? ", "choices": ["Church", "Bicycle"],
        "answer": "Bicycle", "dataset": "AudioSet", "task": "sound", "split": "test-mini", "category": "Reasoning",
        "sub-category": "Source", "difficulty": "hard"},
       {"id": "aa-2", "audio_id": "./test-mini-audios/1.wav", "question": "Who speaks?", "choices": ["A child", "A man"],
        "answer": "", "dataset": "AudioSet", "task": "speech", "split": "test-mini", "category": "Reasoning",
        "sub-category": "Speaker", "difficulty": "easy"}]
      """#)

    let store = try await place.importing([place.path + "/mmau"], into: "run")

    let question = try #require(try questions(store)["aa-1"])
    #expect(question.stem == "Which bell rings?" && question.choices == ["Church", "Bicycle"])
    #expect(question.answerIndex == 1 && question.skill == "Source" && question.difficulty == "hard")
    #expect(try store.splitCounts() == ["test": 1])
    let clip = try #require(try store.clips([question.clip]).first)
    #expect(clip.metadata["dataset"] == "AudioSet" && clip.metadata["task"] == "sound")
    #expect(
      try store.status().rejections == [RejectionCount(stage: "import", code: "E_ANSWER_NOT_IN_CHOICES", count: 1)])
    #expect(place.notes.notes.contains { $0.contains("mmau-test-mini.json:4: the answer is withheld") })
    let again = try place.rows(try await place.export(store, .mmau, to: "again"))["test.json"]
    #expect(again?.contains(#""dataset":"AudioSet","task":"sound","split":"test","category":"Reasoning""#) == true)
  }

  /// The sounds lie side by side where the user says; names tell which is which.
  @Test func mmarIsReadWithItsSoundsElsewhere() async throws {
    let place = try ImportPlace()
    try place.sound("wavs/x1.wav", 3)
    try place.write(
      "MMAR-meta.jsonl",
      #"{"id": "x1", "audio_path": "./audio/x1.wav", "question": "What plays?", "choices": ["Flute", "Oboe", "Horn"], "#
        + #""answer": "Oboe", "modality": "music", "category": "Perception Layer", "sub-category": "Timbre", "#
        + #""language": "en", "source": "youtube", "url": "https://youtu.be/abcdefghijk", "timestamp": "00:01,00:09"}"#
        + "\n")

    let store = try await place.importing(
      [place.path + "/MMAR-meta.jsonl"], into: "run", audio: place.path + "/wavs")

    let question = try #require(try questions(store)["x1"])
    #expect(question.choices == ["Flute", "Oboe", "Horn"] && question.answerIndex == 1 && question.skill == "Timbre")
    let clip = try #require(try store.clips([question.clip]).first)
    #expect(clip.metadata["url"] == "https://youtu.be/abcdefghijk" && clip.path.hasSuffix("wavs/x1.wav"))
    #expect(try store.recordings().first?.recordings == ["https://youtu.be/abcdefghijk"])
  }

  @Test func avqaAndAudioMCQAreReadAsOneSet() async throws {
    let place = try ImportPlace()
    try place.sound("avqa/---g-f_I2yQ_000001.wav", 1)
    try place.sound("mcq/train/audio/7.wav", 2)
    try place.write(
      "avqa/train_qa.json",
      #"[{"id": 183, "video_name": "---g-f_I2yQ_000001", "video_id": 341, "question_text": "What are the main sources?", "#
        + #""multi_choice": ["motorboat", null, "bus", "tram"], "answer": 2, "question_relation": "Both", "#
        + #""question_type": "Come From"}]"#)
    try place.write(
      "mcq/train/data.jsonl",
      #"{"source_dataset": "Clotho", "id": "c7", "audio_path": "audio/7.wav", "question": "Is it raining?", "#
        + #""choices": ["yes", "no"], "answer": "no", "question_type": "sound", "audio-contribution": "weak"}"# + "\n")

    let store = try await place.importing([place.path + "/avqa", place.path + "/mcq"], into: "run")

    let found = try questions(store)
    let avqa = try #require(found["183"])
    #expect(avqa.clip == "---g-f_I2yQ_000001" && avqa.choices == ["motorboat", "bus", "tram"] && avqa.answerIndex == 1)
    let mcq = try #require(found["c7"])
    #expect(mcq.skill == "sound")
    #expect(
      try store.importedSets().map { [$0.set, "\($0.rows)", "\($0.accepted)"] } == [
        ["avqa", "1", "1"], ["mcq", "1", "1"],
      ])
    let weak = try await place.export(store, .jsonl, to: "out")
    let text = try ["train", "dev", "test"].map { try String(contentsOfFile: "\(weak)/\($0).jsonl", encoding: .utf8) }
      .joined()
    #expect(text.contains(#""id":"c7","#) && text.contains(#""audio_contribution":"weak""#))
    #expect(text.contains(#""audio_contribution":"","labels""#))
    let again = try place.rows(try await place.export(store, .audioMCQ, to: "mcq-again")).values.joined()
    #expect(again.contains(#""source_dataset":"Clotho""#) && again.contains(#""audio-contribution":null"#))
    #expect(!text.contains(place.path))
  }

  @Test func rowsNameStretchesOfLongFiles() async throws {
    let place = try ImportPlace()
    try place.sound("long.wav", 5, seconds: 4)
    let rows = [(0.5, 1.0), (0.5, 2.0), (2.0, 1.5)].enumerated().map { number, part in
      #"{"id": "s\#(number)", "audio": "long.wav", "start": \#(part.0), "duration": \#(part.1), "#
        + #""question": "How does part \#(number) go \#(["up", "down", "on"][number])?", "choices": ["so", "otherwise"], "answer": "so"}"#
    }
    try place.write("rows.jsonl", rows.joined(separator: "\n"))

    let store = try await place.importing([place.path + "/rows.jsonl"], into: "run")

    let clips = try store.clips(try store.recordings().map(\.clip)).sorted {
      ($0.startFrame, $0.frames) < ($1.startFrame, $1.frames)
    }
    #expect(clips.map { [$0.startFrame, $0.frames] } == [[8_000, 16_000], [8_000, 32_000], [32_000, 24_000]])
    let root = try AudioRoot(store)
    for clip in clips { #expect(try root.waveform(of: clip).samples.count == clip.frames) }
  }

  @Test func textSetsAreTakenWithoutSounds() async throws {
    let place = try ImportPlace()
    let first = try await place.importing([try place.fullSet()], into: "first")
    let out = try await place.export(first, .trl, to: "out")
    for name in try FileManager.default.contentsOfDirectory(atPath: out) where !name.hasPrefix("text-") {
      try FileManager.default.removeItem(atPath: "\(out)/\(name)")
    }

    let store = try await place.importing([out], into: "text", audio: "none")
    let again = try await place.export(store, .trl, to: "again", sounds: .absent)

    let before = try String(contentsOfFile: "\(out)/text-train.jsonl", encoding: .utf8).split(separator: "\n").sorted()
    let after = try String(contentsOfFile: "\(again)/text-train.jsonl", encoding: .utf8).split(separator: "\n").sorted()
    #expect(after == before && before.count == 20)
    await #expect(throws: StagesError.noSounds(store.path)) { try await place.export(store, .trl, to: "heard") }
  }
}
