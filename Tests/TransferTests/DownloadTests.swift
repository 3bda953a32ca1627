import Foundation
import Synchronization
import Testing

@testable import Transfer

/// Bodies that go to a sink, and redirects on the way to them.
struct DownloadTests {
  private final class Collected: Sendable {
    let bytes = Mutex<[UInt8]>([])

    var count: Int { bytes.withLock { $0.count } }

    func sink(limit: Int = .max) -> BodySink {
      BodySink(
        takes: { $0.status == 200 || $0.status == 206 },
        receive: { new in
          self.bytes.withLock { $0.append(contentsOf: new) }
          return self.count < limit
        })
    }
  }

  @Test func aBodyGoesToTheSinkWhateverTheLimitOfMemory() async throws {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n")
      for _ in 0..<50 { connection.write([UInt8](repeating: 7, count: 100_000)) }
    }
    let collected = Collected()

    let response = try await HTTPClient().download(get(server.url, limit: 10), to: collected.sink())

    #expect(response.status == 200)
    #expect(response.body.isEmpty)
    #expect(response.origin == "http://127.0.0.1:\(server.port)")
    #expect(collected.bytes.withLock { $0 } == [UInt8](repeating: 7, count: 5_000_000))
    server.stop()
  }

  @Test func anErrorsTextIsNotTheBodyThatWasAskedFor() async throws {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")
    }
    let collected = Collected()

    let response = try await HTTPClient().download(get(server.url), to: collected.sink())

    #expect(response.text == "gone")
    #expect(collected.count == 0)
    server.stop()
  }

  @Test func aSinkThatHasEnoughEndsTheTransfer() async throws {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + String(repeating: "x", count: 1000))
      connection.waitForEnd()
    }

    await #expect(throws: TransferError.cancelled) {
      try await HTTPClient().download(get(server.url), to: Collected().sink(limit: 1))
    }
    server.stop()
  }

  @Test func whatCameBeforeACutIsInTheSink() async throws {
    let server = RawServer { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    }
    let collected = Collected()

    await #expect(throws: TransferError.cutOff(received: 4)) {
      try await HTTPClient().download(get(server.url), to: collected.sink())
    }
    #expect(collected.count == 4)
    server.stop()
  }

  @Test func aRequestForRangesAsksForNoPacking() async throws {
    let server = Self.echo()
    var request = get(server.url)
    request.acceptsGzip = false
    request.headers = ["Range": "bytes=5-"]

    let response = try await HTTPClient().send(request)

    #expect(!response.text.lowercased().contains("accept-encoding"))
    #expect(response.text.contains("Range: bytes=5-"))
    server.stop()
  }

  @Test func credentialsStayWithTheServerTheyAreFor() async throws {
    let other = Self.echo()
    let server = Self.redirecting { $0.contains("/here") ? "/there" : "http://127.0.0.1:\(other.port)/other" }
    var request = get(server.url + "here")
    request.headers = ["Authorization": "Bearer abc", "X-Api-Key": "abc", "If-Range": "\"t\"", "Range": "bytes=1-"]

    let response = try await HTTPClient().send(request)

    #expect(response.text.hasPrefix("GET /other"))
    #expect(!response.text.contains("abc"))
    #expect(!response.text.contains("If-Range"))
    #expect(response.text.contains("Range: bytes=1-"))
    #expect(response.origin == "http://127.0.0.1:\(other.port)")
    other.stop()
    server.stop()
  }

  @Test func credentialsFollowOnTheSameServer() async throws {
    let server = RawServer { connection in
      while let request = connection.request() {
        guard request.hasPrefix("GET /new") else {
          connection.write("HTTP/1.1 301 Moved\r\nLocation: new name\r\nContent-Length: 0\r\n\r\n")
          continue
        }
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)")
      }
    }
    var request = get(server.url)
    request.headers = ["Authorization": "Bearer abc"]

    let response = try await HTTPClient().send(request)

    #expect(response.text.hasPrefix("GET /new%20name"))
    #expect(response.text.contains("Bearer abc"))
    server.stop()
  }

  @Test func redirectsInACircleEnd() async throws {
    let server = Self.redirecting { _ in "/" }

    let failure = await HTTPClient().failure(of: get(server.url))

    #expect(failure == .other(code: 47, text: "redirected more than 8 times"))
    server.stop()
  }

  @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "javascript:1"])
  func aRedirectToAnythingButHTTPIsNotFollowed(location: String) async throws {
    let server = Self.redirecting { _ in location }

    let response = try await HTTPClient().send(get(server.url))

    #expect(response.status == 302)
    server.stop()
  }

  /// 192.0.2.1 is nobody's (RFC 5737).
  @Test(arguments: [
    ("https://a.example/", "http://127.0.0.1/", false, nil), ("https://a.example/", "http://b.example/", false, nil),
    ("http://a.example/", "http://b.example/", false, "http://b.example/"),
    ("http://a.example/", "http://b.example/", true, nil),
    ("http://localhost/", "http://127.0.0.1:9/", true, "http://127.0.0.1:9/"),
    ("http://localhost/", "https://b.example/", true, "https://b.example/"),
    ("http://localhost/", "http://127.0.0.1.b.example/", true, nil),
  ])
  func aRedirectNeverGivesUpEncryption(from url: String, to location: String, strict: Bool, next: String?) throws {
    var request = get(url)
    request.staysEncrypted = strict
    let response = HTTPResponse(status: 302, headers: ["Location": location], body: [], seconds: 0)

    #expect(try Redirect.next(after: request, response)?.url == next)
  }

  /// Answers with the request itself.
  private static func echo() -> RawServer {
    RawServer { connection in
      while let request = connection.request() {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)")
      }
    }
  }

  private static func redirecting(_ location: @escaping @Sendable (String) -> String) -> RawServer {
    RawServer { connection in
      while let request = connection.request() {
        connection.write("HTTP/1.1 302 Found\r\nLocation: \(location(request))\r\nContent-Length: 0\r\n\r\n")
      }
    }
  }
}
