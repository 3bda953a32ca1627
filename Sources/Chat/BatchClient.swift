public import Transfer

/// An endpoint's Batch API, as OpenAI has it: files of requests that are answered within a day, at a lower price.
///
/// Attempts are made again as `ChatClient`'s are, with what the endpoint says of waiting; only the making of a batch,
/// which costs money, is never repeated before the endpoint was asked whether it has the batch already.
public struct BatchClient: Sendable {
  private let client: ChatClient

  /// What OpenAI takes in one file.
  public static let mostRequests = 50_000
  public static let mostBytes = 200_000_000

  private static let window = "24h"
  /// Pages of batches that are looked through for one of ours, 100 a page, the newest first.
  private static let mostPages = 100
  /// What a clock may be wrong by, seconds: batches older than this before ours was made are not looked at.
  private static let clockError = 86_400

  public init(_ client: ChatClient) {
    self.client = client
  }

  /// Uploads the lines of requests; returns the file's id. Done twice, it only leaves a file that nobody uses.
  ///
  /// `boundary` parts the fields of the form: a text of letters and digits that occurs in no line.
  public func upload(_ lines: BodySource, boundary: String) async throws(ChatError) -> String {
    let file = BatchFile(lines, boundary: boundary)
    var call = HTTPCall(method: .post, path: "/files", body: [], output: .plain, tokens: nil)
    call.contentType = file.contentType
    call.bodySource = file.source
    let json = try await json(call, isEntrance: true)
    guard let id = json["id"]?.stringValue, !id.isEmpty else { throw badReply(json) }
    return id
  }

  /// Makes a batch of an uploaded file. `tag` tells it from all others; it is kept in the batch's metadata, where a batch
  /// is found again whose making nobody lived to see. `mayExist`: an earlier attempt may have made it; `since` is when
  /// the first one was, seconds since 1970.
  public func create(
    file: String, tag: String, mayExist: Bool, since: Int? = nil
  ) async throws(ChatError) -> BatchStatus {
    if mayExist, let known = try await find(tag: tag, since: since) { return known }
    let order: JSONValue = [
      "input_file_id": .string(file), "endpoint": .string(BatchLine.url), "completion_window": .string(Self.window),
      "metadata": [BatchStatus.tagName: .string(tag)],
    ]
    var failures = 0
    while true {
      do throws(ChatError) {
        let call = HTTPCall(
          method: .post, path: "/batches", body: order.canonicalBytes, output: .plain, tokens: nil)
        return try await status(call, attempts: 1)
      } catch {
        guard Self.mayHaveMade(error) else { throw error }
        failures += 1
        guard failures < client.endpoint.maximumAttempts else { throw error }
        do { try await client.pacing.sleep(client.pacing.wait(afterFailures: failures)) } catch { throw .cancelled }
        if let known = try await find(tag: tag, since: since) { return known }
      }
    }
  }

  /// How a batch stands; nil where the endpoint has none of this id.
  public func status(of id: String) async throws(ChatError) -> BatchStatus? {
    let call = HTTPCall(method: .get, path: "/batches/\(Self.escaped(id))", body: [], output: .plain, tokens: nil)
    do throws(ChatError) {
      return try await status(call, attempts: client.endpoint.maximumAttempts)
    } catch {
      if case .rejected(_, 404, _) = error { return nil }
      throw error
    }
  }

  /// The batch with this tag; nil where the endpoint has none, or does not list batches.
  public func find(tag: String, since: Int? = nil) async throws(ChatError) -> BatchStatus? {
    var after = ""
    for _ in 0..<Self.mostPages {
      let path = "/batches?limit=100" + (after.isEmpty ? "" : "&after=\(Self.escaped(after))")
      let call = HTTPCall(method: .get, path: path, body: [], output: .plain, tokens: nil)
      let page: JSONValue
      do throws(ChatError) {
        page = try await json(call)
      } catch {
        if case .rejected(_, let status, _) = error, [404, 405].contains(status) { return nil }
        throw error
      }
      let batches = (page["data"]?.arrayValue ?? []).compactMap { BatchStatus($0) }
      if let known = batches.first(where: { $0.tag == tag }) { return known }
      guard page["has_more"] == true, let last = batches.last, last.id != after else { return nil }
      if let since, let created = last.created, created < since - Self.clockError { return nil }
      after = last.id
    }
    return nil
  }

