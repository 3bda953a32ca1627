import CCurl
import Foundation

/// How every transfer is set up, whatever it asks for.
struct CurlOptions {
  let userAgent: String
  private let noProxy: String

  init(userAgent: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.userAgent = userAgent
    noProxy = Self.hostsWithoutProxy(environment)
  }

  func apply(to easy: inout CurlEasy, for pending: PendingTransfer) throws(TransferError) {
    let request = pending.request
    try easy.set(CURLOPT_URL, request.url)
    try easy.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(min(request.connectTimeout, 1e6) * 1000)))
    try setMethod(of: request, on: &easy)
    try setProtocols(on: easy)
    if request.acceptsGzip { try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
    try setConnection(on: easy)
    // For files, whose bytes would else come 16 KiB at a time.
    if pending.sink != nil { try easy.set(CURLOPT_BUFFERSIZE, 512 << 10) }
    // An empty Expect: libcurl would wait up to a second for '100 Continue' before a large body.
    try easy.setHeaders(request.headers.curlLines + ["Expect:"])
  }

  private func setMethod(of request: HTTPRequest, on easy: inout CurlEasy) throws(TransferError) {
    switch request.method {
    case .get: try easy.set(CURLOPT_HTTPGET, 1)
    case .head: try easy.set(CURLOPT_NOBODY, 1)
    case .post:
      try easy.set(CURLOPT_POST, 1)
      // What comes in pieces is read by the transfer itself.
      if request.bodySource == nil { try easy.setBody(request.body) }
    }
    // HTTPClient follows them itself: libcurl would carry along every credential that is not named Authorization.
    try easy.set(CURLOPT_FOLLOWLOCATION, 0)
  }

  private func setProtocols(on easy: borrowing CurlEasy) throws(TransferError) {
    try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
    try easy.set(CURLOPT_SSL_VERIFYPEER, 1)
    try easy.set(CURLOPT_SSL_VERIFYHOST, 2)
    try easy.set(CURLOPT_USERAGENT, userAgent)
    try easy.set(CURLOPT_NOPROXY, noProxy)
    try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
  }

  private func setConnection(on easy: borrowing CurlEasy) throws(TransferError) {
    try easy.set(CURLOPT_NOSIGNAL, 1)
    // Else the curl thread would wait for a name lookup that nobody needs any more.
    try easy.set(CURLOPT_QUICK_EXIT, 1)
    // A model may think for minutes before its first byte; routers forget silent connections sooner.
    try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
    try easy.set(CURLOPT_TCP_KEEPIDLE, 60)
    try easy.set(CURLOPT_TCP_KEEPINTVL, 60)
  }

  /// The environment's list with this machine added; setting the option makes libcurl overlook the environment's own.
  static func hostsWithoutProxy(_ environment: [String: String]) -> String {
    let listed = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    // libcurl knows the star only when it stands alone.
    if listed.split(whereSeparator: { $0 == "," || $0 == " " }).contains("*") { return "*" }
    let loopback = "localhost,127.0.0.1,::1"
    return listed.isEmpty ? loopback : "\(listed),\(loopback)"
  }
}
