import CCurl
import Testing

@testable import Transfer

struct TransferErrorTests {
  @Test(arguments: [
    "", "host/path", "ftp://host/", "file:///etc/passwd", "http://", "http://host:99999/", "http://a b/",
  ])
  func anythingButHTTPIsABadURL(url: String) async {
    #expect(await HTTPClient().failure(of: get(url)) == .badURL(url))
  }

  @Test func aBadURLShowsNoSecrets() async {
    let failure = await HTTPClient().failure(of: get("ftp://me:secret@host/path?key=secret"))

    #expect(failure == .badURL("host/path"))
  }

  @Test(arguments: [("X-A", "a\r\nX-B: b"), ("X-A", "a\n"), ("X-A", "a\0b"), ("X A", "a"), ("", "a"), ("X:", "a")])
  func aHeaderThatWouldBreakOutOfItsLineIsRefused(name: String, value: String) async {
    var request = get("http://127.0.0.1:1/")
    request.headers.append(name, value)

    #expect(await HTTPClient().failure(of: request) == .badHeader(name: name))
  }

  @Test func credentialsShowInNoDescription() {
    var request = get("http://127.0.0.1:1/")
    request.headers = ["authorization": "Bearer sk-secret", "Api-Key": "sk-secret", "Accept": "text/plain"]

    var dumped = ""
    dump(request, to: &dumped)

    for text in ["\(request)", String(reflecting: request), "\(request.headers)", dumped] {
      #expect(!text.contains("sk-secret"))
      #expect(text.contains("text/plain"))
    }
  }

  /// The codes are libcurl's (libcurl-errors(3)).
  @Test(
    arguments: [
      (6, TransferError.couldNotResolve(host: "h")), (7, .refused(host: "h", port: 8)),
      (28, .connectTimeout(host: "h", port: 8, seconds: 20)), (60, .tls(host: "h", reason: "words")),
      (18, .cutOff(received: 3)), (52, .cutOff(received: 3)), (55, .cutOff(received: 3)), (56, .cutOff(received: 3)),
      (92, .cutOff(received: 3)), (27, .other(code: 27, text: "words")),
    ])
  func eachCodeOfLibcurlHasItsError(code: Int, error: TransferError) async throws {
    let failure = CurlFailure(code: CURLcode(rawValue: UInt32(code)), reason: "words", received: 3)

    let mapped = try failure.error(
      for: Destination(of: "http://h:8/"), request: HTTPRequest(method: .get, url: "http://h:8/"))

    #expect(mapped == error)
  }

  @Test(
    arguments: [
      ([:], "localhost,127.0.0.1,::1"), (["no_proxy": "a.b"], "a.b,localhost,127.0.0.1,::1"),
      (["NO_PROXY": "a.b"], "a.b,localhost,127.0.0.1,::1"), (["no_proxy": "a.b, *"], "*"),
    ] as [([String: String], String)])
  func thisMachineIsNeverReachedThroughAProxy(environment: [String: String], hosts: String) {
    #expect(CurlOptions.hostsWithoutProxy(environment) == hosts)
  }

  @Test func eachErrorSaysWhatToDo() {
    let errors: [TransferError] = [
      .badURL("x"), .refused(host: "localhost", port: 8000), .connectTimeout(host: "h", port: 1, seconds: 1),
      .idle(seconds: 600), .cutOff(received: 12),
    ]

    #expect(
      errors.map(\.description).joined(separator: "\n") == """
        'x': not an http or https URL. Write it as https://host/path.
        localhost:8000: no connection. Check that a server listens there.
        h:1: no connection within 1 second. Check the network, or whether the host is up.
        no byte came for 600 seconds. The server may be overloaded; raise the idle timeout if it only is slow.
        the connection ended in the middle of the answer, after 12 bytes of its body.
        """)
  }
}
