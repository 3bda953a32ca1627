import Foundation
import Testing

@testable import Transfer

/// How transfers end that nobody waits for any more.
struct EndOfTransferTests {
  @Test func cancellingTheTaskAbortsTheTransfer() async {
    let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
    let (gone, departure) = AsyncStream.makeStream(of: Void.self)
    let server = RawServer { connection in
      _ = connection.request()
      arrival.yield()
      connection.waitForEnd()
      departure.yield()
    }
    let client = HTTPClient()
    let task = Task { await client.failure(of: get(server.url, idleTimeout: 600)) }

    await arrived.first { true }
    task.cancel()

    #expect(await task.value == .cancelled)
    await gone.first { true }
    server.stop()
  }

  @Test func aCancelledTaskSendsNothing() async {
    let server = RawServer { $0.waitForEnd() }
    let client = HTTPClient()

    let failure = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await client.failure(of: get(server.url))
    }.value

    #expect(failure == .cancelled)
    server.stop()
  }

  @Test func shuttingDownFailsWhatIsInFlightAndWhatComesLater() async {
    let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
    let server = RawServer { connection in
      _ = connection.request()
      arrival.yield()
      connection.waitForEnd()
    }
    let client = HTTPClient()
    let task = Task { await client.failure(of: get(server.url, idleTimeout: 600)) }

    await arrived.first { true }
    client.shutdown()

    #expect(await task.value == .closed)
    #expect(await client.failure(of: get(server.url)) == .closed)
    server.stop()
  }

  @Test func aClientThatIsLetGoClosesItsConnections() async throws {
    let (gone, departure) = AsyncStream.makeStream(of: Void.self)
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      connection.waitForEnd()
      departure.yield()
    }

    let text = try await HTTPClient().send(get(server.url)).text

    #expect(text == "ok")
    await gone.first { true }
    server.stop()
  }
}
