import Foundation
import FoundationNetworking
import Testing

@testable import Web

struct StandInServerTests {
  @Test func aReplyHasTheShapeOfTheAPI() async throws {
    let server = try await StandInServer.start()
    let body = try chatBody("Write 4 questions, each with 3 wrong answers. " + RandomCaption(seed: 1).text)

    let answer = try await post(body, to: server)

    let reply = try JSONDecoder.api.decode(Reply.self, from: answer.body)
    let choice = try #require(reply.choices.first)
    #expect(server.baseURL.wholeMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+\/v1/) != nil)
    #expect(answer.status == 200)
    #expect(reply.object == "chat.completion" && reply.created == 0 && reply.model == "stand-in")
    #expect(choice.finishReason == "stop" && choice.message.role == "assistant")
    #expect(try items(of: choice).count == 4)
    #expect(reply.usage.promptTokens == (body.count + 3) / 4)
    #expect(reply.usage.totalTokens == reply.usage.promptTokens + reply.usage.completionTokens)
    await server.stop()
  }

  @Test func oneBodyGetsTheSameBytesFromAnyServerInAnyOrder() async throws {
    let bodies = try (0..<12).map { try chatBody("Write 5 questions. " + RandomCaption(seed: $0).text) }
    let (one, other) = (try await StandInServer.start(), try await StandInServer.start())
    var answers: [Data] = []
    for body in bodies { answers.append(try await post(body, to: one).body) }

    let again = try await withThrowingTaskGroup(of: (Int, Data).self) { group in
      for (place, body) in bodies.enumerated().reversed() {
        group.addTask { (place, try await post(body, to: other).body) }
      }
      return try await group.reduce(into: [Int: Data]()) { $0[$1.0] = $1.1 }
    }

    #expect(one.baseURL != other.baseURL)
    #expect(Set(answers).count == bodies.count)
    for (place, answer) in answers.enumerated() { #expect(again[place] == answer) }
    await one.stop()
    await other.stop()
  }

  @Test(
    arguments: [
      ("", "not valid JSON"), ("{\"model\":", "not valid JSON"),
      (String(repeating: "[", count: 100_000), "not valid JSON"),
      ("[]", "Invalid type"), ("{\"messages\":[]}", "'model'"), ("{\"model\":\"m\"}", "'messages'"),
      ("{\"model\":\"m\",\"messages\":[]}", "'messages' is empty"), ("{\"model\":1,\"messages\":[]}", "'model'"),
      ("{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}", "'messages.[0].role'"),
      ("{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "'stream'"),
    ])
  func aBadBodyIsAnsweredWith400(body: String, words: String) async throws {
    let server = try await StandInServer.start()

    let answer = try await post(Data(body.utf8), to: server)

    let error = try JSONDecoder.api.decode(ErrorReply.self, from: answer.body).error
    #expect(answer.status == 400)
    #expect(error.message.contains(words), "\(error.message)")
    #expect(error.type == "invalid_request_error")
    #expect(await server.statistics.byStatus == ["400": 1])
    #expect(await server.statistics.billed == 0)
    await server.stop()
  }

  @Test func aBodyOfNineMebibytesIsTooLong() async throws {
    let server = try await StandInServer.start()

    let answer = try await post(Data(repeating: UInt8(ascii: " "), count: 9 << 20), to: server)
    let after = try await post(try chatBody(RandomCaption(seed: 2).text), to: server)

    #expect(answer.status == 400)
    #expect(after.status == 200)
    await server.stop()
  }

  @Test func partsOfTextAreReadAndOthersPassedOver() async throws {
    let server = try await StandInServer.start()
    let body = Data(
      """
      {"model":"m","messages":[{"role":"assistant","content":null},{"role":"user","content":[
      {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
      {"type":"text","text":"Write 1 question. It lasts 7 seconds."}]}]}
      """.utf8)

    let answer = try await post(body, to: server)

    let choice = try #require(try JSONDecoder.api.decode(Reply.self, from: answer.body).choices.first)
    #expect(try items(of: choice).map(\.correct) == ["7 seconds"])
    await server.stop()
  }

  @Test func modelsStatisticsAndUnknownPathsAreAnswered() async throws {
    let server = try await StandInServer.start()
    _ = try await post(try chatBody(RandomCaption(seed: 2).text), to: server)

    let models = try await get("models", from: server)
    let statistics = try JSONDecoder().decode(
      StandInStatistics.self, from: try await get("stats", from: server).body)
    let unknown = try await get("nothing", from: server)

    #expect(String(decoding: models.body, as: UTF8.self).contains(#""id":"stand-in""#))
    #expect(statistics.requests == 1 && statistics.billed == 1 && statistics.byStatus == ["200": 1])
    #expect(statistics.completionTokens > 50)
    #expect(statistics == (await server.statistics))
    #expect(unknown.status == 404)
    await server.stop()
  }

  @Test func anAnswerStopsAtTheMostTokensAsked() async throws {
    let server = try await StandInServer.start()

    let answer = try await post(try chatBody(RandomCaption(seed: 2).text, maximumTokens: 20), to: server)

    let reply = try JSONDecoder.api.decode(Reply.self, from: answer.body)
    #expect(reply.choices.first?.finishReason == "length")
    #expect(reply.usage.completionTokens == 20)
    await server.stop()
  }

  @Test func theRequestLogHasALinePerAnswerBeforeItArrives() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "requests-\(UUID().uuidString).log").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var faults = StandInFaults()
    faults[.serverError] = 1
    let server = try await StandInServer.start(faults: faults, requestLog: path)
    let body = try chatBody(RandomCaption(seed: 2).text)
    let hash = StableHash.hex(StableHash.of(Array(body)))

    for expected in ["\(hash) 500 server-error\n", "\(hash) 500 server-error\n\(hash) 200\n"] {
      _ = try await post(body, to: server)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
    }
    await server.stop()
  }

  @Test func aTakenPortAndABadLogAreNamed() async throws {
    let server = try await StandInServer.start()
    let port = try #require(UInt16(server.baseURL.dropLast(3).split(separator: ":").last ?? ""))

    let taken = await #expect(throws: WebError.self) { try await StandInServer.start(port: port) }
    let noFolder = await #expect(throws: WebError.self) { try await StandInServer.start(requestLog: "/none/at/all") }

    #expect(taken?.description.hasPrefix("127.0.0.1:\(port): the port cannot be listened on (") == true)
    #expect(noFolder == .couldNotOpenLog(path: "/none/at/all", reason: "No such file or directory"))
    #expect(noFolder?.description.hasPrefix("/none/at/all: the request log cannot be written (No such file") == true)
    await server.stop()
  }

  @Test func aStoppedServerAnswersNoMore() async throws {
    let server = try await StandInServer.start()
    let body = try chatBody(RandomCaption(seed: 2).text)
    _ = try await post(body, to: server)

    await server.stop()

    await #expect(throws: URLError.self) { try await post(body, to: server) }
  }
}
