import Foundation
import Synchronization
import Testing
import Transfer

@testable import Chat

struct RetryTests {
  @Test(arguments: [408, 409, 429, 500, 502, 503, 504, 529])
  func aStatusThatMayPassIsAskedAgain(status: Int) async throws {
    let server = try await ScriptedServer(.status(status, "busy"), .status(status, "busy"), .status(200, goodReply))
    let clock = TestClock()
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: clock.pacing())

    let response = try await client.send(question)

    #expect(response.attempts == 3)
    #expect(try ChatReply(parsing: response.body).text == "hi")
    #expect(clock.slept == [0.25, 0.5])
    await server.stop()
  }

  @Test(arguments: [400, 401, 403, 404, 413, 422])
  func aStatusThatStaysIsNotAskedAgain(status: Int) async throws {
    let server = try await ScriptedServer(.status(status, "no"))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())

    let failure = await client.failure(of: question)

    #expect(server.seen.count == 1)
    #expect(failure?.isAuthentication == [401, 403].contains(status))
    #expect(failure?.isUnreachable == (status == 404))
    await server.stop()
  }

  @Test func anAnswerCutOffIsAskedForAgain() async throws {
    let server = try await ScriptedServer(.cutOff, .status(200, goodReply))
    let events = Mutex<[AttemptEvent]>([])
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())

    let response = try await client.send(question) { event in events.withLock { $0.append(event) } }

    #expect(response.attempts == 2)
    let happenings = events.withLock { $0 }
    #expect(happenings.map(\.number) == [1, 1, 2])
    #expect(
      happenings.map(\.happening) == [.sending, .failed(.transfer(.cutOff(received: 18))), .sending])
    await server.stop()
  }

  @Test(
    arguments: [
      (["Retry-After": "7"], 7.0), (["Retry-After-Ms": "1500", "Retry-After": "7"], 1.5),
      (["Retry-After": "0.25"], 0.25),
      (["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], 30),
      (["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:35 GMT"], 2),
    ] as [([String: String], Double)])
  func theEndpointSaysHowLongToWait(headers: [String: String], seconds: Double) async throws {
    let server = try await ScriptedServer(.status(429, "slow down", headers), .status(200, goodReply))
    let clock = TestClock()
    // 30 seconds before the date above, which is RFC 9110's example: 784111777.
    let client = ChatClient(
      endpoint: try Endpoint(baseURL: server.baseURL), pacing: clock.pacing(secondsSince1970: 784_111_747))

    let response = try await client.send(question)

    #expect(response.attempts == 2)
    #expect(clock.slept == [seconds])
    await server.stop()
  }

  @Test func beingToldToWaitIsNoFailedAttempt() async throws {
    let wait = ScriptedServer.Answer.status(429, "slow down", ["Retry-After": "1"])
    let server = try await ScriptedServer { number, _ in number < 20 ? wait : .status(200, goodReply) }
    let endpoint = try Endpoint(baseURL: server.baseURL, maximumAttempts: 2)

    let patient = try await ChatClient(endpoint: endpoint, pacing: TestClock().pacing()).send(question)

    #expect(patient.attempts == 21)
    await server.stop()
  }

  @Test func patienceEnds() async throws {
    let server = try await ScriptedServer(.status(429, "slow down", ["Retry-After": "1"]))
    let endpoint = try Endpoint(baseURL: server.baseURL)

    let failure = await ChatClient(endpoint: endpoint, pacing: TestClock().pacing(maximumPauses: 3)).failure(
      of: question)

    #expect("\(failure!)" == "\(endpoint.identity): no answer after 4 attempts; the last: status 429: slow down")
    await server.stop()
  }

  @Test func aPauseHoldsAllSends() async throws {
    let server = try await ScriptedServer(.status(429, "", ["Retry-After": "40"]), .status(200, goodReply))
    let clock = TestClock()
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: clock.pacing(maximumPauses: 0))
    let gaveUp = await client.failure(of: question)

    let response = try await client.send(question)

    #expect(gaveUp != nil)
    #expect(response.attempts == 1)
    #expect(clock.slept == [40])
    await server.stop()
  }

  @Test func aPauseOfADayIsNotWaitedFor() async throws {
    let server = try await ScriptedServer(.status(429, "", ["Retry-After": "86400"]))
    let clock = TestClock()
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: clock.pacing())

    let failure = await client.failure(of: question)

    #expect("\(failure!)".contains("asks to wait 86400 seconds"))
    #expect(clock.slept.isEmpty)
    await server.stop()
  }

  @Test func aQuotaUsedUpIsNotAskedAgain() async throws {
    let server = try await ScriptedServer(.status(429, #"{"error":{"code":"insufficient_quota","message":"pay"}}"#))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())

    let failure = await client.failure(of: question)

    #expect(server.seen.count == 1)
    #expect(failure?.isUnreachable == true)
    guard case .outOfQuota = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    await server.stop()
  }

  @Test func attemptsRunOut() async throws {
    let server = try await ScriptedServer(.status(500, "<b>broken</b>\u{1b}[31m\n\nyes"))
    let clock = TestClock()
    let endpoint = try Endpoint(baseURL: server.baseURL, identity: "builtin/1", maximumAttempts: 4)

    let failure = await ChatClient(endpoint: endpoint, pacing: clock.pacing()).failure(of: question)

    #expect(
      "\(failure!)" == "builtin/1: no answer after 4 attempts; the last: status 500: <b>broken</b>[31m yes")
    #expect(failure?.isUnreachable == true)
    #expect(clock.slept == [0.25, 0.5, 1])
    await server.stop()
  }

  @Test func aPortWithoutAServerIsOutOfReach() async throws {
    let server = try await ScriptedServer(.status(200, goodReply))
    await server.stop()
    let endpoint = try Endpoint(baseURL: server.baseURL, maximumAttempts: 3)

    let failure = await ChatClient(endpoint: endpoint, pacing: TestClock().pacing()).failure(of: question)

    guard case .unreachable(endpoint: server.baseURL, attempts: 3, .refused(host: "127.0.0.1", _)) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(failure?.isUnreachable == true)
  }

  @Test func silenceIsAskedAgain() async throws {
    let server = try await ScriptedServer(.silence, .status(200, goodReply))
    let endpoint = try Endpoint(baseURL: server.baseURL, maximumAttempts: 60, idleTimeout: 8)

    let response = try await ChatClient(endpoint: endpoint, pacing: TestClock().pacing()).send(question)

    // Two, unless the machine is so busy that an answer takes longer than the silence allowed.
    #expect(response.attempts >= 2)
    await server.stop()
  }

  @Test func waitsGrowToTheCapAndVaryByHalf() {
    var pacing = Pacing(base: 0.5, cap: 60)
    pacing.jitter = { 0 }
    let shortest = [1, 2, 3, 8, 9, 200].map { pacing.wait(afterFailures: $0) }
    pacing.jitter = { 1 }
    let longest = [1, 2, 3, 8, 9, 200].map { pacing.wait(afterFailures: $0) }

    #expect(shortest == [0.25, 0.5, 1, 30, 30, 30])
    #expect(longest == [0.5, 1, 2, 60, 60, 60])
  }
}
