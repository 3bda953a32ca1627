import Audio
import Dataset
import Foundation
import Models
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

      #expect(throws: TrainingDataError.sharedSounds(count: 1, first: folder + "/2.wav", parts: ["train", "dev"])) {
        try PhaseData(settings, composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
    }
  }

  @Test func partsAreKeptApartOverAllPhases() throws {
    try withDataFolder { folder in
      func data(_ train: [String], dev: [String] = [], test: [String] = [], share: Double = 0) throws -> PhaseData {
        for (name, lines) in [("train", train), ("dev", dev), ("test", test)] {
          try write(lines, to: folder + "/\(name).jsonl")
        }
        return try PhaseData(
          DataSettings(
            train: [folder + "/train.jsonl"], dev: dev.isEmpty ? [] : [folder + "/dev.jsonl"],
            test: test.isEmpty ? [] : [folder + "/test.jsonl"], devShare: share),
          composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
      let own = { (number: Int) in self.line(number, #","clip":"\#(number)""#) }

      let error = #expect(throws: TrainingDataError.self) {
        try HeldOutCheck.separated(
          [data([own(1)], dev: [own(2)]), data([own(2), own(3)])], phases: ["sft", "grpo"])
      }
      #expect(error == .sharedSounds(count: 1, first: folder + "/2.wav", parts: ["train", "dev"]))
      // Another file of the same clip.
      #expect(throws: TrainingDataError.sharedSounds(count: 1, first: "clip 1", parts: ["dev", "test"])) {
        try data([own(3)], dev: [own(1)], test: [own(2).replacing(#""clip":"2""#, with: #""clip":"1""#)])
      }
      // What one phase holds out of its own rows, the others go without.
      let rows = (0..<60).map(own)
      let apart = try HeldOutCheck.separated([data(rows), data(rows, share: 0.3)], phases: ["sft", "grpo"])
      let dev = try #require(apart[1].dev)
      #expect(dev.count > 5 && apart[0].train.count == 60 - dev.count)
      #expect(
        apart[0].notes == [
          "sft: \(dev.count) of 60 training rows are left out: their sounds are held out in another phase."
        ])
    }
  }

  @Test func aCurriculumNeedsPassRates() throws {
    try withDataFolder { (folder: String) throws in
      func fitted(_ rates: [String]) throws -> [String] {
        try write(rates.enumerated().map { line($0, $1) }, to: folder + "/train.jsonl")
        var grpo = GRPOSettings(rewards: try WeightedRewards(names: ["accuracy"]))
        grpo.curriculum = Curriculum()
        let phase = TrainingPhase(
          name: "grpo", method: .grpo(grpo), data: DataSettings(train: [folder + "/train.jsonl"]),
          optimizer: OptimizerSettings(learningRate: 1))
        var data = try PhaseData(
          phase.data, composer: ExampleComposer(prompt: plainPrompt), use: .rewarding, phase: "grpo")
        try data.fit(phase)
        return data.notes
      }

      #expect(throws: TrainingDataError.noPassRates(phase: "grpo")) { try fitted(["", ""]) }
      #expect(
        try fitted([#","pass_rate":0.5"#, ""]) == [
          "grpo: nothing is held out, so 'evaluate_every' has no questions to ask. Give data.dev or data.dev_share.",
          "grpo: 1 of 2 rows have no pass_rate, and come last in each epoch.",
        ])
    }
  }

  @Test func anEmptySetIsNotTakenForAMissingOne() throws {
    try withDataFolder { folder in
      try write([], to: folder + "/train.jsonl")

      #expect(throws: TrainingDataError.emptySet(folder + "/train.jsonl")) {
        try PhaseData(
          DataSettings(set: folder), composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
    }
  }

  @Test func aSoundThatIsChangedUnderItsNameChangesTheDigest() throws {
    try withDataFolder { (folder: String) throws in
      let rows = [row("1", audio: folder + "/1.wav")]
      func digest(_ bytes: Int, _ audio: AudioMode = .audio) throws -> String {
        try Data(repeating: 1, count: bytes).write(to: URL(fileURLWithPath: folder + "/1.wav"))
        return try TrainingSet(rows, composer: ExampleComposer(prompt: plainPrompt, audio: audio), use: .teaching)
          .digest
      }

      #expect(try digest(10) == digest(10))
      #expect(try digest(10) != digest(11))
      #expect(try digest(10, .none) == digest(11, .none), "it is not heard")
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
      #expect(Set(data.train.sounds).isDisjoint(with: dev.sounds))
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

  @Test func trainingRowsAreChosenByWhatTheirSoundAdds() throws {
    try withDataFolder { folder in
      let path = folder + "/train.jsonl"
      var settings = DataSettings(train: [path], audioContribution: .strong)
      func read() throws -> PhaseData {
        try PhaseData(settings, composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
      let marks = [#","audio-contribution":"strong""#, #","audio_contribution":"weak""#, ""]
      try write(marks.enumerated().map { line($0, $1) }, to: path)

      #expect(try read().train.questions.map(\.id) == ["0"])
      #expect(try read().notes == ["sft: 1 of 3 rows have no audio-contribution, and are left out."])
      settings.audioContribution = .weak
      #expect(try read().train.questions.map(\.id) == ["1"])
      try write([line(0)], to: path)
      #expect(throws: TrainingDataError.noAudioContributions(phase: "sft")) { try read() }
    }
  }

  @Test func rowsAreChosenByTheirTask() throws {
    try withDataFolder { folder in
      var settings = DataSettings(
        train: [folder + "/train.jsonl"], dev: [folder + "/dev.jsonl"], tasks: ["counting", "pitch"])
      func read() throws -> PhaseData {
        try PhaseData(settings, composer: ExampleComposer(prompt: plainPrompt), use: .teaching, phase: "sft")
      }
      let tasks = [#","task":"counting""#, #","skill":"order""#, #","question_type":"pitch""#, ""]
      try write(tasks.enumerated().map { line($0, $1) }, to: folder + "/train.jsonl")
      try write(tasks.enumerated().map { line($0 + 4, $1) }, to: folder + "/dev.jsonl")

      #expect(try read().train.questions.map(\.id) == ["0", "2"])
      #expect(try read().dev?.questions.map(\.id) == ["4", "6"])
      settings.tasks = ["tempo"]
      #expect(
        throws: TrainingDataError.noTasks(phase: "sft", ["tempo"], known: ["", "counting", "order", "pitch"])
      ) { try read() }
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