  /// Streams a file's bytes to `sink`, which has to begin anew with each answer that it takes. False where there is no
  /// such file.
  public func download(_ file: String, to sink: BodySink) async throws(ChatError) -> Bool {
    var call = HTTPCall(
      method: .get, path: "/files/\(Self.escaped(file))/content", body: [], output: .plain, tokens: nil)
    call.sink = sink
    let response = try await response(call, attempts: client.endpoint.maximumAttempts)
    if response.status == 404 { return false }
    guard (200..<300).contains(response.status) else { throw client.refusal(response) }
    return true
  }

  /// Lets so many seconds pass, and a little chance; no longer than is reasonable, whatever the endpoint asks for.
  public func wait(seconds: Double) async throws(ChatError) {
    let pacing = client.pacing
    do {
      try await pacing.sleep(min(seconds, pacing.longestPause) * (1 + 0.1 * pacing.jitter()))
    } catch {
      throw .cancelled
    }
  }

  private func status(_ call: HTTPCall, attempts: Int) async throws(ChatError) -> BatchStatus {
    let response = try await response(call, attempts: attempts)
    guard (200..<300).contains(response.status) else { throw client.refusal(response) }
    guard let json = JSONValue(parsing: response.body), var status = BatchStatus(json) else {
      throw badReply(response.body)
    }
    let advice = RetryAdvice(headers: response.headers, secondsSince1970: client.pacing.secondsSince1970())
    status.retryAfter = advice.wait
    return status
  }

  /// - Parameter isEntrance: whether its being unknown means that there is no Batch API at all.
  private func json(_ call: HTTPCall, isEntrance: Bool = false) async throws(ChatError) -> JSONValue {
    let response = try await response(call, attempts: client.endpoint.maximumAttempts)
    guard (200..<300).contains(response.status) else {
      if isEntrance, [404, 405].contains(response.status) {
        let text = excerpt(of: response.body, hiding: client.endpoint.key)
        throw .noBatchAPI(endpoint: client.endpoint.identity, status: response.status, excerpt: text)
      }
      throw client.refusal(response)
    }
    guard let json = JSONValue(parsing: response.body) else { throw badReply(response.body) }
    return json
  }

  private func response(_ call: HTTPCall, attempts: Int) async throws(ChatError) -> HTTPResponse {
    var tally = AttemptTally(maximum: attempts)
    return try await client.settle(call, &tally) { _ in }
  }

  private func badReply(_ json: JSONValue) -> ChatError { badReply(json.canonicalBytes) }

  private func badReply(_ body: [UInt8]) -> ChatError {
    .badBatchReply(endpoint: client.endpoint.identity, excerpt: excerpt(of: body, hiding: client.endpoint.key))
  }

  /// Whether the endpoint may have made the batch although it did not say so.
  private static func mayHaveMade(_ error: ChatError) -> Bool {
    switch error {
    case .exhausted, .unreachable, .transfer, .badBatchReply: true
    default: false
    }
  }

  /// An id comes from the endpoint: it is not to lead anywhere else.
  private static func escaped(_ id: String) -> String {
    id.utf8.reduce(into: "") { text, byte in
      let isPlain =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      text += isPlain ? String(UnicodeScalar(byte)) : "%" + hexadecimal([byte]).uppercased()
    }
  }
}

extension ChatClient {
  /// The body that asks for `request` as the endpoint is known to want it, and how that is spelled.
  public func batched(_ request: ChatRequest) -> (body: [UInt8], spelling: Spelling) {
    let spelled = dialect.spelled(request)
    return (spelled.canonicalBody, Spelling(spelled))
  }

  /// The start of a body, fit for a message: on one line, without the key.
  public func beginning(of body: [UInt8]) -> String { excerpt(of: body, hiding: endpoint.key) }

  /// Whether an answer refuses how it was asked, and not what; then the next request to this model is spelled otherwise.
  public func isRefusal(of spelling: Spelling, by model: String, _ answer: BatchAnswer) -> Bool {
    guard let status = answer.status else { return false }
    return dialect.learns(from: status, answer.body, of: spelling, by: model)
  }
}
