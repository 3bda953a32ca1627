import Foundation
import Testing

@testable import Web

struct BatchTests {
  private let clock = ManualClock()
  private let bodies: [Data]

  init() throws {
    bodies = try (0..<10).map { try chatBody("Write 2 questions. " + RandomCaption(seed: $0).text) }
  }

  private func server(
    faults: StandInFaults = StandInFaults(), _ change: (inout StandInBatches) -> Void = { _ in }
  ) async throws -> StandInServer {
    var batches = StandInBatches()
    change(&batches)
    return try await StandInServer.start(
      settings: StandInSettings(faults: faults, batches: batches), clock: clock.clock)
  }

  @Test func aBatchAnswersAsSingleRequestsWould() async throws {
    let server = try await server()
    let client = BatchClient(server: server)

    let begun = try await client.begin(batchFile(bodies))
    var polls: [BatchReply] = []
    while polls.last?.status != "completed", polls.count < 10 { polls.append(try await client.poll(begun.id)) }

    let done = try #require(polls.last)
    #expect(begun.object == "batch" && begun.status == "validating" && begun.metadata == ["run": "a"])
    #expect(begun.expiresAt - begun.createdAt == 86_400)
    #expect(polls.map(\.status) == ["in_progress", "in_progress", "finalizing", "completed"])
    #expect(polls.map(\.requestCounts.completed) == [0, 5, 10, 10])
    #expect(done.requestCounts == .init(total: 10, completed: 10, failed: 0))
    #expect(done.errorFileId == nil && done.completedAt == 784_111_777)
    let lines = try await client.lines(done.outputFileId)
    #expect(lines.map(\.customId).sorted() == (0..<10).map { "q\($0)" })
    #expect(lines.map(\.customId) != (0..<10).map { "q\($0)" })
    for line in lines {
      let body = bodies[try #require(Int(line.customId.dropFirst()))]
      let alone = try choice(try await post(body, to: server))
      #expect(line.response?.statusCode == 200)
      #expect(line.response?.body.choices?.first?.message.content == alone.message.content)
    }
    await server.stop()
  }

  @Test func aBatchIsBilledOnceHoweverOftenItIsAskedAbout() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "batch-\(UUID().uuidString).log").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let server = try await StandInServer.start(requestLog: path)
    let client = BatchClient(server: server)

    let begun = try await client.begin(batchFile(bodies))
    for _ in 0..<8 { _ = try await client.poll(begun.id) }

