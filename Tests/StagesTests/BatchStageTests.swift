import Chat
import Foundation
import Pipelines
import Testing
import Web

@testable import Stages
@testable import Store

/// Questions written in batches, against the stand-in's Batch API.
@Suite struct BatchStageTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  private func settings(_ baseURL: String, _ more: [String] = []) -> [String] {
    ["write.endpoint=\(baseURL)", "write.key=none", "write.batch.poll=2ms", "write.attempts=4"] + more
  }

  /// Requests of the stand-in's log that were answered with 200, by their body's hash.
  private func billed(_ log: String) throws -> [Substring: Int] {
    let rows = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ") }
    return Dictionary(grouping: rows.filter { $0[1] == "200" }, by: { $0[0] }).mapValues(\.count)
  }

  @Test func aSetThatIsWrittenInBatchesIsThatOfDirectRequestsToTheByte() async throws {
    let (direct, batched) = (try clips(40), try clips(40))
    let server = try await StandInServer.start()
    let planned = ["write.waves=3", "write.steer.types=[existence, counting, order]"]
    for run in [direct, batched] {
      try FileManager.default.copyItem(
        atPath: TestRun.project + "/prompts/planned-questions.md", toPath: run.folder + "/planned-questions.md")
    }

    try await direct.run(
      ["write.endpoint=\(server.baseURL)", "write.key=none", "write.prompt=\(direct.folder)/planned-questions.md"]
        + planned)
    let before = await server.statistics
    try await batched.run(
      settings(
        server.baseURL,
        ["write.prompt=\(batched.folder)/planned-questions.md", "write.batch.requests=6", "write.batch.at_once=2"]
          + planned))
    let after = await server.statistics

    #expect(after.billed - before.billed == before.billed && after.batched == before.billed)
    #expect(try batched.exported("jsonl") == direct.exported("jsonl"))
    #expect(try batched.store.openBatches(stage: "write").isEmpty)
    #expect(try batched.store.status().usage.inFlight == 0)
    // Another pass, without batches, finds every answer.
    var pipeline = try batched.pipeline(
      [
        "write.endpoint=\(server.baseURL)", "write.key=none", "write.prompt=\(batched.folder)/planned-questions.md",
        "dedup.similarity=0.84",
      ] + planned)
    pipeline.requests.replaysOnly = true
    try await pipeline.execute(in: batched.store, until: nil, progress: batched.notes)
    try await batched.run(
      ["write.endpoint=\(server.baseURL)", "write.key=none", "write.prompt=\(batched.folder)/planned-questions.md"]
        + planned)
    #expect(await server.statistics.billed == after.billed)
    await server.stop()
  }

  @Test func theBuiltInEndpointServesBatchesToo() async throws {
    let run = try clips(12)

    try await run.run(["write.batch=true"])

    #expect(try run.store.doneCount(stage: "check") == 12)
    #expect(try run.store.status().questions > 20)
    #expect(try run.store.openBatches(stage: "write").isEmpty)
  }

  @Test func whateverIsWrittenBadlyIsAskedForAgainInLaterBatchesAndNoWholeAnswerTwice() async throws {
    let run = try clips(80)
    var faults = StandInFaults()
    for fault in [
      StandInFault.serverError, .rateLimitedBare, .unavailable, .wrongJSON, .truncated, .schemaIgnored, .noChoices,
      .refusal,
    ] { faults[fault] = 0.08 }
    let log = run.folder + "/requests.log"
    let server = try await StandInServer.start(faults: faults, requestLog: log)

    try await run.run(settings(server.baseURL, ["write.batch.requests=25"]))
    let statistics = await server.statistics
    await server.stop()

    #expect(try run.store.status().done["check"] == 80)
    #expect(try run.store.status().usage.failed > 5 && run.store.status().usage.inFlight == 0)
    #expect(statistics.batched == statistics.billed && statistics.billed > 80)
    // A request whose answer was no completion is put again with the same body.
    #expect(try billed(log).values.allSatisfy { $0 <= 2 })
    #expect(try billed(log).values.count { $0 == 2 } == statistics.byFault["no-choices"])
  }

  @Test func batchesThatExpireKeepWhatWasFinishedAndTheRestIsAskedAgain() async throws {
    let run = try clips(40)
    var batches = StandInBatches()
    batches.expiresAfter = 0.5
    let log = run.folder + "/requests.log"
    let server = try await StandInServer.start(batches: batches, requestLog: log)

    try await run.run(settings(server.baseURL, ["write.attempts=20"]))
    await server.stop()

    #expect(try run.store.doneCount(stage: "check") >= 39)
    #expect(try billed(log).values.allSatisfy { $0 == 1 })
    #expect(run.notes.notes.contains { $0.contains("is expired, with 20 of 40 requests left") })
  }

  @Test func anEndpointThatRefusesTheFormIsAskedLessStrictlyInTheNextBatch() async throws {
    let run = try clips(10)
    var capabilities = StandInCapabilities()
    capabilities.jsonSchema = .refused
    let server = try await StandInServer.start(capabilities: capabilities)

    try await run.run(settings(server.baseURL, ["write.attempts=1"]))
    let statistics = await server.statistics
    await server.stop()

    #expect(try run.store.doneCount(stage: "check") == 10)
    #expect(statistics.billed == 10 && statistics.byStatus["400"] == 10)
    #expect(run.notes.notes.contains { $0.contains("will be put in another") })
  }

  @Test func aBatchThatIsTooMuchIsCutDownUntilItIsTaken() async throws {
    let run = try clips(30)
    var batches = StandInBatches()
    batches.mostRequests = 4
    let server = try await StandInServer.start(batches: batches)

    try await run.run(settings(server.baseURL, ["write.batch.at_once=1"]))
    let statistics = await server.statistics
    await server.stop()

    #expect(try run.store.doneCount(stage: "check") == 30)
    #expect(statistics.billed == 30)
    #expect(run.notes.notes.contains { $0.contains("at most 3 requests a batch from now on") })
  }

  @Test func aBatchThatIsRefusedTellsWhyAndWhatToDo() async throws {
    let run = try clips(3)
    var batches = StandInBatches()
    batches.mostRequests = 0
    let server = try await StandInServer.start(batches: batches)

    let error = await #expect(throws: StagesError.self) { try await run.run(settings(server.baseURL)) }
    await server.stop()

    let text = error.map { "\($0)" } ?? ""
    #expect(
      text.contains("too_many_tasks: The batch input file contains more than") && text.contains("leave 'batch' out"))
    #expect(try run.store.spending().tokens == 0 && run.store.openBatches(stage: "write").isEmpty)
  }

  @Test func anEndpointWithoutBatchesSaysSo() async throws {
    let run = try clips(2)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }

    let error = await #expect(throws: ChatError.self) { try await run.run(settings(endpoint.baseURL)) }

    #expect(error.map { "\($0)" }?.contains("has no Batch API (status 404") == true)
    #expect(endpoint.asked == 0)
    try await run.run(["write.endpoint=\(endpoint.baseURL)", "check.evidence=false"])
    #expect(try run.store.doneCount(stage: "write") == 2)
  }

  @Test func aBudgetHoldsOverBatchesAndTheirPriceIsTheirOwn() async throws {
    let run = try clips(60)
    let server = try await StandInServer.start()
    let prices = ["write.price.input=150", "write.price.output=600", "write.price.batch=0.5", "write.max_tokens=600"]
    var pipeline = try run.pipeline(settings(server.baseURL, prices + ["write.batch.requests=4"]))
    pipeline.requests.limits.usd = 4

    let error = await #expect(throws: StagesError.self) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }
    let billed = await server.statistics

    let usd = (Double(billed.promptTokens) * 150e-6 + Double(billed.completionTokens) * 600e-6) / 2
    #expect(error.map { "\($0)" }?.contains("--max-usd 4.0") == true)
    #expect(usd <= 4 && usd > 3, "\(usd)")
    #expect(abs(try run.store.spending().usd - usd) < 1e-6)
    #expect(try run.store.openBatches(stage: "write").isEmpty)
    pipeline.requests.limits.usd = nil
    try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    await server.stop()
    #expect(try run.store.doneCount(stage: "check") == 60)
  }

  @Test func soundsGoOutInBatchesAsTheyDoDirectlyAndTheStoreKeepsTheirNamesAlone() async throws {
    let (direct, batched) = (try clips(8), try clips(8))
    let server = try await StandInServer.start()
    let hearing = ["write.inputs=[captions, audio]", "export.formats=[jsonl]"]

    try await direct.run(["write.endpoint=\(server.baseURL)", "write.key=none"] + hearing)
    let before = await server.statistics
    try await batched.run(settings(server.baseURL, hearing + ["write.batch.megabytes=0.06"]))
    let after = await server.statistics
    await server.stop()

    #expect(before.billed == 8 && after.batched == 8 && after.promptTokens == 2 * before.promptTokens)
    #expect(try batched.exported("jsonl") == direct.exported("jsonl"))
    let key = try #require(try batched.store.writing(of: batched.store.answers(from: "", limit: 1)[0].clip)?.request)
    #expect(try batched.store.request(key: key) == direct.store.request(key: key))
  }

  @Test func anEstimateIsAskedForDirectlySinceABatchMayTakeADay() async throws {
    let run = try clips(4)
    let server = try await StandInServer.start()
    var pipeline = try run.pipeline(settings(server.baseURL))
    pipeline.requests.asksDirectly = true

    try await pipeline.execute(in: run.store, until: "write", progress: run.notes)
    let statistics = await server.statistics
    await server.stop()

    #expect(statistics.billed == 4 && statistics.batched == 0)
  }

  @Test func writersOfOneModelDoNotWaitForEachOthersBatchesForEver() async throws {
    let run = try clips(24)
    let server = try await StandInServer.start()
    let writers = [
      "write.endpoint=~", "write.model=~", "write.writers=[cool, warm, direct]", "write.batch.requests=3",
    ]
    let each = ["cool", "warm", "direct"].flatMap { name in
      [
        "write.\(name).endpoint=\(server.baseURL)", "write.\(name).model=stand-in", "write.\(name).key=none",
        "write.\(name).temperature=\(name == "cool" ? 0 : 1)",
      ]
    }

    try await run.run(writers + each + ["write.batch.poll=2ms", "write.direct.batch=false"])
    let statistics = await server.statistics
    await server.stop()

    #expect(try run.store.doneCount(stage: "check") == 24)
    #expect(statistics.billed == 24 && statistics.batched < 24 && statistics.batched > 8)
  }

  @Test(arguments: [
    ("write.batch=perhaps", "true or false"), ("write.batch.requests=50001", "between 1 and 50000"),
    ("write.batch.megabytes=201", "between 0.001 and 200"), ("write.batch.lost=maybe", "one of stop, replace"),
    ("write.batch.size=3", "unknown key 'size'"), ("write.price.batch=1.5", "between 0 and 1"),
    ("write.batch=[1, 2]", "a mapping of settings"),
  ])
  func settingsThatCannotBeAreRefused(setting: String, wanted: String) throws {
    let run = try TestRun()

    let error = #expect(throws: PipelineError.self) { try run.pipeline([setting]) }

    #expect(error.map { "\($0)" }?.contains(wanted) == true, "\(String(describing: error))")
  }
}
