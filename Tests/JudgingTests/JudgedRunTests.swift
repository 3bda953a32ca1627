import Dataset
import Evaluation
import Foundation
import Synchronization
import Testing

@testable import Judging

@Suite struct JudgedRunTests {
  /// How many more requests a server answers before it refuses the key.
  private final class Patience: Sendable {
    let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func isOver() -> Bool {
      left.withLock { left in
        left -= 1
        return left < 0
      }
    }
  }

  private struct Talker: Answerer {
    let identity = ["model": "talker"]

    func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
      for place in asks.indices { try onReply(place, Reply(output: "The answer.", tokens: 2)) }
    }
  }

  private func run(_ path: String, _ server: EndpointServer) async throws -> EvaluationResult {
    let items = (0..<4).map { number in
      BenchmarkItem(
        id: "q\(number)", kind: .openChat, question: "What barks?", references: ["The reference."],
        attributes: [BenchmarkItem.Attribute("domain", "sound")], soundDescription: "Dog \(number).")
    }
    let questions = EvaluationRun.Questions(
      items: items, sounds: ItemSounds(items, missing: [], hearing: .none),
      data: Manifest.DataSet(file: "chat.jsonl", items: 4, asked: 4, sha256: "0f"))
    let judge = EndpointJudge(client: try server.client(), settings: EndpointSettings(model: "j"))
    return try await EvaluationRun(
      questions, settings: EvaluationRun.Settings(hearing: .none), answerer: Talker(), judge: judge,
      folder: ResultFolder(path: path), program: "1"
    ).run()
  }

  @Test func verdictsAreKeptWithTheAnswersAndNoneIsAskedTwice() async throws {
    let folder = try TemporaryFolder()
    let patience = Patience(3)
    let server = try await EndpointServer { body in
      if patience.isOver() { return (401, "{}") }
      let isSwapped = (body.range(of: "The answer.")?.lowerBound).map { answer in
        body.range(of: "The reference.").map { answer < $0.lowerBound } ?? false
      }
      return EndpointServer.reply(isSwapped == true ? "6 8" : "9 5")
    }

    await #expect(throws: (any Error).self) { try await run(folder.path + "/stopped", server) }
    let refused = server.bodies.count - 3
    patience.left.withLock { $0 = .max }
    let result = try await run(folder.path + "/stopped", server)
    let asked = server.bodies.count - refused
    _ = try await run(folder.path + "/whole", server)
    let again = try await run(folder.path + "/whole", server)

    #expect(asked == 8 && server.bodies.count == asked + refused + 8)
    #expect(again.wasComplete && again.scored == result.scored)
    let row = try #require(result.scored.chats.rows.first)
    #expect(row.items == 4 && row.answer == 5.5 && row.reference == 8.5)
    let (stopped, whole) = (try folder.texts("stopped"), try folder.texts("whole"))
    for name in ["answers.jsonl", "manifest.json", "scores.json", "scores.md", "scores.csv"] {
      #expect(stopped[name] == whole[name], "\(name)")
    }
    #expect(whole["manifest.json"]?.contains("\"judge-model\" : \"j\"") == true)
    #expect(whole["scores.md"]?.contains("5.50") == true)
    #expect(whole["costs.json"]?.contains("\"verdicts\" : 8") == true)
    let first = try #require(whole["answers.jsonl"]?.split(separator: "\n").first)
    #expect(first.contains("{\"output\":\"9 5\",\"scores\":[9,5],\"swapped\":false}"))
  }
}
