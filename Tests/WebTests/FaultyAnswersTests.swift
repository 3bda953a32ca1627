import Dataset
import Foundation
import Testing

@testable import Web

struct FaultyAnswersTests {
  private let body: Data
  private let clock = ManualClock()

  init() throws {
    body = try chatBody("Write 5 questions. " + RandomCaption(seed: 5).text)
  }

  private func server(_ fault: StandInFault) async throws -> StandInServer {
    var faults = StandInFaults()
    faults[fault] = 1
    faults.retryAfterSeconds = 7
    faults.retryAfterMilliseconds = 250
    return try await StandInServer.start(settings: StandInSettings(faults: faults), clock: clock.clock)
  }

  /// The first answer of a server that always has the fault at first, and a second one to the same body.
  private func answers(_ fault: StandInFault) async throws -> (first: Received, second: Received) {
    let server = try await server(fault)
    let answers = (first: try await post(body, to: server), second: try await post(body, to: server))
    await server.stop()
    return answers
  }

  @Test(
    arguments: [
      (StandInFault.rateLimited, 429, "7", nil), (.rateLimitedBare, 429, nil, nil),
      (.rateLimitedDate, 429, "Sun, 06 Nov 1994 08:49:44 GMT", nil), (.rateLimitedMilliseconds, 429, nil, "250"),
      (.unavailable, 503, "7", nil), (.unavailableBare, 503, nil, nil), (.serverError, 500, nil, nil),
    ] as [(StandInFault, Int, String?, String?)])
  func aFailureSaysWhenToComeBackAsItShould(
    fault: StandInFault, status: Int, retryAfter: String?, milliseconds: String?
  ) async throws {
    let (first, second) = try await answers(fault)

    #expect(first.status == status)
    #expect(first.headers["retry-after"] == retryAfter)
    #expect(first.headers["retry-after-ms"] == milliseconds)
    #expect(try JSONDecoder.api.decode(ErrorReply.self, from: first.body).error.message.isEmpty == false)
    #expect(try items(of: choice(second)).count == 5)
  }

  @Test(arguments: StandInFault.allCases) func everyFaultIsMetOnceAndCounted(fault: StandInFault) async throws {
    let server = try await server(fault)

    _ = try? await post(body, to: server)
    let second = try await post(body, to: server)

    #expect(try items(of: choice(second)).count == 5)
    #expect(await server.statistics.byFault == [fault.rawValue: 1])
    await server.stop()
  }

  @Test func aResetConnectionEndsInAResetAndACutOffOneDoesNot() async throws {
    for (fault, end) in [(StandInFault.reset, RawAnswer.End.reset), (.cutOff, .closed)] {
      let server = try await server(fault)

      let answer = try await rawPost(body, to: server)

      let whole = try await post(body, to: server).body
      #expect(answer.end == end)
      #expect(answer.contentLength == whole.count)
      #expect(answer.body == [UInt8](whole.prefix(whole.count / 2)))
      await server.stop()
    }
  }

  @Test func aShortLengthIsFollowedByMoreThanItSays() async throws {
    let server = try await server(.shortLength)

    let answer = try await rawPost(body, to: server)

    let whole = try await post(body, to: server).body
    #expect(answer.contentLength == whole.count / 2)
    #expect(answer.body == [UInt8](whole))
    #expect(answer.end == .closed)
    await server.stop()
  }

  @Test func aDrippingBodyTakesItsTimeAndIsWhole() async throws {
    let (first, second) = try await answers(.drip)

    #expect(first.body == second.body)
    #expect(clock.slept.count >= 49)
    #expect(abs(clock.slept.reduce(0, +) - StandInFaults().dripSeconds) < 0.001)
  }

  @Test func aPauseIsFortySecondsOfNothing() async throws {
    let (first, second) = try await answers(.pause)

    #expect(first.body == second.body)
    #expect(clock.slept == [40])
  }

  @Test func invalidUTF8StandsInTheTextAlone() async throws {
    let (first, second) = try await answers(.invalidUTF8)

    #expect(String(validating: first.body, as: UTF8.self) == nil)
    #expect(Data(first.body.filter { $0 != 0xFF && $0 != 0xC3 }) == second.body)
  }

  @Test func aDoubledBodyIsTheSameTwice() async throws {
    let (first, second) = try await answers(.doubled)

    #expect(first.body == second.body + second.body)
  }

  @Test func aReasoningFieldTakesWhatBelongsInTheContent() async throws {
    let (inLong, whole) = try await answers(.reasoningContent)
    let (inShort, _) = try await answers(.reasoning)

    let text = try choice(whole).message.content
    #expect(try choice(inLong).message.content == "" && choice(inLong).message.reasoningContent == text)
    #expect(try choice(inShort).message.content == "" && choice(inShort).message.reasoning == text)
  }

  @Test func anAnswerWithoutChoicesIsBilledAllTheSame() async throws {
    let (first, second) = try await answers(.noChoices)

    let reply = try JSONDecoder.api.decode(Reply.self, from: first.body)
    #expect(first.status == 200 && reply.choices.isEmpty)
    #expect(reply.usage.totalTokens == (try JSONDecoder.api.decode(Reply.self, from: second.body).usage.totalTokens))
  }

  @Test func aContentFilterLeavesNothing() async throws {
    let (first, _) = try await answers(.contentFilter)

    #expect(try choice(first).finishReason == "content_filter" && choice(first).message.content == "")
  }

  @Test func aWrappingStandsAroundTheSameJSON() async throws {
    for fault in [StandInFault.fenced, .trailingComma, .wrapped] {
      let (first, second) = try await answers(fault)
      let (spoiled, whole) = (try choice(first).message.content ?? "", try choice(second).message.content ?? "")

      #expect(spoiled != whole)
      if fault == .trailingComma {
        // Foundation's own reader passes over it.
        #expect(spoiled == whole.dropLast(3) + ",}]}")
      } else {
        #expect(spoiled.contains(whole))
        #expect(throws: (any Error).self, "\(fault)") { try items(of: choice(first)) }
      }
    }
  }

  @Test func aCommaNeverFollowsAnOpeningBracket() {
    let spoil = { (text: String) in StandInFault.trailingComma.spoiled(text, body: 0) }

    #expect(spoil(#"{"items":[]}"#) == #"{"items":[],}"#)
    #expect(spoil(#"{"a":[{"b":1}]}"#) == #"{"a":[{"b":1,}]}"#)
    #expect(spoil("no JSON") == "no JSON" && spoil("{}") == "{}" && spoil("") == "")
  }

  @Test func anIgnoredSchemaGivesProseOrAnotherShape() throws {
    let request = try ChatRequest(body: body)
    for hash in UInt64(0)..<4 {
      let completion = ChatCompletion(answering: request, body: hash, bytes: body.count, fault: .schemaIgnored)
      let text = try #require(completion.choices[0].message.content)

      #expect(ReplyReader.read(text, finishReason: "stop").questions.isEmpty)
      #expect(text.hasPrefix("{") == (hash % 2 == 0))
    }
  }

  @Test func newFaultsLeaveTheRequestsOfOldOnesAlone() {
    var old = StandInFaults()
    old[.cutOff] = 0.2
    var new = old
    new[.reset] = 0.3
    for body in (0..<2_000).map({ StableHash.mix(7, UInt64($0)) }) where old.fault(body: body, earlier: 0) != nil {
      #expect(new.fault(body: body, earlier: 0) == .cutOff)
    }
  }
}
