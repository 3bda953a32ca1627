import Foundation
import Testing

@testable import Transfer

struct HTTPClientTests {
  @Test func twoHundredRequestsThirtyTwoAtATimeTakeFewConnections() async throws {
    let server = try await EchoServer()
    let client = HTTPClient()

    let (texts, connections) = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
      var (texts, connections) = (Set<String>(), 0)
      for number in 0..<200 {
        if number >= 32, let response = try await group.next() {
          texts.insert(response.text)
          connections += response.newConnections
        }
        group.addTask { try await client.send(post(server.url, "request \(number)")) }
      }
      for try await response in group {
        texts.insert(response.text)
        connections += response.newConnections
      }
      return (texts, connections)
    }

    #expect(texts == Set((0..<200).map { "request \($0)" }))
    #expect(connections < 40)
    await server.stop()
  }

  @Test func aConnectionIsUsedAgain() async throws {
    let server = try await EchoServer()
    let client = HTTPClient()

    var connections: [Int] = []
    for _ in 0..<5 { connections.append(try await client.send(post(server.url, "again")).newConnections) }

    #expect(connections == [1, 0, 0, 0, 0])
    await server.stop()
  }

  @Test func aBodyOfTwoMegabytesGoesThereAndBackUnchanged() async throws {
    let server = try await EchoServer()
    let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

    let response = try await HTTPClient().send(HTTPRequest(method: .post, url: server.url, body: body))

    // The macro would look for the differences of two long arrays, for ever.
    let isUnchanged = response.body == body
    #expect(response.status == 200)
    #expect(isUnchanged)
    await server.stop()
  }

  @Test func whatIsSentIsWhatWasAskedFor() async throws {
    let server = RawServer { connection in
      let request = connection.request() ?? ""
      connection.write(
        "HTTP/1.1 201 Created\r\nContent-Length: \(request.utf8.count)\r\nX-A: 1\r\nx-a:  2 \r\n\r\n\(request)")
    }
    var request = post(server.url + "path?query=1", "body")
    request.headers = ["Authorization": "Bearer abc", "X-Empty": ""]

    let response = try await HTTPClient(userAgent: "tester").send(request)

    let lines = response.text.split(separator: "\r\n").map(String.init)
    #expect(lines.first == "POST /path?query=1 HTTP/1.1")
    #expect(lines.contains("Authorization: Bearer abc"))
    #expect(lines.contains("X-Empty:"))
    #expect(lines.contains("User-Agent: tester"))
    #expect(lines.contains("Accept-Encoding: gzip"))
    // With it libcurl would wait up to a second for '100 Continue'.
    #expect(!response.text.contains("Expect:"))
    #expect(lines.last == "body")
    #expect(response.status == 201)
    #expect(response.headers["X-a"] == "1")
    #expect(response.headers.values(of: "x-A") == ["1", "2"])
    server.stop()
  }

  /// The bytes are those of Python's gzip.compress(b"hello " * 20, mtime=0).
  @Test func gzipIsUnpacked() async throws {
    let server = RawServer { Self.answerGzip(on: $0) }

    let response = try await HTTPClient().send(get(server.url))

    #expect(response.text == String(repeating: "hello ", count: 20))
    server.stop()
  }

  @Test func theLimitHoldsForWhatIsUnpacked() async {
    let server = RawServer { Self.answerGzip(on: $0) }

    let failure = await HTTPClient().failure(of: get(server.url, limit: 100))

    #expect(failure == .tooLarge(limit: 100))
    server.stop()
  }

  @Test func aPostIsNotRedirectedAndAGetIs() async throws {
    let server = RawServer { connection in
      guard let request = connection.request() else { return }
      if request.contains("/new") {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere")
      } else {
        connection.write(
          "HTTP/1.1 307 Moved\r\nLocation: /new\r\nX-Old: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
      }
    }
    let client = HTTPClient()

    let posted = try await client.send(post(server.url, "x"))
    let got = try await client.send(get(server.url))

    #expect(posted.status == 307)
    #expect(posted.headers["location"] == "/new")
    #expect(got.status == 200)
    #expect(got.text == "here")
    #expect(got.headers["X-Old"] == nil)
    server.stop()
  }

  @Test func anAnswerWithoutABodyIsWhole() async throws {
    let server = RawServer { connection in
      while connection.request() != nil { connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
    }

    let response = try await HTTPClient().send(get(server.url))

    #expect(response.status == 204)
    #expect(response.body.isEmpty)
    server.stop()
  }

  private static func answerGzip(on connection: RawConnection) {
    let bytes: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 87, 200, 160, 59, 9, 0, 47, 250, 248, 72, 120, 0, 0, 0,
    ]
    _ = connection.request()
    connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n")
    connection.write(bytes)
  }
}
