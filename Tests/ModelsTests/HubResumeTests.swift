import Foundation
import Synchronization
import Testing

@testable import Models

/// Pulls that break off and go on.
struct HubResumeTests {
  private static let whole = LoopbackHub.bytes(200_000)
  private static let tag = LoopbackHub.checksum(of: "model.safetensors", whole).text

  /// A hub whose weights are answered by `answer`, given how often they were asked for before.
  private static func hub(
    weights answer: @escaping @Sendable (LoopbackRequest, Int) -> LoopbackAnswer?
  ) -> LoopbackHub {
    LoopbackHub { request, earlier in
      request.path.hasSuffix("model.safetensors") ? answer(request, earlier) : nil
    }
  }

  /// What is right, cut off after so many bytes.
  private static func cut(_ request: LoopbackRequest, after count: Int?) -> LoopbackAnswer {
    var answer = LoopbackHub.file(whole, tag: tag, for: request)
    answer.cutAfter = count
    return answer
  }

  @Test func aCutConnectionGoesOnWhereItStopped() async throws {
    let hub = Self.hub { request, earlier in Self.cut(request, after: earlier < 3 ? 50_000 : nil) }

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    let requests = hub.requests(for: "model.safetensors")
    #expect(requests.map { $0.headers["range"] } == [nil, "bytes=50000-", "bytes=100000-", "bytes=150000-"])
    #expect(requests.map { $0.headers["if-range"] } == [nil] + Array(repeating: "\"\(Self.tag)\"", count: 3))
    // Ranges of a packed body would be other bytes.
    #expect(requests.allSatisfy { $0.headers["accept-encoding"] == nil })
  }

  @Test func aServerWithoutRangesStartsOver() async throws {
    let hub = Self.hub { _, earlier in
      LoopbackAnswer(status: 200, body: Self.whole, cutAfter: earlier < 2 ? 150_000 : nil)
    }

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(hub.requests(for: "model.safetensors").count == 3)
  }

  @Test func whatAnEarlierProcessLeftIsKept() async throws {
    let hub = LoopbackHub()
    try Self.leave(Array(Self.whole.prefix(123_456)), hub)

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    let requests = hub.requests(for: "model.safetensors")
    #expect(requests.map { $0.headers["range"] } == ["bytes=123456-"])
    // Nothing is known of the tags that this server uses.
    #expect(requests.first?.headers["if-range"] == nil)
    #expect(!exists(hub.weightsBlob + ".earshot-incomplete"))
  }

  @Test func aLeftoverThatIsWholeIsNotAskedForAgain() async throws {
    let hub = LoopbackHub()
    try Self.leave(Self.whole, hub)

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(hub.requests(for: "model.safetensors").isEmpty)
  }

  @Test(arguments: [100, 200_000, 200_001]) func aSpoiltLeftoverComesAnew(count: Int) async throws {
    let hub = LoopbackHub()
    try Self.leave([UInt8](repeating: 0, count: count), hub)

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
  }

  @Test func bytesThatAnotherOverwroteDuringAPauseAreNotUsed() async throws {
    let hub = Self.hub { request, earlier in Self.cut(request, after: earlier == 0 ? 50_000 : nil) }
    let partial = hub.weightsBlob + ".earshot-incomplete"
    let client = try hub.client { _ in
      guard let file = FileHandle(forUpdatingAtPath: partial) else { return }
      try? file.seek(toOffset: 1_000)
      try? file.write(contentsOf: Data(repeating: 0xAA, count: 300))
    }

    let failure = await failure { _ = try await client.pull(LoopbackHub.model) }

    guard case .wrongChecksum(file: "model.safetensors", Self.tag, _)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(!exists(hub.weightsBlob))
    #expect(!exists(partial))
    let folder = try await hub.client().pull(LoopbackHub.model)
    #expect(contents(folder + "/model.safetensors") == hub.weights)
  }

  @Test func whatHuggingFaceHubIsPullingIsLeftAlone() async throws {
    let hub = LoopbackHub()
    let other = hub.weightsBlob + ".incomplete"
    try FileManager.default.createDirectory(atPath: hub.base + "/blobs", withIntermediateDirectories: true)
    #expect(FileManager.default.createFile(atPath: other, contents: Data([1, 2, 3])))

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(contents(other) == [1, 2, 3])
    #expect(hub.requests(for: "model.safetensors").map { $0.headers["range"] } == [nil])
  }

  @Test func aContentRangeIsShownWithoutControlCharacters() async throws {
    let hub = Self.hub { request, earlier in
      guard earlier > 0 else { return Self.cut(request, after: 50_000) }
      return LoopbackAnswer(status: 206, headers: ["Content-Range": "\u{1b}[2Jbytes \u{202e}"], body: [1])
    }
    let reasons = Mutex<[String]>([])

    _ = await failure {
      _ = try await hub.client().pull(LoopbackHub.model) { event in
        if case .waiting(_, let reason, _) = event { reasons.withLock { $0.append(reason) } }
      }
    }

    #expect(reasons.withLock { $0.contains { $0.contains("'\u{fffd}[2Jbytes \u{fffd}'") } })
    #expect(reasons.withLock { $0.allSatisfy { !$0.contains("\u{1b}") } })
  }

