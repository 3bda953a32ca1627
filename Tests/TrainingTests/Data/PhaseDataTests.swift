import Dataset
import Foundation
import Testing

@testable import Training

@Suite struct PhaseDataTests {
  private func write(_ lines: [String], to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
  }

  private func line(_ number: Int, _ more: String = "") -> String {
    #"{"id":"\#(number)","question":"Which?","choices":["a","b"],"answer":0,"audio":"\#(number).wav"\#(more)}"#
  }

  @Test func filesAreReadTogetherAndProblemsAreNoted() throws {
    try withDataFolder { folder in
      try write([line(1), line(2), "{", "[]"], to: folder + "/one.jsonl")
      try write([line(3), line(4).replacing("\"answer\":0", with: "\"answer\":null")], to: folder + "/two.jsonl")
      let settings = DataSettings(train: [folder + "/one.jsonl", folder + "/two.jsonl"])

      let data = try PhaseData(
        settings, composer: ExampleComposer(prompt: plainPrompt), use: .rewarding, phase: "grpo")

      #expect(data.train.questions.map(\.id) == ["1", "2", "3"])
      #expect(data.dev == nil && data.test == nil)
      #expect(
        data.notes.map { $0.replacing(folder + "/", with: "") } == [
          "one.jsonl:3: the line is not JSON; 2 rows of the file are refused.",
          "train: 1 of 4 rows are left out: its answer is not known.",
        ])
      #expect(data.sounds.map(\.path) == [1, 2, 3].map { "\(folder)/\($0).wav" })
    }
  }

  @Test func theExportOfARunIsFound() throws {
    try withDataFolder { folder in
      let export = folder + "/run/export/jsonl"
      try write([line(1), line(2)], to: export + "/train.jsonl")
      try write([line(3)], to: export + "/dev.jsonl")
      try write([], to: export + "/test.jsonl")

      for set in [folder + "/run", export] {
        let data = try PhaseData(
          DataSettings(set: set), composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
        #expect(data.train.count == 2 && data.dev?.count == 1 && data.test == nil)
      }
      #expect(throws: TrainingDataError.noSet(folder)) {
        try PhaseData(
          DataSettings(set: folder), composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
    }
  }

  @Test func aSoundInTwoPartsIsRefused() throws {
    try withDataFolder { folder in
      try write([line(1), line(2)], to: folder + "/train.jsonl")
      try write([line(2), line(3)], to: folder + "/dev.jsonl")
      let settings = DataSettings(train: [folder + "/train.jsonl"], dev: [folder + "/dev.jsonl"])

      #expect(throws: TrainingDataError.sharedSounds(count: 1, first: folder + "/2.wav", part: "dev")) {
        try PhaseData(settings, composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
    }
  }

  @Test func aShareIsHeldOutWhereThereIsNoDevFile() throws {
    try withDataFolder { folder in
      try write((0..<200).map { line($0 / 2) }, to: folder + "/train.jsonl")
      let settings = DataSettings(train: [folder + "/train.jsonl"], devShare: 0.25)

      let data = try PhaseData(
        settings, composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")

      let dev = try #require(data.dev)
      #expect(data.train.count + dev.count == 200)
      #expect((20...80).contains(dev.count))
      #expect(HeldOutPart.sharedSounds(data.train.questions, dev.questions).isEmpty)
    }
  }

  @Test func aLimitTakesTheFirstRows() throws {
    try withDataFolder { folder in
      try write((0..<5).map { line($0) }, to: folder + "/train.jsonl")
      let settings = DataSettings(train: [folder + "/train.jsonl"], limit: 2)

      let data = try PhaseData(
        settings, composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")

      #expect(data.train.questions.map(\.id) == ["0", "1"])
    }
  }

  @Test func aPhaseThatCanUseNothingSaysWhy() throws {
    try withDataFolder { folder in
      try write([line(1)], to: folder + "/train.jsonl")
      let settings = DataSettings(train: [folder + "/train.jsonl"])
      func reason(_ form: AnswerForm, _ use: ExampleUse, _ prompt: QuestionPrompt = plainPrompt) -> String {
        do {
          _ = try PhaseData(settings, composer: ExampleComposer(prompt: prompt, form: form), use: use, phase: "p")
          return ""
        } catch {
          return "\(error)".replacing(folder + "/", with: "")
        }
      }

      #expect(reason(.think, .teaching) == "train.jsonl: no row can be used in 'p': it has no 'think'.")
      #expect(reason(.labels, .teaching, fixedPrompt) == "train.jsonl: no row can be used in 'p': it has no 'labels'.")
      #expect(reason(.choice, .preferring) == "train.jsonl: no row can be used in 'p': it has no pair of answers.")
      #expect(reason(.labels, .teaching).contains("shows the question, but the 'labels' of a sound answers none"))
    }
  }

  @Test func aSoundIsDescribedOnceAnEpoch() throws {
    let rows = (0..<6).map { number in
      var question = row("\(number)", audio: "\(number / 3).wav")
      question.labels = ["dog"]
      return question
    }

    let set = try TrainingSet(
      rows, composer: ExampleComposer(prompt: fixedPrompt, form: .labels), use: .teaching)

    #expect(set.questions.map(\.id) == ["0", "3"])
    #expect(set.leftOut == [TrainingSet.LeftOut(reason: "its sound is described by another row", count: 4)])
  }

  @Test func theDigestChangesWithWhatChangesExamples() throws {
    let rows = [row("1"), row("2")]
    func digest(_ composer: ExampleComposer, _ rows: [ImportedQuestion]) throws -> String {
      try TrainingSet(rows, composer: composer, use: .teaching).digest
    }
    let plain = ExampleComposer(prompt: plainPrompt)
    let digests = try [
      digest(plain, rows), digest(plain, rows.reversed()), digest(plain, [rows[0]]),
      digest(ExampleComposer(prompt: fixedPrompt), rows), digest(ExampleComposer(prompt: plainPrompt, seed: 1), rows),
      digest(ExampleComposer(prompt: plainPrompt, audio: .silence), rows),
      digest(ExampleComposer(prompt: plainPrompt, form: .letter), rows),
      digest(ExampleComposer(prompt: plainPrompt, shufflesChoices: true), rows),
    ]

    #expect(Set(digests).count == digests.count)
    #expect(try digest(plain, rows) == digests[0])
  }
}
