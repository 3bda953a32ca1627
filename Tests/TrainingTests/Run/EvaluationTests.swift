import Foundation
import Models
import Testing

@testable import Training

/// When a run answers held-out questions, what ends that, and what comes of it.
@Suite(.serialized) struct EvaluationTests {
  private func state(_ place: RunPlace, _ name: String) throws -> TrainerState {
    try #require(try CheckpointStore.latest(in: place.folder(name).checkpoints)).state()
  }

  /// Runs until an event is told for which `stops`, and lets the run be asked to stop from then on.
  private func interrupted(
    _ place: RunPlace, _ settings: TrainingSettings, resuming: Bool = false,
    when stops: @escaping (TrainingEvent) -> Bool
  ) throws -> String {
    var isAsked = false
    let error = #expect(throws: TrainingError.self) {
      try place.run(
        settings, in: "stopped", resuming: resuming, tell: { isAsked = isAsked || stops($0) },
        isCancelled: { isAsked })
    }
    guard case .interrupted(let folder) = error else { throw try #require(error) }
    return folder
  }

  private func isAnswering(_ event: TrainingEvent, _ part: String) -> Bool {
    if case .answering(_, part, _, _) = event { true } else { false }
  }

  private var short: TrainingPhase {
    .sft(steps: 3) {
      $0.method = .sft(SFTSettings(maximumTokens: 2))
      ($0.watch.evaluateEvery, $0.watch.saveEvery) = (2, 0)
    }
  }

  @Test func answersToManyQuestionsAreStoppedAndMadeUpFor() throws {
    let place = try RunPlace()
    try place.addRows("dev", 70)
    try place.addRows("test", 70)
    let settings = TrainingSettings.tiny(place, short)
    var told: [String] = []
    let whole = try place.run(settings, in: "whole") {
      if case .answering(_, let part, let done, let total) = $0 { told.append("\(part) \(done)/\(total)") }
    }
    #expect(told.prefix(2) == ["dev 64/70", "dev 70/70"])
    #expect(told.suffix(4) == ["test 64/140", "test 70/140", "test 134/140", "test 140/140"])

    // Before the first step, behind the second, and when all steps are done.
    let first = try interrupted(place, settings) { self.isAnswering($0, "dev") }
    #expect(first.hasSuffix("checkpoint-000000"))
    let second = try interrupted(place, settings, resuming: true) {
      if case .progress(let progress) = $0 { progress.step == 2 } else { false }
    }
    #expect(second.hasSuffix("checkpoint-000002"))
    #expect(try state(place, "stopped").counters["owes_evaluation"] == 1)
    let third = try interrupted(place, settings, resuming: true) { self.isAnswering($0, "dev") }
    #expect(third == second)
    let last = try interrupted(place, settings, resuming: true) { self.isAnswering($0, "test") }
    #expect(last.hasSuffix("checkpoint-000003"))
    let result = try place.run(settings, in: "stopped", resuming: true)

    #expect(result.test == whole.test && result.best?.accuracy == whole.best?.accuracy)
    let (one, other) = (try place.outcome("whole"), try place.outcome("stopped"))
    for file in ["3/model.safetensors", "3/optimizer.safetensors", "metrics"] {
      #expect(one[file] != nil && other[file] == one[file], "\(file)")
    }
  }

  @Test func theFinishedModelAnswersTheTestRowsAndALimitHolds() throws {
    let place = try RunPlace()
    try place.addRows("test", 6)
    var phase = short
    var tested = 0
    let result = try place.run(.tiny(place, phase), in: "all") { if case .tested(_, _, 6) = $0 { tested += 1 } }
    let lines = try String(contentsOfFile: place.folder("all").answers, encoding: .utf8).split(separator: "\n")
    let ids = try lines.map { try JSONDecoder().decode(TestScore.Answer.self, from: Data($0.utf8)) }
    #expect(tested == 1 && ids == result.test?.answers && ids.map(\.id) == (0..<6).map { "test\($0)" })

    phase.watch.testLimit = 2
    #expect(try place.run(.tiny(place, phase), in: "two").test?.answers.count == 2)
    phase.watch.testLimit = 0
    #expect(try place.run(.tiny(place, phase), in: "none").test == nil)
    #expect(!FileManager.default.fileExists(atPath: place.folder("none").answers))
  }

  @Test func aScoreInsideOfARoundIsOwedUntilTheRoundIsOver() throws {
    let place = try RunPlace()
    var scored: [Int] = []
    var sampled: [Int] = []
    let phase = try TrainingPhase.grpo(steps: 8, beta: 0, iterations: 4) {
      ($0.watch.evaluateEvery, $0.watch.saveEvery, $0.watch.sampleEvery) = (3, 0, 3)
    }

    _ = try place.run(.tiny(place, phase), in: "run") {
      if case .evaluated(_, let step, _, _, _) = $0 { scored.append(step) }
      if case .sample(let sample) = $0, sampled.last != sample.step { sampled.append(sample.step) }
    }

    #expect(scored == [0, 4, 8])
    #expect(sampled == [1, 5])
  }

