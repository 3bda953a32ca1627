import Foundation
import Testing

@testable import Web

struct RateMeterTests {
  private let clock = ManualClock()

  @Test func aMinutesRequestsGoAtOnceAndComeBackOneByOne() {
    let meter = RateMeter(StandInLimits(requestsPerMinute: 3), now: clock.clock.now)

    let first = (0..<3).map { _ in meter.admit(tokens: 1) }
    let fourth = meter.admit(tokens: 1)
    clock.advance(by: 19)
    let early = meter.admit(tokens: 1)
    clock.advance(by: 1)
    let late = meter.admit(tokens: 1)

    #expect(first.allSatisfy { $0.refusal == nil })
    #expect(first[0].headers["x-ratelimit-limit-requests"] == "3")
    #expect(first.map { $0.headers["x-ratelimit-remaining-requests"] } == ["2", "1", "0"])
    #expect(first.map { $0.headers["x-ratelimit-reset-requests"] } == ["20s", "40s", "1m0s"])
    #expect(first[0].headers["x-ratelimit-limit-tokens"] == nil)
    #expect(fourth.refusal == .init(kind: "requests", limit: 3, asked: 1, seconds: 20))
    #expect(early.refusal?.seconds.map { abs($0 - 1) < 1e-6 } == true)
    #expect(late.refusal == nil)
  }

  @Test func tokensAreCountedAndARefusedRequestTakesNone() {
    let meter = RateMeter(StandInLimits(requestsPerMinute: 100, tokensPerMinute: 600), now: clock.clock.now)

    let first = meter.admit(tokens: 500)
    let second = meter.admit(tokens: 200)
    let third = meter.admit(tokens: 100)
    let huge = meter.admit(tokens: 601)

    #expect(first.headers["x-ratelimit-remaining-tokens"] == "100")
    #expect(second.refusal == .init(kind: "tokens", limit: 600, asked: 200, seconds: 10))
    #expect(second.headers["x-ratelimit-remaining-requests"] == "99")
    #expect(third.refusal == nil && third.headers["x-ratelimit-remaining-tokens"] == "0")
    #expect(huge.refusal == .init(kind: "tokens", limit: 600, asked: 601, seconds: nil))
  }

  @Test(
    arguments: [
      (0, "0s"), (0.012, "12ms"), (0.0001, "1ms"), (0.9999, "1s"), (1.5, "1.5s"), (1.025, "1.025s"), (59.9996, "1m0s"),
      (360, "6m0s"), (61.25, "1m1.25s"), (3602, "1h0m2s"), (-3, "0s"),
    ])
  func durationsAreWrittenAsOpenAIWritesThem(seconds: Double, text: String) {
    #expect(DurationText.text(seconds) == text)
  }

  @Test func theServerTellsItsLimitsAndTurnsAway() async throws {
    let settings = StandInSettings(limits: StandInLimits(requestsPerMinute: 2, tokensPerMinute: 100_000))
    let server = try await StandInServer.start(settings: settings, clock: clock.clock)
    let body = try chatBody(RandomCaption(seed: 2).text, maximumTokens: 1_000)

    let answers = [
      try await post(body, to: server), try await post(body, to: server), try await post(body, to: server),
    ]

    let cost = (body.count + 3) / 4 + 1_000
    #expect(answers.map(\.status) == [200, 200, 429])
    #expect(answers.map { $0.headers["x-ratelimit-remaining-requests"] } == ["1", "0", "0"])
    #expect(answers[1].headers["x-ratelimit-remaining-tokens"] == "\(100_000 - 2 * cost)")
    #expect(answers[2].headers["retry-after"] == "30" && answers[2].headers["retry-after-ms"] == "30000")
    let error = try JSONDecoder.api.decode(ErrorReply.self, from: answers[2].body).error
    #expect(error.type == "requests" && error.code == "rate_limit_exceeded")
    #expect(error.message.hasSuffix("Limit 2, Requested 1. Please try again in 30s."))
    #expect(await server.statistics.byFault == ["requests-limit": 1])
    #expect(await server.statistics.billed == 2)
    await server.stop()
  }

  @Test func aRequestAboveTheWholeLimitIsToldSo() async throws {
    let settings = StandInSettings(limits: StandInLimits(tokensPerMinute: 100))
    let server = try await StandInServer.start(settings: settings, clock: clock.clock)

    let answer = try await post(try chatBody("Write 2 questions.", maximumTokens: 200), to: server)

    #expect(answer.status == 429 && answer.headers["retry-after"] == nil)
    let error = try JSONDecoder.api.decode(ErrorReply.self, from: answer.body).error
    #expect(error.message.hasPrefix("Request too large for stand-in on tokens per min (TPM): Limit 100"))
    await server.stop()
  }
}
