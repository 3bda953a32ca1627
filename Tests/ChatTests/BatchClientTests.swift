import Synchronization
import Testing
import Transfer

@testable import Chat

/// The Batch API's calls, against a server that answers by script.
struct BatchClientTests {
  private func client(_ server: ScriptedServer, _ clock: TestClock, attempts: Int = 4) throws -> BatchClient {
    let endpoint = try Endpoint(baseURL: server.baseURL, apiKey: "sk-secret", maximumAttempts: attempts)
    return BatchClient(ChatClient(endpoint: endpoint, pacing: clock.pacing()))
  }

  private func source(_ text: String) -> BodySource {
    let bytes = Array(text.utf8)
    return BodySource(size: bytes.count) { buffer, offset in
      buffer.copyBytes(from: bytes[offset...].prefix(buffer.count))
      return min(buffer.count, bytes.count - offset)
    }
  }

  private static func batch(_ id: String, tag: String? = nil, status: String = "validating", created: Int = 5_000_000)
    -> String
  {
    let metadata = tag.map { #"{"earshot_batch":"\#($0)"}"# } ?? "null"
    return #"{"id":"\#(id)","status":"\#(status)","created_at":\#(created),"metadata":\#(metadata)}"#
  }

  private static func page(_ batches: [String], more: Bool = false) -> String {
    #"{"object":"list","data":[\#(batches.joined(separator: ","))],"has_more":\#(more)}"#
  }

  @Test func aFileIsUploadedAndOnceMoreWhereThatFailed() async throws {
    let clock = TestClock()
    let server = try await ScriptedServer(.status(503, ""), .status(200, #"{"id":"file-1","object":"file"}"#))

    let id = try await client(server, clock).upload(source("{}\n"), boundary: "mark")
    await server.stop()

    #expect(id == "file-1")
    #expect(server.seen.map(\.path) == ["/v1/files", "/v1/files"])
    #expect(server.seen[1].body == server.seen[0].body && server.seen[1].body.contains("\r\n\r\n{}\n\r\n--mark--"))
    #expect(server.seen[1].authorization == "Bearer sk-secret")
  }

  @Test(arguments: [404, 405]) func anEndpointWithoutABatchAPIIsNamedAsOne(status: Int) async throws {
    let server = try await ScriptedServer(.status(status, "{\"error\":{\"message\":\"no such path\"}}"))

    let failure = await failure { try await client(server, TestClock(), attempts: 1).upload(source(""), boundary: "m") }
    await server.stop()

    guard case .noBatchAPI(_, status, _)? = failure else {
      return #expect(Bool(false), "\(String(describing: failure))")
    }
    #expect("\(failure!)".contains("Leave 'batch' out") && failure!.isUnreachable)
  }

  @Test func aBatchThatWasMadeAlthoughTheAnswerWasLostIsNotMadeAgain() async throws {
    let clock = TestClock()
    let server = try await ScriptedServer { number, seen in
      switch (seen.method, number) {
      case ("POST", 0): .cutOff
      default: .status(200, Self.page([Self.batch("batch_x", tag: "other"), Self.batch("batch_1", tag: "t")]))
      }
    }

    let status = try await client(server, clock).create(file: "file-1", tag: "t", mayExist: false)
    await server.stop()

    #expect(status.id == "batch_1")
    #expect(server.seen.map(\.method) == ["POST", "GET"])
    #expect(server.seen[0].body.contains(#""metadata":{"earshot_batch":"t"}"#))
    #expect(server.seen[0].body.contains(#""completion_window":"24h","endpoint":"/v1/chat/completions""#))
    #expect(clock.slept.count == 1)
  }

  @Test func aBatchThatWasNotMadeIsMadeAfterAll() async throws {
    let made = Mutex(0)
    let server = try await ScriptedServer { _, seen in
      guard seen.method == "POST" else { return .status(200, Self.page([])) }
      return made.withLock { made in
        made += 1
        return made < 3 ? .status(500, "") : .status(200, Self.batch("batch_3", tag: "t"))
      }
    }

    let status = try await client(server, TestClock()).create(file: "f", tag: "t", mayExist: false)
    await server.stop()

    #expect(status.id == "batch_3")
    #expect(server.seen.map(\.method) == ["POST", "GET", "POST", "GET", "POST"])
  }

  @Test func whatMayHaveBeenMadeBeforeAKillIsLookedForFirst() async throws {
    let server = try await ScriptedServer(.status(200, Self.page([Self.batch("batch_1", tag: "t")])))

    let status = try await client(server, TestClock()).create(file: "f", tag: "t", mayExist: true)
    await server.stop()

    #expect(status.id == "batch_1" && server.seen.map(\.method) == ["GET"])
  }

  @Test func aRefusalIsNotTakenForABatchThatMayExist() async throws {
    let server = try await ScriptedServer(.status(400, "{\"error\":{\"message\":\"bad file\"}}"))

    let failure = await failure {
      try await client(server, TestClock()).create(file: "f", tag: "t", mayExist: false).id
    }
    await server.stop()

    guard case .rejected(_, 400, _)? = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
    #expect(server.seen.count == 1)
  }

  @Test func batchesAreLookedThroughPageByPageAndNotBeyondWhenOursCouldBeThere() async throws {
    let server = try await ScriptedServer { number, _ in
      let created = 5_000_000 - number * 60_000
      return .status(200, Self.page([Self.batch("b/\(number)", created: created)], more: true))
    }

    let found = try await client(server, TestClock()).find(tag: "t", since: 5_000_000)
    await server.stop()

    #expect(found == nil)
    #expect(server.seen.count == 3)
    #expect(server.seen[1].path == "/v1/batches")
  }

  @Test func anEndpointThatDoesNotListBatchesHasNoneOfOurs() async throws {
    let server = try await ScriptedServer(.status(405, ""))

    let found = try await client(server, TestClock()).find(tag: "t")
    await server.stop()

    #expect(found == nil)
  }

  @Test func aBatchThatIsNotThereIsNone() async throws {
    let server = try await ScriptedServer { _, seen in
      seen.path.hasSuffix("/gone")
        ? .status(404, "") : .status(200, Self.batch("b", status: "completed"), ["Retry-After": "7"])
    }
    let client = try client(server, TestClock())

    let gone = try await client.status(of: "gone")
    let there = try await client.status(of: "b")
    await server.stop()

    #expect(gone == nil)
    #expect(there?.state == .completed && there?.retryAfter == 7)
  }

  @Test func aWaitThatTheEndpointAsksForHoldsUpThePoll() async throws {
    let clock = TestClock()
    let server = try await ScriptedServer(
      .status(429, "", ["Retry-After": "9"]), .status(200, Self.batch("b", status: "in_progress")))

    let status = try await client(server, clock).status(of: "b")
    await server.stop()

    #expect(status?.state == .inProgress && clock.slept == [9])
  }

  @Test func anIDLeadsNowhereElse() async throws {
    let server = try await ScriptedServer(.status(404, ""))

    _ = try await client(server, TestClock()).status(of: "../files?x=1")
    await server.stop()

    #expect(server.seen.count == 1)
    #expect(server.seen[0].path.hasPrefix("/v1/batches/"))
  }

  @Test func aDownloadThatBreaksOffBeginsAnew() async throws {
    let server = try await ScriptedServer(.cutOff, .status(200, "{\"a\":1}\n"))
    let taken = Mutex<[UInt8]>([])
    let sink = BodySink(
      takes: { head in
        taken.withLock { $0 = [] }
        return head.status == 200
      },
      receive: { bytes in
        taken.withLock { $0 += Array(bytes) }
        return true
      })

    let isThere = try await client(server, TestClock()).download("f", to: sink)
    await server.stop()

    #expect(isThere && taken.withLock { $0 } == Array("{\"a\":1}\n".utf8))
    #expect(server.seen.map(\.path) == ["/v1/files/f/content", "/v1/files/f/content"])
  }

  @Test func aFileThatIsGoneIsNotThere() async throws {
    let server = try await ScriptedServer(.status(404, "{}"))

    let isThere = try await client(server, TestClock()).download(
      "f", to: BodySink(takes: { $0.status == 200 }, receive: { _ in true }))
    await server.stop()

    #expect(!isThere)
  }

  @Test func anAnswerThatIsNoBatchIsRefusedWithoutTheKey() async throws {
    let server = try await ScriptedServer(.status(200, #"{"ok":"sk-secret"}"#))

    let failure = await failure { try await client(server, TestClock()).status(of: "b")?.id ?? "" }
    await server.stop()

    guard case .badBatchReply? = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
    #expect(!"\(failure!)".contains("sk-secret"))
  }

  @Test func aFormThatIsRefusedIsNotAskedForAgain() throws {
    let client = ChatClient(endpoint: try Endpoint(baseURL: "http://127.0.0.1:9"))
    let refusal = BatchAnswer(customID: "k", status: 400, body: Array("response_format is not supported".utf8))

    let first = client.batched(structuredQuestion)
    let isRefusal = client.isRefusal(of: first.spelling, by: "m", refusal)
    let second = client.batched(structuredQuestion)

    #expect(first.spelling.output == .jsonSchema && isRefusal && second.spelling.output == .jsonObject)
    #expect(!client.isRefusal(of: second.spelling, by: "m", BatchAnswer(customID: "k", status: 400, body: [])))
    #expect(String(decoding: second.body, as: UTF8.self).contains("json_object"))
  }

  @Test func aLimitGoesByTheNameThatIsWantedAndIsNotRefusedForItTwice() throws {
    let client = ChatClient(endpoint: try Endpoint(baseURL: "http://127.0.0.1:9"))
    let request = ChatRequest(model: "m", messages: [.user("Hello?")], maxTokens: 7)
    let refusal = BatchAnswer(customID: "k", status: 400, body: Array("Use max_completion_tokens instead.".utf8))

    let first = client.batched(request)
    // Each line of a batch says so.
    let areRefusals = (0..<2).allSatisfy { _ in client.isRefusal(of: first.spelling, by: "m", refusal) }
    let second = client.batched(request)

    #expect(first.spelling.limitsByOldName && areRefusals && !second.spelling.limitsByOldName)
    #expect(String(decoding: second.body, as: UTF8.self).contains(#""max_completion_tokens":7"#))
    #expect(!client.isRefusal(of: second.spelling, by: "m", refusal))
  }

  private func failure(_ work: () async throws -> String) async -> ChatError? {
    do {
      _ = try await work()
      return nil
    } catch {
      return error as? ChatError
    }
  }
}
