import Foundation
import Pipelines
import Synchronization
import Testing

@testable import Stages
@testable import Store

/// Several writers, steered questions, waves, budgets and replays.
@Suite struct WriterTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  private let usual = ["write.attempts=1", "check.evidence=false", "export.formats=[jsonl]"]

  private func prompt(_ variables: String, _ text: String, in run: TestRun) throws -> String {
    let path = run.folder + "/own.md"
    let expects = "\(variables), captions[].text".split(separator: ", ").map { "  - \($0)\n" }.joined()
    let matter = "---\nname: own\nfor: write\nexpects:\n\(expects)---\n"
    try "\(matter)\n## user\n\n{{#captions}}{{text}}{{/captions}}\n\(text)\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    return "write.prompt=\(path)"
  }

  @Test func writersShareTheClipsByTheirWeightsAndEachQuestionNamesItsOwn() async throws {
    let run = try clips(60)
    let first = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let second = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let writers = [
      "write.endpoint=~", "write.model=~", "write.writers=[one, two]",
      "write.one.endpoint=\(first.baseURL)", "write.one.model=m-one", "write.one.weight=3",
      "write.two.endpoint=\(second.baseURL)", "write.two.model=m-two",
    ]

    try await run.run(writers + usual.dropFirst())

    #expect(first.asked + second.asked == 60)
    #expect((8...24).contains(second.asked))
    #expect(try run.store.doneCount(stage: "check") == 60)
    let rows = try run.store.exportRows(split: nil, from: "", limit: 100)
    #expect(Set(rows.compactMap(\.model)).isSubset(of: ["m-one", "m-two"]))
    for row in rows { #expect(row.model != nil) }
    let asked = (first.asked, second.asked)
    try await run.run(writers + usual.dropFirst())
    #expect(first.asked == asked.0 && second.asked == asked.1)
  }

  @Test func questionTypesSkillsAndDifficultiesRotate() async throws {
    let run = try clips(12)
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.completion)
    }
    let planned = try prompt(
      "plan[].number, plan[].type, plan[].skill, plan[].difficulty",
      "{{#plan}}<{{number}} {{type}}/{{skill}}/{{difficulty}}>{{/plan}}", in: run)
    let steer = [
      "write.endpoint=\(endpoint.baseURL)", "write.steer.types=[which, where, when]", "write.steer.skills=[a, b]",
      "write.steer.difficulties=[easy, hard]",
    ]

    try await run.run(usual + steer + [planned, "write.questions=3"], until: "write")

    let plans = bodies.withLock { $0 }
    #expect(plans.count == 12)
    for type in ["which", "where", "when"] {
      #expect(plans.allSatisfy { $0.contains(" \(type)/") })
      #expect(plans.contains { $0.contains("<1 \(type)/") })
    }
    let other = try prompt("questions", "{{questions}}", in: run)
    await #expect(throws: PipelineError.self) {
      try await run.run(usual + steer + [other], until: "write")
    }
  }

  @Test func aWaveIsToldWhatTheWavesBeforeItAskedTooOften() async throws {
    let run = try clips(24)
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.completion)
    }
    let avoiding = try prompt("avoid[].text", "{{#avoid}}not: {{text}}{{/avoid}}", in: run)
    let overrides = usual + ["write.endpoint=\(endpoint.baseURL)", avoiding, "write.waves=2"]

    try await run.run(overrides)

    let told = bodies.withLock { $0.map { $0.contains("not: How high is it?") } }
    let first = try #require(told.firstIndex(of: true))
    #expect(first > 2 && told[first...].allSatisfy { $0 } && told.count == 24)
    let asked = endpoint.asked
    let forecast = try await run.rehearse(overrides).first { $0.stage == "write" }?.forecast.count
    #expect(forecast == 0)
    try await run.run(overrides + ["dedup.similarity=0.5"])
    #expect(endpoint.asked == asked)
  }

  @Test func aWaveWaitsForClipsOfTheOneBeforeIt() async throws {
    let run = try clips(24)
    let isUp = Mutex(false)
    let endpoint = try await ScriptedEndpoint { number, _ in
      number % 3 == 0 && !isUp.withLock { $0 } ? (500, "{}") : (200, ScriptedEndpoint.completion)
    }
    let avoiding = try prompt("avoid[].text", "{{#avoid}}not: {{text}}{{/avoid}}", in: run)
    let overrides = usual + ["write.endpoint=\(endpoint.baseURL)", avoiding, "write.waves=2"]

    try await run.run(overrides, until: "write")
    let asked = endpoint.asked
    #expect(asked < 24)
    #expect(run.notes.notes.contains { $0.contains("the later waves wait") })
    isUp.withLock { $0 = true }
    try await run.run(overrides, until: "write")

    #expect(try run.store.doneCount(stage: "write") == 24)
  }

  @Test func aRationaleIsAskedForInTheSchemaOfThePrompt() async throws {
    let run = try clips(1)
    let text = try String(contentsOfFile: run.folder + "/avqa-gpt.md", encoding: .utf8)
    let path = run.folder + "/reasoned.md"
    try text.replacing("  - questions\n", with: "  - questions\n  - rationale_structured\n")
      .appending("\n{{#rationale_structured}}Think in four parts.{{/rationale_structured}}\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let seen = Mutex("")
    let endpoint = try await ScriptedEndpoint { _, body in
      seen.withLock { $0 = body }
      return (200, ScriptedEndpoint.completion)
    }

    try await run.run(
      usual + ["write.endpoint=\(endpoint.baseURL)", "write.prompt=\(path)", "write.rationale=structured"],
      until: "write")

    let body = seen.withLock { $0 }
    for word in ["planning", "summary", "Think in four parts", "rationale"] { #expect(body.contains(word), "\(word)") }
    await #expect(throws: PipelineError.self) {
      try await run.run(usual + ["write.endpoint=\(endpoint.baseURL)", "write.rationale=free"], until: "write")
    }
  }

  @Test func aBudgetStopsTheRunBeforeItIsPassedAndAReplayFinishesWhatIsThere() async throws {
    let run = try clips(20)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let overrides =
      usual + ["write.endpoint=\(endpoint.baseURL)", "write.price.input=10000", "write.price.output=10000"]
    try await run.run(overrides, until: "caption")
    var pipeline = try run.pipeline(overrides + ["write.max_tokens=16"])
    pipeline.requests.limits.requests = 7

    await #expect(throws: StagesError.self) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }

    #expect(endpoint.asked == 7)
    let spent = try run.store.spending()
    #expect(spent.requests == 7 && spent.tokens == 7 * 15)
    #expect(abs(spent.usd - 7 * 0.15) < 1e-9)
    pipeline.requests = RequestPolicy(replaysOnly: true)
    try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    #expect(endpoint.asked == 7)
    #expect(run.notes.notes.contains { $0.contains("13 clips have no stored answer") })
    #expect(try run.store.doneCount(stage: "check") == 7)
  }

  @Test func aReplayMakesTheSameExportWithoutTheNetwork() async throws {
    let run = try clips(12)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let overrides = usual + ["write.endpoint=\(endpoint.baseURL)"]
    try await run.run(overrides)
    let before = try run.exported("jsonl")
    let asked = endpoint.asked
    // As after a change of the stage, whose results are then outdated.
    let followers = ["check", "dedup", "split", "balance", "export"]
    try run.store.begin(
      StagePlace(name: "write", position: 2, upstream: "caption", followers: followers), parts: ["version": "0"])
    #expect(try run.store.doneCount(stage: "check") == 0)
    try FileManager.default.removeItem(atPath: run.folder + "/run/export")
    var pipeline = try run.pipeline(overrides)
    pipeline.requests.replaysOnly = true

    try await pipeline.execute(in: run.store, until: nil, progress: run.notes)

    #expect(endpoint.asked == asked)
    let after = try run.exported("jsonl")
    #expect(after.keys.sorted() == before.keys.sorted())
    for (name, data) in before { #expect(after[name] == data, "\(name)") }
  }

  @Test func aLimitInDollarsNeedsAPrice() async throws {
    let run = try clips(1)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    var pipeline = try run.pipeline(usual + ["write.endpoint=\(endpoint.baseURL)"])
    pipeline.requests.limits.usd = 1

    await #expect(throws: StagesError.noPrice(setting: "write.price", members: "'input' and 'output'")) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }
    #expect(endpoint.asked == 0)
  }

  @Test func anAnswerThatWasCutOrCannotBeReadIsAskedForOnceMoreAndFoundAgainInAReplay() async throws {
    let run = try clips(3)
    let cut = ScriptedEndpoint.reply("{\"items\":[{\"question\":\"How").replacing("\"stop\"", with: "\"length\"")
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      if body.contains("This reply cannot be used") { return (200, ScriptedEndpoint.completion) }
      return (200, body.contains("\"max_tokens\":6144") ? ScriptedEndpoint.reply("Sorry, no JSON.") : cut)
    }
    let overrides = usual + ["write.endpoint=\(endpoint.baseURL)"]

    try await run.run(overrides)

    #expect(endpoint.asked == 9)
    #expect(bodies.withLock { $0 }.count { $0.contains("There is no JSON in the reply") } == 3)
    #expect(try run.store.status().questions == 3)
    let followers = ["check", "dedup", "split", "balance", "export"]
    try run.store.begin(
      StagePlace(name: "write", position: 2, upstream: "caption", followers: followers), parts: ["version": "0"])
    try await run.run(overrides)
    #expect(endpoint.asked == 9)
    #expect(try run.store.status().questions == 3)
  }
}
