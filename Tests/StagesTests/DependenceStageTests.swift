import Dataset
import Foundation
import Pipelines
import Testing

@testable import Stages
@testable import Store

/// The `dependence` stage against judges whose answers follow from what they are shown.
@Suite struct DependenceStageTests {
  private func clips(_ count: Int = 12) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count {
      try run.write("\(number).wav", run.tone(150 + 90 * Float(number), seconds: 0.5 + 0.1 * Float(number % 4)))
    }
    return run
  }

  private func settings(_ endpoint: ScriptedEndpoint, _ more: [String] = []) -> [String] {
    ["dependence.judges=reader", "dependence.reader.endpoint=\(endpoint.baseURL)", "dependence.reader.attempts=1"]
      + more
  }

  @Test func aJudgeThatLovesAPlaceIsRightOnceInEachRotation() async throws {
    let run = try clips()
    let endpoint = try await ScriptedEndpoint { _, body in (200, ScriptedEndpoint.reply(Shown(body).choices[0])) }

    try await run.run(settings(endpoint))

    let questions = try run.questions()
    #expect(questions.count > 20)
    for question in questions {
      let record = try #require(try run.store.dependence(of: question.id))
      #expect(record.blind == 0.25 && record.votes == 0 && record.contribution == "strong")
      #expect(record.silent == nil && record.swapped == nil && record.heard == nil)
      #expect(record.scores == [JudgeScoreRecord(judge: "reader", hearing: "none", asked: 4, right: 1, margin: nil)])
    }
    for line in try #require(String(bytes: run.exported("jsonl")["train.jsonl"] ?? Data(), encoding: .utf8)).split(
      separator: "\n")
    {
      #expect(line.contains(#""audio_contribution":"strong","blind_accuracy":0.25,"labels""#))
    }
  }

  @Test func whatIsAnsweredFromTheTextIsWeakAndBecomesWhatTheFileSays() async throws {
    let run = try clips()
    let endpoint = try await ScriptedEndpoint { _, body in (200, ScriptedEndpoint.reply(Shown(body).smallest)) }

    try await run.run(settings(endpoint))
    let asked = endpoint.asked
    let weak = Set(try run.questions().filter(\.isSmallest).map(\.id))
    let kept =
      try run.exportedQuestions("train.jsonl") + run.exportedQuestions("dev.jsonl")
      + run.exportedQuestions("test.jsonl")
    #expect(!weak.isEmpty && !kept.isEmpty)
    #expect(kept.allSatisfy { ($0.audioContribution == .weak) == weak.contains($0.id) })

    try await run.run(settings(endpoint, ["dependence.weak=split"]))
    let names = try run.exported("jsonl").keys.filter { $0.hasSuffix(".jsonl") }.sorted()
    #expect(
      names == ["dev.jsonl", "dev_weak.jsonl", "test.jsonl", "test_weak.jsonl", "train.jsonl", "train_weak.jsonl"])
    #expect(try run.exportedQuestions("train.jsonl").allSatisfy { $0.audioContribution == .strong })
    let apart = try run.exportedQuestions("train_weak.jsonl")
    #expect(!apart.isEmpty && apart.allSatisfy { $0.audioContribution == .weak && weak.contains($0.id) })

    try await run.run(settings(endpoint, ["dependence.weak=drop"]))
    let dropped = try run.questions().filter { $0.verdict?.code == "E_BLIND" }
    #expect(Set(dropped.map(\.id)) == weak)
    #expect(dropped.allSatisfy { $0.verdict?.detail == "1 of 1 judge answered without the sound." })
    #expect(try run.exportedQuestions("train.jsonl").allSatisfy { $0.audioContribution == .strong })

    try await run.run()
    #expect(try run.questions().allSatisfy { $0.verdict?.stage != "dependence" })
    #expect(try run.exportedQuestions("train.jsonl").allSatisfy { $0.audioContribution == nil })
    #expect(endpoint.asked == asked)
  }

  @Test func exportsTakeWhatNeedsItsSoundAlone() async throws {
    let run = try clips()
    let endpoint = try await ScriptedEndpoint { _, body in (200, ScriptedEndpoint.reply(Shown(body).smallest)) }
    try await run.run(settings(endpoint))
    let all = try contributions(of: run, in: "run/export/jsonl")

    try await export(run, .jsonl, to: "strong") { $0.only = .strong }
    try await export(run, .jsonl, to: "weak") { ($0.only, $0.shuffleSeed) = (.weak, 7) }
    #expect(try contributions(of: run, in: "strong") == ["strong": all["strong", default: 0]])
    #expect(try contributions(of: run, in: "weak") == ["weak": all["weak", default: 0]])

    try await run.run(settings(endpoint, ["dependence.weak=split"]))
    let divided = try contributions(of: run, in: "run/export/jsonl")
    #expect(divided["weak", default: 0] > 0 && divided["strong", default: 0] > 0)
    try await export(run, .audioMCQ, to: "apart") { _ in }
    let rows = try String(contentsOfFile: run.folder + "/apart/train_weak/data.jsonl", encoding: .utf8)
    #expect(rows.contains(#""audio-contribution":"weak""#) && !rows.contains(#""audio-contribution":"strong""#))
    try await export(run, .jsonl, to: "weak") { $0.only = .weak }
    #expect(try contributions(of: run, in: "weak") == ["weak": divided["weak", default: 0]])
    #expect(!FileManager.default.fileExists(atPath: run.folder + "/weak/train_weak.jsonl"))

    try await run.run()
    await #expect(throws: StagesError.noSuchQuestions(run.store.path)) {
      try await export(run, .jsonl, to: "stale") { $0.only = .strong }
    }
  }

  private func export(
    _ run: TestRun, _ format: ExportFormat, to name: String, _ change: (inout ExportOptions) -> Void
  ) async throws {
    var options = ExportOptions()
    change(&options)
    let writer = try ExportWriter(store: run.store, name: "set", format: format, threads: 2, options: options)
    _ = try await writer.write(to: run.folder + "/" + name, audioFrom: .linked([]))
  }

  /// How many questions of an export are strong, and how many weak.
  private func contributions(of run: TestRun, in folder: String) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    let names = try FileManager.default.contentsOfDirectory(atPath: run.folder + "/" + folder)
    for name in names where name.hasSuffix(".jsonl") {
      try JSONLFormat.forEachQuestion(path: "\(run.folder)/\(folder)/\(name)") { question in
        counts[question.audioContribution?.rawValue ?? "none", default: 0] += 1
      }
    }
    return counts
  }

  @Test func whatJudgesWillBeAskedIsToldBeforehand() async throws {
    let run = try clips(4)
    let overrides = [
      "dependence.judges=[a, b, set]", "dependence.a.endpoint=builtin", "dependence.b.endpoint=builtin",
      "dependence.b.hears=[none, silence]",
    ]

    let first = try await run.rehearse(overrides).first { $0.stage == "dependence" }?.forecast
    try await run.run(overrides, until: "contamination")
    let later = try await run.rehearse(overrides).first { $0.stage == "dependence" }?.forecast

    #expect(first?.text == "each question, in every order of its choices, to a, b 2 times")
    let questions = try run.questions().filter { $0.verdict == nil }.count
    #expect(questions > 0 && later?.count == questions * 4 * 3)
    #expect(later?.text == "\(questions * 12) answers of judges")
  }

  @Test func questionsWithoutAllAnswersStayOutAndAreAskedAboutAgain() async throws {
    let run = try clips()
    let isWell = Flag()
    let endpoint = try await ScriptedEndpoint { number, body in
      if !isWell.isSet, number.isMultiple(of: 5) { return (400, "{\"error\":{\"message\":\"no\"}}") }
      if !isWell.isSet, number.isMultiple(of: 7) { return (500, "{}") }
      return (200, ScriptedEndpoint.reply(Shown(body).smallest))
    }
    let overrides = settings(endpoint, ["dependence.reader.concurrency=1", "dependence.reader.patience=0"])

    try? await run.run(overrides, until: "dependence")
    let first = endpoint.asked
    isWell.set()
    try await run.run(overrides)
    let second = endpoint.asked
    try await run.run(overrides)

    #expect(first > 0 && second > first)
    #expect(endpoint.asked == second)
    #expect(try run.questions().allSatisfy { $0.verdict?.code != "E_UNJUDGED" })
    #expect(try run.store.contributionCounts()[""] == nil)
  }

  @Test func aReplayAsksNothingAndLeavesWhatIsNotJudgedOut() async throws {
    let run = try clips()
    let endpoint = try await ScriptedEndpoint { _, body in (200, ScriptedEndpoint.reply(Shown(body).choices[0])) }
    try await run.run(until: "dedup")
    let most = SpendingLimits(requests: try run.store.spending().requests + 40)

    var pipeline = try run.pipeline(settings(endpoint))
    pipeline.requests = RequestPolicy(limits: most)
    await #expect(throws: StagesError.self) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }
    let asked = endpoint.asked
    pipeline.requests = RequestPolicy(replaysOnly: true)
    try await pipeline.execute(in: run.store, until: nil, progress: run.notes)

    #expect(asked <= 40)
    #expect(endpoint.asked == asked)
    let left = try run.store.contributionCounts()
    #expect(left["strong", default: 0] > 0 && left["", default: 0] > 0)
    #expect(try run.questions().contains { $0.verdict?.code == "E_UNJUDGED" })
    #expect(try run.store.status().accepted > 0)

    try await run.run(settings(endpoint))
    #expect(try run.store.contributionCounts()[""] == nil)
    let judged = try run.store.status().accepted
    let whole = endpoint.asked
    try await run.run(settings(endpoint))
    #expect(endpoint.asked == whole)
    #expect(try run.store.status().accepted == judged)
  }

  @Test func aSetThatGrowsIsAskedAboutWhatIsNew() async throws {
    let run = try clips(8)
    let endpoint = try await ScriptedEndpoint { _, body in (200, ScriptedEndpoint.reply(Shown(body).choices[0])) }
    try await run.run(settings(endpoint))
    let before = endpoint.asked

    try run.write("new.wav", run.tone(3_000, seconds: 0.9))
    let forecast = try await run.rehearse(settings(endpoint)).first { $0.stage == "dependence" }?.forecast
    try await run.run(settings(endpoint))

    #expect(forecast?.unit == "answers")
    #expect(endpoint.asked > before && endpoint.asked - before <= 5 * 4)
  }

  @Test func theClassifierJudgesWithoutAnyRequest() async throws {
    let run = try clips()

    try await run.run(["dependence.judges=set"])

    let scores = try run.questions().compactMap { try run.store.dependence(of: $0.id) }
    #expect(!scores.isEmpty && scores.allSatisfy { $0.judges == 1 && $0.margin != nil && $0.contribution != nil })
    #expect(try run.store.stage(named: "dependence")?.summary?.contains("strong") == true)
  }

  @Test func aModelThatListensIsAskedWithEverySound() async throws {
    let run = try clips(3)
    let model = TestRun.project + "/Tests/Fixtures/models/qwen2-audio"
    let overrides = [
      "write.questions=1", "dependence.judges=[listener]", "dependence.listener.model=\(model)",
      "dependence.listener.hears=[none, silence, noise, swap, audio]", "dependence.listener.way=likelihood",
    ]

    try await run.run(overrides)

    let ids = try run.questions().map(\.id)
    let records = try ids.compactMap { try run.store.dependence(of: $0) }
    #expect(records.count == ids.count && !ids.isEmpty)
    for record in records {
      #expect(record.blind != nil && record.silent != nil && record.swapped != nil && record.heard != nil)
      #expect(record.scores.map(\.hearing) == ["audio", "noise", "none", "silence", "swap"])
      #expect(record.scores.allSatisfy { $0.asked == 4 && $0.margin != nil })
    }
    try await run.run(overrides + ["dependence.weak_at=1", "dependence.solved_above=0"])
    #expect(try ids.compactMap { try run.store.dependence(of: $0) }.map(\.scores) == records.map(\.scores))
  }

  @Test(arguments: [
    ("dependence.judges=~", "dependence.judges"), ("dependence.reader.endpoint=builtin", "dependence.judges"),
    ("dependence.judges=[a, a]", "dependence.judges"), ("dependence.judges=a dependence.weak=burn", "dependence.weak"),
    ("dependence.judges=a dependence.a.hears=audio dependence.a.endpoint=builtin", "dependence.judges"),
    ("dependence.judges=a dependence.always=drop", "dependence.always"),
    ("dependence.judges=a dependence.a.endpoint=builtin dependence.a.samples=2", "dependence.a.samples"),
    ("dependence.judges=a dependence.weak_at=2", "dependence.weak_at"),
    ("dependence.judges=a dependence.b.endpoint=builtin", "b"),
  ])
  func whatASectionGetsWrongIsSaidWithItsKey(overrides: String, key: String) throws {
    let run = try TestRun()
    let error = #expect(throws: PipelineError.self) {
      _ = try run.pipeline(overrides.replacing(", ", with: ",").split(separator: " ").map(String.init))
    }
    #expect("\(try #require(error))".contains(key))
  }
}