    let statistics = await server.statistics
    #expect(statistics.requests == 10 && statistics.billed == 10 && statistics.batched == 10)
    #expect(statistics.promptTokens == bodies.reduce(0) { $0 + ($1.count + 3) / 4 })
    let log = try String(contentsOfFile: path, encoding: .utf8)
    #expect(log.split(separator: "\n").allSatisfy { $0.hasSuffix(" 200 batch") })
    await server.stop()
  }

  @Test func requestsThatFailStandInTheErrorFile() async throws {
    var faults = StandInFaults()
    faults[.serverError] = 1
    let server = try await server(faults: faults)
    let client = BatchClient(server: server)

    let begun = try await client.begin(batchFile([bodies[0], bodies[0], Data(#"{"model":"stand-in"}"#.utf8)]))
    for _ in 0..<4 { _ = try await client.poll(begun.id) }

    let done = try await client.poll(begun.id)
    #expect(done.status == "completed" && done.requestCounts == .init(total: 3, completed: 1, failed: 2))
    let (good, bad) = (try await client.lines(done.outputFileId), try await client.lines(done.errorFileId))
    #expect(good.count == 1 && good[0].response?.body.choices?.count == 1)
    #expect(bad.compactMap { $0.response?.statusCode }.sorted() == [400, 500])
    #expect(bad.allSatisfy { $0.response?.body.error?.message.isEmpty == false && $0.error == nil })
    await server.stop()
  }

  @Test func anExpiredBatchKeepsWhatWasFinished() async throws {
    let server = try await server { $0.expiresAfter = 0.3 }
    let client = BatchClient(server: server)

    let begun = try await client.begin(batchFile(bodies))
    for _ in 0..<4 { _ = try await client.poll(begun.id) }

    let done = try await client.poll(begun.id)
    #expect(done.status == "expired")
    let (good, bad) = (try await client.lines(done.outputFileId), try await client.lines(done.errorFileId))
    #expect(good.count == 3 && bad.count == 7)
    #expect(bad.allSatisfy { $0.error?.code == "batch_expired" && $0.response == nil })
    #expect(Set((good + bad).map(\.customId)).count == 10)
    #expect(await server.statistics.billed == 3)
    await server.stop()
  }

  @Test func aCancelledBatchKeepsWhatWasFinished() async throws {
    let server = try await server()
    let client = BatchClient(server: server)
    let begun = try await client.begin(batchFile(bodies))
    for _ in 0..<2 { _ = try await client.poll(begun.id) }

    let cancelling = try client.decode(try await client.cancel(begun.id))
    let done = try await client.poll(begun.id)
    let late = try await client.cancel(begun.id)

    #expect(cancelling.status == "cancelling" && done.status == "cancelled" && late.status == 409)
    let (good, bad) = (try await client.lines(done.outputFileId), try await client.lines(done.errorFileId))
    #expect(good.count == 5 && bad.count == 5 && bad.allSatisfy { $0.error?.code == "batch_cancelled" })
    await server.stop()
  }

  @Test func aBatchCanGoByTheClock() async throws {
    let server = try await server { $0.pace = .seconds(60) }
    let client = BatchClient(server: server)
    let begun = try await client.begin(batchFile(bodies))

    clock.advance(by: 59)
    let early = try await client.poll(begun.id)
    clock.advance(by: 1)
    let started = try await client.poll(begun.id)
    clock.advance(by: 3_600)
    let done = try await client.poll(begun.id)

    #expect([early, started, done].map(\.status) == ["validating", "in_progress", "completed"])
    await server.stop()
  }

  @Test func aBadFileFailsWithItsLine() async throws {
    let server = try await server { $0.mostRequests = 3 }
    let client = BatchClient(server: server)
    let good = batchFile([bodies[0]])
    let cases: [(file: Data, code: String, line: Int?)] = [
      (good + good, "duplicate_custom_id", 2), (Data(), "empty_file", nil),
      (batchFile(Array(bodies.prefix(4))), "too_many_tasks", nil),
      (batchFile([bodies[0]], url: "/v1/embeddings"), "url_mismatch", 1),
      (good + Data("{\n".utf8), "invalid_json_line", 2),
      (
        good + Data(#"{"custom_id":"x","method":"POST","url":"/v1/chat/completions"}"#.utf8),
        "missing_required_parameter", 2
      ),
      (batchFile([bodies[0], Data(#"{"model":"other"}"#.utf8)]), "model_mismatch", 2),
      (Data(repeating: UInt8(ascii: "["), count: 100_000), "invalid_json_line", 1),
    ]
    for (file, code, line) in cases {
      let begun = try await client.begin(file)
      let failed = try await client.poll(begun.id)

      #expect(begun.status == "validating" && failed.status == "failed")
      #expect(failed.errors?.data.map(\.code) == [code] && failed.errors?.data.first?.line == line, "\(code)")
    }
    #expect(await server.statistics.requests == 0)
    await server.stop()
  }

  @Test func whatDoesNotExistOrFitIsRefused() async throws {
    let server = try await server { $0.largestFile = 1_000 }
    let client = BatchClient(server: server)
    let file = try JSONDecoder.api.decode(FileReply.self, from: try await client.upload(Data("{}\n".utf8)).body)

    #expect(file.object == "file" && file.bytes == 3 && file.filename == "set.jsonl" && file.purpose == "batch")
    #expect(try await client.create("file-none").status == 404)
    #expect(try await client.create(file.id, endpoint: "/v1/embeddings").status == 400)
    #expect(try await client.create(file.id, window: "1h").status == 400)
    #expect(try await get("batches/none", from: server).status == 404)
    #expect(try await get("files/none", from: server).status == 404)
    #expect(try await get("files/none/content", from: server).status == 404)
    #expect(try await client.cancel("none").status == 404)
    #expect(try await client.upload(Data(count: 1_001)).status == 413)
    #expect(try await client.upload(Data(count: 100_000)).status == 413)
    #expect(try await client.upload(Data("{}".utf8), purpose: "assistants").status == 400)
    #expect(try await post(Data("x".utf8), to: server, path: "files").status == 400)
    #expect(try await post(Data("x".utf8), to: server, path: "batches").status == 400)
    #expect(try await get("files/\(file.id)", from: server).status == 200)
    #expect(try await delete("files/\(file.id)", from: server).status == 200)
    #expect(try await delete("files/\(file.id)", from: server).status == 404)
    await server.stop()
  }

  @Test func batchesAreListedTheNewestFirst() async throws {
    struct List: Decodable {
      var data: [BatchReply]
      var hasMore: Bool
    }
    let server = try await server()
    let client = BatchClient(server: server)
    var ids: [String] = []
    for body in bodies.prefix(3) { ids.append(try await client.begin(batchFile([body])).id) }

    let first = try JSONDecoder.api.decode(List.self, from: try await get("batches?limit=2", from: server).body)
    let rest = try JSONDecoder.api.decode(
      List.self, from: try await get("batches?limit=2&after=\(ids[1])", from: server).body)

    #expect(Set(ids).count == 3)
    #expect(first.data.map(\.id) == [ids[2], ids[1]] && first.hasMore)
    #expect(rest.data.map(\.id) == [ids[0]] && !rest.hasMore)
    await server.stop()
  }
}
