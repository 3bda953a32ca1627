import CCurl

/// A transfer in flight: libcurl's handle, what came so far, and who waits for it. Lives on the curl thread only.
final class ActiveTransfer {
  /// More bytes of header fields than any honest server sends.
  private static let maximumHeaderBytes = 256 << 10

  let pending: PendingTransfer
  private(set) var easy: CurlEasy
  private var headers: HTTPHeaders = [:]
  private var headerBytes = 0
  private var headIsWhole = false
  private var body: [UInt8] = []
  private var received = 0
  private var sinkTakesBody: Bool?
  private var bytesSent: curl_off_t = 0
  private var limitBroken: Int?
  private var sinkHasEnough = false
  /// Of a body that comes in pieces: how much of it libcurl has.
  private var bodyOffset = 0
  private var bodyIsUnreadable = false
  private(set) var lastActivity = SuspendingClock.now

  init(_ pending: PendingTransfer, options: CurlOptions) throws(TransferError) {
    self.pending = pending
    easy = try CurlEasy()
    try options.apply(to: &easy, for: pending)
    try easy.setCallbacks(
      header: { bytes, size, count, context in
        ActiveTransfer.at(context)?.receive(header: UnsafeBufferPointer(start: bytes, count: size * count)) ?? 0
      },
      body: { bytes, size, count, context in
        ActiveTransfer.at(context)?.receive(body: UnsafeBufferPointer(start: bytes, count: size * count)) ?? 0
      },
      progress: { context, _, _, _, bytesSent in
        ActiveTransfer.at(context)?.note(bytesSent: bytesSent)
        return 0
      },
      context: Unmanaged.passUnretained(self).toOpaque())
    if pending.request.method == .post, let source = pending.request.bodySource { try setBody(source) }
  }

  /// When it has to be given up unless something moves before.
  var idleDeadline: SuspendingClock.Instant {
    lastActivity.advanced(by: .seconds(pending.request.idleTimeout))
  }

  /// Tells the one who waits; to be called once, at the end.
  func finish(_ result: Result<HTTPResponse, TransferError>) {
    pending.then.resume(returning: result)
  }

  /// What came of the transfer, once libcurl has ended it with `code`.
  func outcome(of code: CURLcode) -> Result<HTTPResponse, TransferError> {
    if let limitBroken { return .failure(.tooLarge(limit: limitBroken)) }
    if sinkHasEnough { return .failure(.cancelled) }
    if bodyIsUnreadable { return .failure(.unreadableBody) }
    guard code == CURLE_OK else {
      let failure = CurlFailure(code: code, reason: easy.reason(for: code), received: received)
      return .failure(failure.error(for: pending.destination, request: pending.request))
    }
    // libcurl 7.88 takes a head that breaks off for the whole of it.
    guard headIsWhole else { return .failure(.cutOff(received: received)) }
    return .success(
      HTTPResponse(
        status: easy.number(CURLINFO_RESPONSE_CODE), headers: headers, body: body,
        seconds: Double(easy.offset(CURLINFO_TOTAL_TIME_T)) / 1_000_000,
        newConnections: easy.number(CURLINFO_NUM_CONNECTS), origin: pending.destination.origin))
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
    context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Returns how many bytes were taken; any other number than all makes libcurl end the transfer.
  private func receive(header bytes: UnsafeBufferPointer<CChar>) -> Int {
    lastActivity = .now
    headerBytes += bytes.count
    guard headerBytes <= Self.maximumHeaderBytes else {
      limitBroken = Self.maximumHeaderBytes
      return 0
    }
    let line = String(decoding: UnsafeRawBufferPointer(bytes), as: UTF8.self)
    if line.hasPrefix("HTTP/") { headIsWhole = false }
    if line.allSatisfy(\.isNewline) { headIsWhole = true }
    headers.receive(line: line)
    return bytes.count
  }

  private func receive(body bytes: UnsafeBufferPointer<CChar>) -> Int {
    lastActivity = .now
    received += bytes.count
    if let sink = pending.sink, takesBody(sink) {
      sinkHasEnough = !sink.receive(UnsafeRawBufferPointer(bytes))
      return sinkHasEnough ? 0 : bytes.count
    }
    guard bytes.count <= pending.request.maximumResponseBytes - body.count else {
      limitBroken = pending.request.maximumResponseBytes
      return 0
    }
    body.append(contentsOf: UnsafeRawBufferPointer(bytes))
    return bytes.count
  }

  /// Asked once, when the head is whole and the first bytes of the body are there.
  private func takesBody(_ sink: BodySink) -> Bool {
    if let sinkTakesBody { return sinkTakesBody }
    let head = HTTPResponse(
      status: easy.number(CURLINFO_RESPONSE_CODE), headers: headers, body: [], seconds: 0,
      origin: pending.destination.origin)
    let answer = sink.takes(head)
    sinkTakesBody = answer
    return answer
  }

  private func setBody(_ source: BodySource) throws(TransferError) {
    try easy.setBodySource(
      size: source.size,
      read: { bytes, size, count, context in
        guard let bytes, let transfer = ActiveTransfer.at(context) else { return Int(CURL_READFUNC_ABORT) }
        return transfer.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
      },
      seek: { context, offset, _ in
        ActiveTransfer.at(context)?.bodyOffset = Int(offset)
        return CURL_SEEKFUNC_OK
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }

  /// Returns how many bytes of the body there are, none after the last.
  private func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let source = pending.request.bodySource else { return Int(CURL_READFUNC_ABORT) }
    let left = min(buffer.count, source.size - bodyOffset)
    guard left > 0 else { return 0 }
    let count = source.read(UnsafeMutableRawBufferPointer(rebasing: buffer[..<left]), at: bodyOffset)
    guard count > 0, count <= left else {
      bodyIsUnreadable = true
      return Int(CURL_READFUNC_ABORT)
    }
    bodyOffset += count
    return count
  }

  private func note(bytesSent: curl_off_t) {
    guard bytesSent != self.bytesSent else { return }
    self.bytesSent = bytesSent
    lastActivity = .now
  }
}
