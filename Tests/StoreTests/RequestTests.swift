import Testing

@testable import Store

@Suite struct RequestTests {
  private let response = ResponseRecord(
    status: 200, promptTokens: 30, completionTokens: 12, seconds: 0.5, format: "json_schema", headers: "{}",
    body: Array("{}".utf8))

  @Test func anAnswerIsKeptAsItCameAndAttemptsAreCountedByHowTheyEnded() async throws {
    let run = try TemporaryRun()
    let request = RequestRecord(key: "k1", clip: "c", body: Array("{\"model\":\"m\"}".utf8))

    let lost = try await run.store.sending(request, stage: "write")
    try await run.store.failed(attempt: lost, "HTTP 500")
    let kept = try await run.store.sending(request, stage: "write")
    try await run.store.answered(attempt: kept, key: "k1", stage: "write", response)
    _ = try await run.store.sending(RequestRecord(key: "k2", clip: "d", body: []), stage: "write")

    #expect(try run.store.response(to: "k1") == response)
    #expect(try run.store.hasUsableResponse(to: "k1") == true)
    #expect(try run.store.hasUsableResponse(to: "k2") == nil)
    #expect(try run.store.request(key: "k1") == request)
    let usage = try run.store.status().usage
    #expect(
      usage == RunStatus.Usage(answered: 1, failed: 1, inFlight: 1, promptTokens: 30, completionTokens: 12))
  }

  @Test func aSecondAnswerToARequestDoesNotReplaceTheFirst() async throws {
    let run = try TemporaryRun()
    try await run.store.answered(attempt: nil, key: "k", stage: "write", response)
    var other = response
    other.body = Array("other".utf8)

    try await run.store.answered(attempt: nil, key: "k", stage: "write", other)

    #expect(try run.store.response(to: "k") == response)
  }

  @Test func captionsUnderAnEarlierKeyStayAndBecomeCurrentAgain() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"
    let place = TemporaryRun.place("caption")
    func caption(_ key: String) -> CaptionRecord { CaptionRecord(captioner: "acoustic", key: key, text: "by \(key)") }
    try run.store.commit(captions: [(clip, ["old"], [caption("old")])], place)
    try run.store.commit(captions: [(clip, ["new"], [caption("new")])], place)
    #expect(try run.store.captions(of: clip).map(\.text) == ["by new"])
    #expect(try run.store.captionKeys(of: clip, among: ["old", "none"]) == ["old"])

    try run.store.commit(captions: [(clip, ["old"], [])], place)

    #expect(try run.store.captions(of: clip).map(\.text) == ["by old"])
  }
}
