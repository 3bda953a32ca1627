import Foundation
import Testing

@testable import Transfer

struct BrokenTransferTests {
  @Test func aPortWithoutAServerRefuses() async {
    let port = closedPort()

    let failure = await HTTPClient().failure(of: get("http://127.0.0.1:\(port)/"))

    #expect(failure == .refused(host: "127.0.0.1", port: port))
  }

  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", 9),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 5),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0),
      ("HTTP/1.1 200 OK\r\nContent-Le", 0),
      ("", 0),
    ])
  func anAnswerCutOffOnTheWireIsNoAnswer(text: String, received: Int) async {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write(text)
    }

    let failure = await HTTPClient().failure(of: get(server.url))

    #expect(failure == .cutOff(received: received))
    server.stop()
  }

  @Test(arguments: 0..<40)
  func garbageIsAnErrorAndNoCrash(seed: Int) async {
    let server = RawServer { connection in
      _ = connection.request()
      var random = SplitMix64(seed: UInt64(seed))
      let start = seed.isMultiple(of: 2) ? "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n" : ""
      connection.write(Array(start.utf8) + (0..<500).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    let failure = await HTTPClient().failure(of: get(server.url))

    #expect(failure != nil)
    server.stop()
  }

  @Test func silenceIsIdle() async {
    let server = RawServer { connection in
      _ = connection.request()
      connection.waitForEnd()
    }

    let failure = await HTTPClient().failure(of: get(server.url, idleTimeout: 0.2))

    #expect(failure == .idle(seconds: 0.2))
    server.stop()
  }

  @Test func silenceInTheMiddleIsIdle() async {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
      connection.waitForEnd()
    }

    let failure = await HTTPClient().failure(of: get(server.url, idleTimeout: 0.2))

    #expect(failure == .idle(seconds: 0.2))
    server.stop()
  }

  @Test func slowIsNotIdle() async throws {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n")
      for _ in 0..<12 {
        connection.rest(milliseconds: 150)
        connection.write("x")
      }
    }

    let response = try await HTTPClient().send(get(server.url, idleTimeout: 1.6))

    #expect(response.text == "xxxxxxxxxxxx")
    #expect(response.seconds > 1.6)
    server.stop()
  }

  @Test func anAnswerBeyondTheLimitIsGivenUp() async {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + String(repeating: "x", count: 1001))
    }
    let client = HTTPClient()

    let over = await client.failure(of: get(server.url, limit: 1000))
    let within = await client.failure(of: get(server.url, limit: 1001))

    #expect(over == .tooLarge(limit: 1000))
    #expect(within == nil)
    server.stop()
  }

  @Test func endlessHeadersAreGivenUp() async {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\n")
      for number in 0..<400 { connection.write("X-\(number): \(String(repeating: "y", count: 1000))\r\n") }
    }

    let failure = await HTTPClient().failure(of: get(server.url))

    #expect(failure == .tooLarge(limit: 256 << 10))
    server.stop()
  }

  @Test func plainTextIsNoSecureConnection() async {
    let server = RawServer { connection in
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")
    }

    let failure = await HTTPClient().failure(of: get("https://127.0.0.1:\(server.port)/"))

    guard case .tls(host: "127.0.0.1", _) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    server.stop()
  }
}
