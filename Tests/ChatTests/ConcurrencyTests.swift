import Testing
import Transfer

@testable import Chat

struct ConcurrencyTests {
  @Test func noMoreRequestsAreInFlightThanTheEndpointAllows() async throws {
    let server = try await ScriptedServer { _, _ in
      for _ in 0..<20 { await Task.yield() }
      return .status(200, goodReply)
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL, concurrency: 3))

    let answered = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<30 { group.addTask { await client.failure(of: question) == nil } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }

    #expect(answered == 30)
    #expect(server.mostAtOnce <= 3)
    await server.stop()
  }

  @Test func placesAreGivenInTheOrderOfAsking() async {
    let gate = SendGate(width: 1)
    #expect(await gate.enter())
    var waiting: [Task<Bool, Never>] = []
    for number in 1...3 {
      waiting.append(Task { await gate.enter() })
      while gate.queueLength < number { await Task.yield() }
    }

    gate.leave()
    #expect(await waiting[0].value)
    #expect(gate.queueLength == 2)
    gate.leave()
    #expect(await waiting[1].value)
    #expect(gate.queueLength == 1)
    gate.leave()
    #expect(await waiting[2].value)
  }

  @Test func whoGivesUpInTheQueueTakesNoPlace() async {
    let gate = SendGate(width: 1)
    #expect(await gate.enter())
    let impatient = Task { await gate.enter() }
    while gate.queueLength < 1 { await Task.yield() }

    impatient.cancel()

    #expect(await impatient.value == false)
    gate.leave()
    #expect(await gate.enter())
  }

  @Test func placesOutliveAStormOfCancellations() async {
    let gate = SendGate(width: 4)

    await withTaskGroup(of: Void.self) { group in
      for number in 0..<400 {
        group.addTask {
          let task = Task {
            guard await gate.enter() else { return }
            await Task.yield()
            gate.leave()
          }
          if number.isMultiple(of: 3) { task.cancel() }
          await task.value
        }
      }
    }

    for _ in 0..<4 { #expect(await gate.enter()) }
    #expect(gate.queueLength == 0)
  }

  @Test func cancellingEndsARequestInFlightAndFreesItsPlace() async throws {
    let server = try await ScriptedServer { number, _ in number == 0 ? .silence : .status(200, goodReply) }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL, concurrency: 1))
    let task = Task { await client.failure(of: question) }
    await server.arrivals.first { _ in true }

    task.cancel()

    #expect("\(await task.value!)" == "cancelled")
    #expect(try await client.send(question).status == 200)
    await server.stop()
  }

  @Test func cancellingEndsAWaitForTheNextAttempt() async throws {
    let server = try await ScriptedServer(.status(500, ""))
    let (waits, wait) = AsyncStream.makeStream(of: Void.self)
    var pacing = TestClock().pacing()
    pacing.sleep = { _ in
      wait.yield()
      try await Task.sleep(for: .seconds(600))
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: pacing)
    let task = Task { await client.failure(of: question) }
    await waits.first { true }

    task.cancel()

    #expect("\(await task.value!)" == "cancelled")
    await server.stop()
  }

  @Test func whatCannotBeRecordedIsNotSent() async throws {
    struct DiskFull: Error, CustomStringConvertible { let description = "run.sqlite: no space left" }
    let server = try await ScriptedServer(.status(200, goodReply))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

    await #expect {
      _ = try await client.send(question) { _ in throw DiskFull() }
    } throws: { error in
      "\(error)" == "run.sqlite: no space left"
    }

    #expect(server.seen.isEmpty)
    await server.stop()
  }
}
