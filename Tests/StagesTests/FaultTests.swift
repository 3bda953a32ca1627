import Foundation
import Pipelines
import Testing
import Web

@testable import Stages
@testable import Store

/// A run against an endpoint in every one of its bad moods.
@Suite struct FaultTests {
  /// What arrives whole and says something; the rest holds no answer, or does not come whole.
  private static let answers: Set<String> = [
    "slow", "pause", "drip", "doubled", "invalid-utf8", "wrong-json", "schema-ignored", "fenced", "wrapped",
    "trailing-comma", "reasoning-content", "reasoning", "truncated", "content-filter", "refusal",
  ]

  @Test func everyClipIsAnsweredOrHasAReasonAndNoAnswerIsAskedForTwice() async throws {
    let run = try TestRun()
    for number in 0..<120 { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    var faults = StandInFaults()
    for fault in StandInFault.allCases { faults[fault] = 0.5 / Double(StandInFault.allCases.count) }
    (faults.slowSeconds, faults.pauseSeconds, faults.dripSeconds) = (0.05, 0.3, 0.3)
    (faults.retryAfterSeconds, faults.retryAfterMilliseconds) = (0, 20)
    let log = run.folder + "/requests.log"
    let server = try await StandInServer.start(faults: faults, requestLog: log)

    try await run.run(["write.endpoint=\(server.baseURL)", "write.key=none"])
    await server.stop()

    let status = try run.store.status()
    #expect(status.done["check"] == 120)
    let reasons = status.rejections.filter { $0.stage == "write" }.reduce(0) { $0 + $1.count }
    #expect(reasons > 0 && status.questions > 300)
    #expect(try run.store.status().usage.inFlight == 0)
    for (body, lines) in try Self.lines(of: log) {
      let whole = lines.filter { $0.status == "200" && ($0.fault.isEmpty || Self.answers.contains($0.fault)) }
      #expect(whole.count <= 1, "\(body): \(lines)")
    }
  }

  @Test func aBudgetInDollarsIsNeverPassedByWhatTheEndpointBills() async throws {
    let run = try TestRun()
    for number in 0..<300 { try run.write("\(number).wav", run.tone(200 + 5 * Float(number), seconds: 0.2)) }
    var faults = StandInFaults()
    for fault in [StandInFault.cutOff, .reset, .serverError] { faults[fault] = 0.05 }
    faults.latencySeconds = 0.02...0.05
    let server = try await StandInServer.start(faults: faults)
    let prices = ["write.price.input=150", "write.price.output=600", "write.max_tokens=600"]
    var pipeline = try run.pipeline(
      ["write.endpoint=\(server.baseURL)", "write.key=none", "write.concurrency=256"] + prices)
    pipeline.requests.limits.usd = 20

    await #expect(throws: StagesError.self) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }
    let billed = await server.statistics
    await server.stop()

    let usd = Double(billed.promptTokens) * 150e-6 + Double(billed.completionTokens) * 600e-6
    #expect(usd <= 20 && usd > 14)
    #expect(try run.store.spending().usd >= usd - 1e-9)
    #expect(try run.store.spending().usd <= 20)
  }

  private static func lines(of log: String) throws -> [Substring: [(status: Substring, fault: String)]] {
    let text = try String(contentsOfFile: log, encoding: .utf8)
    let rows = text.split(separator: "\n").map { $0.split(separator: " ") }
    return Dictionary(grouping: rows, by: { $0[0] }).mapValues { rows in
      rows.map { ($0[1], $0.count > 2 ? String($0[2]) : "") }
    }
  }
}
