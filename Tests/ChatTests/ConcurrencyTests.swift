import Synchronization
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

  private final class Order: Sendable {
    let numbers = Mutex<[Int]>([])
  }

  private func gate(width: Int) throws -> SendGate {
    SendGate(try Endpoint(baseURL: "http://h/v1", concurrency: width), pacing: Pacing())
  }

  @Test func placesAreGivenInTheOrderOfAskingAndFirstToThoseThatHadOne() async throws {
    let gate = try gate(width: 1)
    let first = try await gate.admit(tokens: 0, isReturning: false)
    let order = Order()
    var waiting: [Task<Void, any Error>] = []
    for number in 1...5 {
      waiting.append(
        Task {
          let permit = try await gate.admit(tokens: 0, isReturning: number == 4)
          order.numbers.withLock { $0.append(number) }
          _ = gate.finish(permit, .unsent)
        })
      while gate.flow.waiting < number { await Task.yield() }
    }

    _ = gate.finish(first, .unsent)
    for task in waiting { try await task.value }

    #expect(order.numbers.withLock { $0 } == [4, 1, 2, 3, 5])
    #expect(gate.flow.inFlight == 0)
  }

  @Test func whoGivesUpInTheQueueTakesNoPlace() async throws {
    let gate = try gate(width: 1)
    let first = try await gate.admit(tokens: 0, isReturning: false)
    let impatient = Task { try? await gate.admit(tokens: 0, isReturning: false) }
    while gate.flow.waiting < 1 { await Task.yield() }

    impatient.cancel()

    #expect(await impatient.value == nil)
    _ = gate.finish(first, .unsent)
    #expect(gate.flow.inFlight == 0)
    _ = try await gate.admit(tokens: 0, isReturning: false)
  }

  @Test func placesOutliveAStormOfCancellations() async throws {
    let gate = try gate(width: 4)

    await withTaskGroup(of: Void.self) { group in
      for number in 0..<400 {
        group.addTask {
          let task = Task {
            let permit = try await gate.admit(tokens: 0, isReturning: number.isMultiple(of: 5))
            await Task.yield()
            _ = gate.finish(permit, .unsent)
          }
          if number.isMultiple(of: 3) { task.cancel() }
          _ = await task.result
        }
      }
    }

    #expect((gate.flow.inFlight, gate.flow.waiting) == (0, 0))
    for _ in 0..<4 { _ = try await gate.admit(tokens: 0, isReturning: false) }
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