/// The choices that a request shows, as `ask-omni-r1` has them.
private struct Shown {
  let choices: [String]

  init(_ body: String) {
    let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
    let content = (object?["messages"] as? [[String: Any]])?.last?["content"]
    let text = content as? String ?? ((content as? [[String: Any]])?.last?["text"] as? String) ?? ""
    let list = text.components(separatedBy: "following options: [").last ?? ""
    choices = list.components(separatedBy: "', '").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'[].")) }
  }

  var smallest: String { choices.min() ?? "" }
}

extension QuestionRecord {
  fileprivate var isSmallest: Bool { distractors.allSatisfy { correct < $0 } }
}

private final class Flag: @unchecked Sendable {
  // @unchecked because the lock guards the only member.
  private let lock = NSLock()
  private var value = false

  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }
}

extension TestRun {
  /// All questions that the checks passed.
  fileprivate func questions() throws -> [QuestionRecord] {
    try store.clips(try store.recordings().map(\.clip)).flatMap { try store.allQuestions(of: $0.id) }
      .filter { !["check", "dedup"].contains($0.verdict?.stage) }
  }

  fileprivate func exportedQuestions(_ name: String) throws -> [ExportedQuestion] {
    var found: [ExportedQuestion] = []
    try JSONLFormat.forEachQuestion(path: folder + "/run/export/jsonl/" + name) { found.append($0) }
    return found
  }
}