  @Test func theStepsAreKeptBeforeTheyAreScored() throws {
    let place = try RunPlace()
    var kept: [Int] = []

    _ = try place.run(.tiny(place, .sft(steps: 4) { ($0.watch.evaluateEvery, $0.watch.saveEvery) = (2, 2) }), in: "run")
    {
      if isAnswering($0, "dev") {
        kept.append((try? CheckpointStore.latest(in: place.folder("run").checkpoints)?.step) ?? 0)
      }
    }

    #expect(kept == [0, 2, 4])
    #expect(try state(place, "run").counters["owes_evaluation"] == nil)
  }

  @Test func aBestScoreOnOtherQuestionsIsForgotten() throws {
    let place = try RunPlace()
    let phase = TrainingPhase.sft(steps: 12) { $0.watch.evaluateEvery = 2 }
    let first = try place.run(.tiny(place, phase), in: "run")
    try #require(first.best != nil)
    try place.addRows("dev", 3)
    var (notes, scores): ([String], [Int]) = ([], [])

    _ = try place.run(.tiny(place, phase), in: "run", resuming: true) {
      if case .note(let text) = $0 { notes.append(text) }
      if case .evaluated(_, let step, _, let count, _) = $0 { scores += [step, count] }
    }

    #expect(notes.count == 1 && notes[0].hasPrefix("sft: the dev rows or how they are answered changed"))
    #expect(scores == [12, 3])
  }

  @Test func descriptionsAreNotScored() throws {
    let place = try RunPlace()
    let rows = try String(contentsOfFile: place.path + "/train.jsonl", encoding: .utf8)
    for name in ["train", "dev"] {
      let text = try String(contentsOfFile: "\(place.path)/\(name).jsonl", encoding: .utf8)
      try text.replacing("\"choices\"", with: "\"labels\": [\"tone\"], \"choices\"")
        .write(toFile: "\(place.path)/\(name).jsonl", atomically: true, encoding: .utf8)
    }
    #expect(!rows.isEmpty)
    var notes: [String] = []
    var scores = 0

    let result = try place.run(.tiny(place, .sft(steps: 2) { $0.data.form = .labels }), in: "run") {
      if case .note(let text) = $0 { notes.append(text) }
      if case .evaluated = $0 { scores += 1 }
    }

    #expect(notes == ["sft: held-out rows are not scored, as 'target: labels' answers no question."])
    #expect(scores == 0 && result.best == nil)
  }
}

@Suite struct HeldOutJudgeTests {
  private func isRight(_ text: String, _ form: AnswerForm = .choice, choices: [String] = ["a dog", "a cat"]) -> Bool {
    HeldOutJudge(form: form).isRight(
      RewardedCompletion(text: text, choices: choices, answer: choices.isEmpty ? -1 : 1, solution: "a cat"))
  }

  @Test func aQuestionWithChoicesIsJudgedByTheFormThatIsTaught() {
    #expect(isRight("a cat") && isRight("B") && isRight("<think>x</think>\n<answer>a cat</answer>", .think))
    #expect(!isRight("a dog") && !isRight("A") && !isRight(""))
    #expect(isRight("B", .letter) && isRight("(B) a cat", .letter))
    #expect(!isRight("a cat", .letter))
  }

  @Test func anOpenQuestionIsJudgedByItsText() {
    for text in ["a cat", " A  Cat.\n", "<answer>a cat</answer>"] { #expect(isRight(text, choices: [])) }
    for text in ["a cat and a dog", "cat", "", "."] { #expect(!isRight(text, choices: [])) }
  }

  @Test func thoughtsHaveRoomForTheirAnswer() {
    var phase = TrainingPhase.sft()
    #expect(phase.completionTokens == 64)
    phase.data.form = .think
    #expect(phase.completionTokens == 256)
    phase.method = .sft(SFTSettings(maximumTokens: 9))
    #expect(phase.completionTokens == 9)
  }

  /// What decides over no step does not keep a run from going on.
  @Test func theLongestAnswerIsNoPartOfTheRun() {
    let settings = { (tokens: Int?) in
      let phase = TrainingPhase.sft { $0.method = .sft(SFTSettings(maximumTokens: tokens)) }
      return TrainingSettings(name: "", model: "", phases: [phase])
    }
    #expect(settings(3).identity == settings(nil).identity)
  }
}

@Suite struct TestScoreTests {
  private let score = TestScore(answers: [
    .init(id: "1", text: "a \"b\"", isRight: true, silentText: "c/d", isRightInSilence: false),
    .init(id: "2", text: "e", isRight: true, silentText: "f", isRightInSilence: true),
  ])

  @Test func sharesAreOfAllAnswersAndLinesHaveThemAll() throws {
    let folder = try MetricsFolder()
    try score.write(to: folder.path + "/answers.jsonl")

    #expect(score.accuracy == 1 && score.silentAccuracy == 0.5 && TestScore(answers: []).accuracy == 0)
    #expect(
      try folder.text("answers.jsonl").split(separator: "\n").first == """
        {"id":"1","right":true,"silent_right":false,"silent_text":"c/d","text":"a \\"b\\""}
        """)
  }

  @Test func whatKeepsAnswersFromBeingWrittenIsSaid() throws {
    let folder = try MetricsFolder()
    let path = folder.path + "/none/answers.jsonl"

    #expect(throws: MetricsError.cannotWrite(path: path, reason: "No such file or directory")) {
      try score.write(to: path)
    }
    #expect(MetricsError.ofFoundation(CocoaError(.fileWriteOutOfSpace), path: path) == .diskFull(path: path))
  }
}
