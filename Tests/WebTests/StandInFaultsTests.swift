import Dataset
import Foundation
import FoundationNetworking
import Testing

@testable import Web

struct StandInFaultsTests {
  private let body: Data

  init() throws {
    body = try chatBody("Write 5 questions. " + RandomCaption(seed: 5).text)
  }

  /// The first answer of a server that always has the fault at first, and a second one to the same body.
  private func answers(_ fault: StandInFault) async throws -> (first: Received, second: Received) {
    var faults = StandInFaults()
    faults[fault] = 1
    faults.slowSeconds = 0.3
    faults.retryAfterSeconds = 7
    let server = try await StandInServer.start(faults: faults)
    let answers = (first: try await post(body, to: server), second: try await post(body, to: server))
    await server.stop()
    return answers
  }

  @Test func tooManyRequestsAreTurnedAwayWithATime() async throws {
    let (first, second) = try await answers(.rateLimited)

    #expect(first.status == 429)
    #expect(first.headers["retry-after"] == "7")
    #expect(try JSONDecoder.api.decode(ErrorReply.self, from: first.body).error.code == "rate_limit_exceeded")
    #expect(try items(of: choice(second)).count == 5)
  }

  @Test func aServerErrorPasses() async throws {
    let (first, second) = try await answers(.serverError)

    #expect(first.status == 500)
    #expect(try items(of: choice(second)).count == 5)
  }

  @Test func aSlowAnswerIsTheSameOneLater() async throws {
    let start = ContinuousClock.now
    let (first, second) = try await answers(.slow)

    #expect(ContinuousClock.now - start >= .seconds(0.3))
    #expect(first.body == second.body)
  }

  @Test func aCutOffBodyIsNoAnswer() async throws {
    var faults = StandInFaults()
    faults[.cutOff] = 1
    let server = try await StandInServer.start(faults: faults)

    await #expect(throws: URLError.self) { try await post(body, to: server) }
    let second = try await post(body, to: server)

    #expect(try items(of: choice(second)).count == 5)
    #expect(await server.statistics.byFault == ["cut-off": 1])
    #expect(await server.statistics.billed == 2)
    await server.stop()
  }

  @Test func wrongJSONIsNotWhatWasAskedFor() async throws {
    let (first, second) = try await answers(.wrongJSON)

    #expect(first.status == 200)
    #expect(try choice(first).finishReason == "stop")
    #expect(throws: (any Error).self) { try items(of: choice(first)) }
    #expect(try items(of: choice(second)).count == 5)
  }

  @Test func noQuestionCanBeSavedFromWrongJSON() throws {
    let request = try ChatRequest(body: body)
    for hash in UInt64(0)..<6 {
      let completion = ChatCompletion(answering: request, body: hash, bytes: body.count, fault: .wrongJSON)
      let reply = ReplyReader.read(try #require(completion.choices[0].message.content), finishReason: "stop")
      #expect(reply.questions.isEmpty && reply.problem != nil, "\(reply)")
    }
  }

  @Test func aTruncatedAnswerSaysSo() async throws {
    let (first, second) = try await answers(.truncated)

    let (cut, whole) = (try choice(first), try choice(second))
    #expect(cut.finishReason == "length")
    #expect(try #require(whole.message.content).hasPrefix(try #require(cut.message.content)))
    #expect(cut.message.content != whole.message.content)
  }

  @Test func aRefusalHasNoContent() async throws {
    let (first, _) = try await answers(.refusal)

    let message = try choice(first).message
    #expect(message.content == nil)
    #expect(message.refusal?.isEmpty == false)
    #expect(String(decoding: first.body, as: UTF8.self).contains(#""content":null"#))
  }

  @Test func ratesAreKeptAndTheSameRequestsAreHitAgain() {
    var faults = StandInFaults()
    faults[.rateLimited] = 0.1
    faults[.cutOff] = 0.2
    let hashes = (0..<20_000).map { StableHash.mix(1, UInt64($0)) }

    let hit = hashes.map { faults.fault(body: $0, earlier: 0) }

    #expect(abs(hit.count { $0 == .rateLimited } - 2_000) < 150)
    #expect(abs(hit.count { $0 == .cutOff } - 4_000) < 200)
    #expect(hit.count { $0 != nil } == hit.count { $0 == .rateLimited || $0 == .cutOff })
    #expect(hit == hashes.map { faults.fault(body: $0, earlier: 0) })
    #expect(hashes.allSatisfy { faults.fault(body: $0, earlier: 1) == nil })
    faults.seed = 1
    #expect(hit != hashes.map { faults.fault(body: $0, earlier: 0) })
  }

  @Test func latencyIsDrawnFromItsRange() {
    var faults = StandInFaults()
    faults.latencySeconds = 0.2...0.6

    let seconds = (0..<1_000).map { faults.seconds(body: StableHash.mix(2, $0), fault: nil) }

    #expect(seconds.allSatisfy { (0.2...0.6).contains($0) })
    #expect(abs(seconds.reduce(0, +) / 1_000 - 0.4) < 0.02)
  }
}
