import Foundation
import Testing

@testable import Web

struct EmbeddingTests {
  private struct Reply: Decodable {
    struct Item: Decodable {
      var index: Int
      var embedding: [Double]
    }
    struct Usage: Decodable { var promptTokens: Int }
    var data: [Item]
    var model: String
    var usage: Usage
  }

  private func cosine(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test func textsThatShareWordsHaveVectorsThatAreAlike() {
    let vectors = [
      "Which animal is heard barking in the recording? a dog", "Which animal is heard barking in this recording? a dog",
      "How many bells ring before the siren? three",
    ].map { EmbeddingList.vector($0, 256) }

    #expect(cosine(vectors[0], vectors[1]) > 0.9)
    #expect(cosine(vectors[0], vectors[2]) < 0.5)
    for vector in vectors { #expect(abs(cosine(vector, vector) - 1) < 1e-4) }
    #expect(EmbeddingList.vector("?", 4) == [1, 0, 0, 0])
  }

  @Test func theRouteAnswersAsTheAPIDoes() async throws {
    let server = try await StandInServer.start()
    let body = Data(#"{"model":"m","input":["one dog","two dogs"],"encoding_format":"float"}"#.utf8)

    let answer = try await post(body, to: server, path: "embeddings")
    let again = try await post(body, to: server, path: "embeddings")

    let reply = try JSONDecoder.api.decode(Reply.self, from: answer.body)
    #expect(answer.status == 200 && answer.body == again.body)
    #expect(reply.data.map(\.index) == [0, 1] && reply.data.allSatisfy { $0.embedding.count == 256 })
    #expect(reply.model == "m" && reply.usage.promptTokens > 0)
    await server.stop()
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"model":"m"}"#, #"{"model":"m","input":[]}"#, #"{"model":"m","input":[""]}"#,
    #"{"model":"m","input":3}"#, #"{"model":"m","input":"a","dimensions":0}"#,
  ])
  func requestsThatAreWrongAreRefused(body: String) async throws {
    let server = try await StandInServer.start()

    let answer = try await post(Data(body.utf8), to: server, path: "embeddings")

    #expect(answer.status == 400)
    await server.stop()
  }
}
