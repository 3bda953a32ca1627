import Synchronization
import Testing
import Transfer

@testable import Chat

/// A client's flow control against a server on loopback, by clocks of the tests' own.
struct FlowTests {
  @Test func whatWaitsForItsNextAttemptHoldsNoPlace() async throws {
    let server = try await ScriptedServer { _, request in
      request.body.contains("Unlucky") ? .status(500, "") : .status(200, goodReply)
    }
    let clock = VirtualClock()
    let client = ChatClient(
      endpoint: try Endpoint(baseURL: server.baseURL, concurrency: 1, maximumAttempts: 2), pacing: clock.pacing())
    let unlucky = Task { await client.failure(of: ChatRequest(model: "m", messages: [.user("Unlucky?")])) }
    await clock.waitForSleepers(1)

    for _ in 0..<5 { #expect(try await client.send(question).attempts == 1) }

    #expect(clock.sleeps == [0.25])
    clock.advance(by: 0.25)
    #expect("\(await unlucky.value!)".contains("no answer after 2 attempts"))
    await server.stop()
  }

  @Test func anAnswerCutOffBehindACorrectHeadIsAskedForAgain() async throws {
    let server = try await ScriptedServer(.status(200, #"{"choices":[{"mess"#), .status(200, goodReply))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())

    let response = try await client.send(question)

    #expect(response.attempts == 2)
    #expect(try ChatReply(parsing: response.body).text == "hi")
    await server.stop()
  }

  @Test(arguments: ["<html>Welcome</html>", "", "{}{}", #"{"choices":[]}"#])
  func anAnswerThatCameWholeIsNotAskedForAgainWhateverItSays(body: String) async throws {
    let server = try await ScriptedServer(.status(200, body))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())

    let response = try await client.send(question)

    #expect(response.body == Array(body.utf8))
    #expect(server.seen.count == 1)
    await server.stop()
  }

  @Test func givenLimitsHoldAndAreShown() async throws {
    let server = try await ScriptedServer(.status(200, goodReply))
    let clock = TestClock()
    let endpoint = try Endpoint(baseURL: server.baseURL, limits: RateLimits(requestsPerMinute: 60))
    let client = ChatClient(endpoint: endpoint, pacing: clock.pacing())

    for _ in 0..<14 { _ = try await client.send(question) }

    #expect(clock.slept.map { ($0 * 1000).rounded() } == [1000, 1000, 1000, 1000])
    let flow = client.flow
    #expect((flow.requestsPerMinute, flow.tokensPerMinute) == (14, 140))
    #expect((flow.inFlight, flow.waiting) == (0, 0))
    #expect(flow.limits == RateLimits(requestsPerMinute: 60))
    await server.stop()
  }

  @Test func limitsAreLearnedFromTheFirstAnswer() async throws {
    let headers = [
      "x-ratelimit-limit-requests": "120", "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "59s",
    ]
    let server = try await ScriptedServer(.status(200, goodReply, headers), .status(200, goodReply))
    let clock = TestClock()
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: clock.pacing())

    for _ in 0..<4 { _ = try await client.send(question) }

    #expect(client.flow.limits == RateLimits(requestsPerMinute: 120))
    #expect(clock.slept.map { ($0 * 1000).rounded() } == [500, 500])
    await server.stop()
  }

  @Test func waitingForTheLimitsCanBeCancelled() async throws {
    let server = try await ScriptedServer(.status(200, goodReply))
    let clock = VirtualClock()
    let endpoint = try Endpoint(baseURL: server.baseURL, limits: RateLimits(requestsPerMinute: 6))
    let client = ChatClient(endpoint: endpoint, pacing: clock.pacing())
    _ = try await client.send(question)
    let waiting = Task { await client.failure(of: question) }
    await clock.waitForSleepers(1)
    #expect(client.flow.hold == .limits(secondsLeft: 10))

    waiting.cancel()

    #expect("\(await waiting.value!)" == "cancelled")
    #expect(client.flow.waiting == 0)
    // Nobody needs to be woken any more.
    while !clock.sleeps.isEmpty { await Task.yield() }
    await server.stop()
  }

  @Test func anOutageIsWaitedOutAndCostsNoRequestItsAttempts() async throws {
    let server = try await ScriptedServer { number, _ in
      number < 19 ? .status(500, "broken") : .status(200, goodReply)
    }
    let clock = TestClock()
    let endpoint = try Endpoint(baseURL: server.baseURL, concurrency: 8, maximumAttempts: 3)
    let client = ChatClient(endpoint: endpoint, pacing: clock.pacing())

    let answered = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { await client.failure(of: question) == nil } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }

    #expect(answered == 8)
    #expect(client.flow.hold == nil)
    // The intervals of the trials, less what others slept meanwhile.
    let trials = clock.slept.filter { $0 > 2.5 }
    #expect(zip(trials, [5, 10, 20, 40]).allSatisfy { $0 <= $1 && $0 > $1 - 2.1 })
    await server.stop()
  }

  @Test func patienceWithAnEndpointThatIsAwayEnds() async throws {
    let server = try await ScriptedServer(.status(200, goodReply))
    await server.stop()
    let endpoint = try Endpoint(
      baseURL: server.baseURL, identity: "h", concurrency: 4, maximumAttempts: 20, patience: 120)
    let client = ChatClient(endpoint: endpoint, pacing: TestClock().pacing())

    let failures = await withTaskGroup(of: ChatError?.self) { group in
      for _ in 0..<10 { group.addTask { await client.failure(of: question) } }
      return await group.reduce(into: []) { $0.append($1) }
    }

    #expect(failures.count == 10)
    for failure in failures {
      guard case .unanswered("h", let seconds, let last) = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
      #expect(seconds >= 120 && last.contains("no connection"))
      #expect(failure?.isUnreachable == true)
    }
    #expect(client.flow.hold?.description.contains("no connection") == true)
  }

  @Test(arguments: [400, 401, 402, 404])
  func refusalsAreNoOutage(status: Int) async throws {
    let server = try await ScriptedServer(.status(status, "no"))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())

    for _ in 0..<20 { #expect(await client.failure(of: question) != nil) }

    #expect(server.seen.count == 20)
    #expect(client.flow.hold == nil)
    await server.stop()
  }

  @Test func manyAtOnceAreAllAnswered() async throws {
    let server = try await ScriptedServer { number, _ in
      number % 13 == 3 ? .status(503, "busy") : number % 11 == 5 ? .cutOff : .status(200, goodReply)
    }
    let client = ChatClient(
      endpoint: try Endpoint(baseURL: server.baseURL, concurrency: 64, maximumAttempts: 20),
      pacing: TestClock().pacing())

    let answered = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 { group.addTask { await client.failure(of: question) == nil } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }

    #expect(answered == 200)
    #expect((client.flow.inFlight, client.flow.waiting) == (0, 0))
    await server.stop()
  }
}