  @Test(arguments: [
    "bytes 50001-199999/200000", "bytes 0-199999/200000", "bytes 50000-199999/200001", "bytes 50000-60000/200000",
    "bytes 50000-9999999999999999999999/200000", "bytes -1-2/3", "lines 1-2/3", "",
  ])
  func aWrongContentRangeIsRefusedAndTheFileStartsOver(range: String) async throws {
    let hub = Self.hub { request, earlier in
      guard request.headers["range"] != nil else { return Self.cut(request, after: earlier == 0 ? 50_000 : nil) }
      return LoopbackAnswer(status: 206, headers: ["Content-Range": range], body: Array(Self.whole[50_000...]))
    }

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    let ranges = hub.requests(for: "model.safetensors").map { $0.headers["range"] }
    #expect(ranges == [nil, "bytes=50000-", "bytes=50000-", nil])
  }

  @Test func aRangeThatCannotBeHadStartsOver() async throws {
    let hub = Self.hub { request, earlier in
      if request.headers["range"] != nil { return .text(416) }
      return Self.cut(request, after: earlier == 0 ? 50_000 : nil)
    }

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
  }

  @Test func aFileThatChangedOnTheServerStartsOver() async throws {
    let hub = Self.hub { request, earlier in
      var old = LoopbackAnswer(status: 200, headers: ["ETag": "\"old\""], body: [UInt8](repeating: 7, count: 200_000))
      old.cutAfter = 50_000
      return earlier == 0 ? old : LoopbackHub.file(Self.whole, tag: "new", for: request)
    }

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(hub.requests(for: "model.safetensors").map { $0.headers["if-range"] } == [nil, "\"old\""])
  }

  @Test func aCancelledPullKeepsWhatCameAndTheNextGoesOn() async throws {
    let (half, halfway) = AsyncStream.makeStream(of: Void.self)
    let hub = Self.hub { request, earlier in
      var answer = LoopbackHub.file(Self.whole, tag: Self.tag, for: request)
      guard earlier == 0 else { return answer }
      answer.headers["Content-Length"] = "200000"
      answer.body = Array(answer.body.prefix(80_000))
      answer.stalls = true
      return answer
    }
    let client = try hub.client()
    let pull = Task {
      let received = Mutex(0)
      return await failure {
        _ = try await client.pull(LoopbackHub.model) { event in
          guard case .received(let bytes) = event else { return }
          if received.withLock({
            $0 += bytes
            return $0
          }) >= 80_000 + 31 {
            halfway.yield()
          }
        }
      }
    }

    await half.first { true }
    pull.cancel()

    #expect(await pull.value == .cancelled)
    #expect(contents(hub.weightsBlob + ".earshot-incomplete") == Array(Self.whole.prefix(80_000)))
    #expect(!exists(hub.base + "/refs/main"))
    let folder = try await hub.client().pull(LoopbackHub.model)
    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(hub.requests(for: "model.safetensors").last?.headers["range"] == "bytes=80000-")
  }

  @Test func aKilledPullIsGoneOnWith() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/earshot-killed-\(UUID().uuidString)"

    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      let hub = LoopbackHub(in: folder) { request, _ in
        guard request.path.hasSuffix("model.safetensors") else { return nil }
        var answer = LoopbackHub.file(LoopbackHub.bytes(200_000), tag: "t", for: request)
        answer.headers["Content-Length"] = "200000"
        answer.body = Array(answer.body.prefix(80_000))
        answer.stalls = true
        return answer
      }
      let received = Mutex(0)
      _ = try await hub.client().pull(LoopbackHub.model) { event in
        guard case .received(let bytes) = event else { return }
        if received.withLock({
          $0 += bytes
          return $0
        }) >= 80_000 + 31 {
          kill(getpid(), SIGKILL)
        }
      }
    }

    let hub = LoopbackHub(in: folder)
    #expect(contents(hub.weightsBlob + ".earshot-incomplete") == Array(Self.whole.prefix(80_000)))
    let snapshot = try await hub.client().pull(LoopbackHub.model)
    #expect(contents(snapshot + "/model.safetensors") == hub.weights)
    #expect(hub.requests(for: "model.safetensors").map { $0.headers["range"] } == ["bytes=80000-"])
  }

  @Test func attemptsThatBringNothingAreSpacedAndEnd() async throws {
    let hub = Self.hub { request, _ in .text(503, "busy") }
    let waits = Mutex<[Double]>([])

    let failure = await failure {
      _ = try await hub.client { wait in waits.withLock { $0.append(wait) } }.pull(LoopbackHub.model)
    }

    #expect(failure == .refused(what: "tiny/model: model.safetensors", status: 503, excerpt: "busy"))
    #expect(waits.withLock { $0 } == [1, 2, 4, 8, 16])
  }

  /// The second is how huggingface.co says it.
  @Test(arguments: [("Retry-After", "17"), ("RateLimit", "\"resolvers\";r=0;t=17")])
  func aServerThatNamesAWaitGetsIt(header: String, value: String) async throws {
    let hub = Self.hub { request, earlier in
      earlier == 0 ? .text(429, headers: [header: value]) : nil
    }
    let waits = Mutex<[Double]>([])

    _ = try await hub.client { wait in waits.withLock { $0.append(wait) } }.pull(LoopbackHub.model)

    #expect(waits.withLock { $0 } == [17])
  }

  @Test func aServerThatWantsAnHourEndsThePull() async throws {
    let hub = Self.hub { _, _ in .text(429, headers: ["Retry-After": "3600"]) }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure == .refused(what: "tiny/model: model.safetensors", status: 429, excerpt: ""))
  }

  private static func leave(_ bytes: [UInt8], _ hub: LoopbackHub) throws {
    try FileManager.default.createDirectory(atPath: hub.base + "/blobs", withIntermediateDirectories: true)
    #expect(FileManager.default.createFile(atPath: hub.weightsBlob + ".earshot-incomplete", contents: Data(bytes)))
  }
}
