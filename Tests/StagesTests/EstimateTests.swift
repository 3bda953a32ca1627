import Foundation
import Testing

@testable import Pipelines
@testable import Stages
@testable import Store

@Suite struct EstimateTests {
  @Test func aProjectionIsTheMeanWithTheErrorOfTheMeanAndOfTheSum() throws {
    let projection = try #require(Projection(of: [1, 2, 3, 4], count: 100))

    // The variance is 5/3: 1.96 * sqrt(5/3 * (100 * 100 / 4 + 100)) = 129.02.
    #expect(projection.middle == 250)
    #expect(abs(projection.high - 379.02) < 0.01 && abs(projection.low - 120.98) < 0.01)
    #expect(Projection(of: [], count: 3) == nil)
    #expect(Projection(of: [7, 7, 7], count: 10) == Projection(exactly: 70))
    #expect(Projection(of: [5], count: 2) == Projection(low: 0, middle: 10, high: 20))
  }

  @Test func theWholeCostsWhatItsSampleSaid() async throws {
    let run = try TestRun()
    for number in 0..<60 {
      try run.write("\(number).wav", run.tone(150 + 20 * Float(number), seconds: 0.3 + Float(number % 5) / 10))
    }
    let settings = ["write.price.input=1", "write.price.output=4", "write.attempts=1"]
    var sample = try run.pipeline(settings)
    sample.limit = 20
    let clock = StageClock(run.notes)

    try await sample.execute(in: run.store, until: "write", progress: clock)
    let estimate = try RunEstimate(of: sample, in: run.store, timings: clock.timings, isRehearsal: false)
    try await run.run(settings, until: "write")

    #expect(estimate.files == 60 && estimate.taken == 20)
    #expect(estimate.clips == Projection(exactly: 60))
    let spent = try run.store.spending()
    let (usd, before) = try (#require(estimate.usd), #require(estimate.spent))
    #expect(usd.low < spent.usd - before && spent.usd - before < usd.high)
    let write = try #require(estimate.lines.first { $0.stage == "write" })
    #expect(write.requests == Projection(exactly: 40))
    #expect(abs((write.tokens?.middle ?? 0) / Double(spent.tokens) - 2.0 / 3) < 0.05)
    let sound = try run.store.status().seconds
    #expect(estimate.audio.low <= sound && sound <= estimate.audio.high)
    for stage in ["scan", "caption"] {
      #expect(estimate.lines.contains { $0.stage == stage && ($0.seconds?.middle ?? 0) > 0 })
    }
  }

  @Test func judgesAreAmongWhatIsToBePaid() async throws {
    let run = try TestRun()
    for number in 0..<30 {
      try run.write("\(number).wav", run.tone(150 + 40 * Float(number), seconds: 0.3 + Float(number % 5) / 10))
    }
    let settings = [
      "dependence.judges=[reader]", "dependence.reader.endpoint=builtin", "dependence.reader.price.input=1",
      "dependence.reader.price.output=4", "write.price.input=1", "write.price.output=4",
    ]
    var sample = try run.pipeline(settings)
    sample.limit = 10
    let clock = StageClock(run.notes)

    #expect(RunEstimate.lastCostlyStage(of: sample) == "dependence")
    #expect(RunEstimate.lastCostlyStage(of: try run.pipeline([])) == "write")
    try await sample.execute(in: run.store, until: "dependence", progress: clock)
    let estimate = try RunEstimate(of: sample, in: run.store, timings: clock.timings, isRehearsal: false)
    let before = try run.store.spending(stage: "dependence")
    try await run.run(settings, until: "dependence")
    let after = try run.store.spending(stage: "dependence")

    let line = try #require(estimate.lines.last)
    #expect(line.stage == "dependence" && line.basis.hasSuffix("a clip") && (line.seconds?.middle ?? 0) > 0)
    let requests = try #require(line.requests?.middle)
    #expect(abs(requests / Double(after.answers - before.answers) - 1) < 0.25)
    #expect(abs(try #require(line.usd?.middle) / (after.usd - before.usd) - 1) < 0.25)
  }

  @Test func limitsOfTheEndpointBoundThePace() throws {
    let told = RateLimitsTold(requests: 500, tokens: 60_000)
    let answer = AnswerSample(tokens: 1_000, usd: nil, seconds: 2, headers: told.json)
    let settings = try WriteSettings(
      PipelineFile(path: TestRun.project + "/pipelines/quickstart.yaml", overrides: []).section("write"))
    let pace = WritePace([answer, answer], settings)

    let seconds = pace.seconds(requests: Projection(exactly: 6_000), tokens: Projection(exactly: 6_000_000))

    #expect(seconds.low == 6_000 && pace.basis.contains("500 requests and 60000 tokens a minute"))
    let short = pace.seconds(requests: Projection(exactly: 512), tokens: Projection(exactly: 1))
    #expect(short.low == 512 * 60 / 500.0)
  }

  @Test func theStandInTakesThePlaceOfEveryEndpoint() throws {
    let file = try PipelineFile(
      path: TestRun.project + "/pipelines/quickstart.yaml",
      overrides: [
        "write.writers=[big, small]", "caption.with=[acoustic, heard]", "caption.heard.captioner=endpoint",
        "dependence.judges=[reader, set]", "dependence.reader.endpoint=http://127.0.0.1:9/v1",
      ])

    #expect(
      try file.overridesForStandIn() == [
        "write.big.endpoint=builtin", "write.small.endpoint=builtin", "caption.heard.endpoint=builtin",
        "dependence.reader.endpoint=builtin",
      ])
  }
}

/// Headers as OpenAI tells its limits.
private struct RateLimitsTold {
  var requests: Int
  var tokens: Int

  var json: String {
    #"{"x-ratelimit-limit-requests":"\#(requests)","x-ratelimit-remaining-requests":"9","#
      + #""x-ratelimit-limit-tokens":"\#(tokens)","x-ratelimit-remaining-tokens":"9"}"#
  }
}
