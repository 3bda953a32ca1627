import Chat
import Dataset
import Evaluation
import Foundation
import Models
import Testing

@testable import Judging

@Suite struct EndpointJudgeTests {
  private func item(_ id: String, task: String = "sound_QA", domain: String = "sound") -> BenchmarkItem {
    BenchmarkItem(
      id: id, kind: .openChat, question: "What barks?", references: ["The reference."],
      attributes: [BenchmarkItem.Attribute("domain", domain), BenchmarkItem.Attribute("task", task)],
      soundDescription: "A dog in a yard.")
  }

  private func judge(_ server: EndpointServer) throws -> EndpointJudge {
    EndpointJudge(client: try server.client(), settings: EndpointSettings(model: "j"))
  }

  /// A judge that gives whatever stands first a point more than it deserves.
  private static func biased(_ body: String) -> (Int, String) {
    let first = body.range(of: "The reference.")?.lowerBound
    let second = body.range(of: "The answer.")?.lowerBound
    guard let first, let second else { return (400, "{}") }
    return EndpointServer.reply(first < second ? "9 6\nAs the first is right." : "7 8")
  }

  @Test func positionsAreSwappedAndScoresTurnedBack() async throws {
    let server = try await EndpointServer(Self.biased)
    let verdicts = Gathering<AnswerLine.Verdict>()

    try await judge(server).judge([EndpointJudge.Case(item: item("1"), answer: "The answer.")]) { place, verdict, _ in
      verdicts.add(verdict, at: place)
    }

    let sorted = verdicts[0].sorted { !$0.swapped && $1.swapped }
    #expect(sorted.map(\.swapped) == [false, true])
    #expect(sorted.map(\.scores) == [[9, 6], [8, 7]])
    #expect(sorted[0].output == "9 6\nAs the first is right.")
    #expect(server.bodies.allSatisfy { $0.contains("A dog in a yard.") && $0.contains("What barks?") })
    let scores = ChatScores([item("1")], verdicts: ["1": verdicts[0]])
    #expect(scores.rows.first?.answer == 6.5 && scores.rows.first?.reference == 8.5)
  }

  @Test func nothingIsPaidTwiceNorForWhatWasNeverSaid() async throws {
    let server = try await EndpointServer(Self.biased)
    let known = AnswerLine.Verdict(swapped: false, output: "no scores at all")
    let verdicts = Gathering<AnswerLine.Verdict>()
    let cases = [
      EndpointJudge.Case(item: item("1"), answer: "The answer.", known: [known]),
      EndpointJudge.Case(item: item("2"), answer: " "),
    ]

    try await judge(server).judge(cases) { place, verdict, _ in verdicts.add(verdict, at: place) }

    #expect(server.bodies.count == 1)
    #expect(verdicts[0].map(\.swapped) == [true] && verdicts[1].isEmpty)
  }

  @Test(arguments: [
    ("8 6", [8.0, 6.0]), ("\n 8.5, 6\nreasons 3", [8.5, 6]), ("8/10 6/10", [8, 6]), ("Scores: 8 and 6.", [8, 6]),
  ])
  func twoNumbersOnTheFirstLineAreRead(text: String, scores: [Double]) {
    #expect(JudgeScores.read(text) == scores)
  }

  @Test(arguments: ["", "8", "8 6 7", "0 5", "11 5", "Assistant 1: 8, assistant 2: 6", "good, bad\n8 6", "1e3 4"])
  func anythingElseIsNoVerdict(text: String) {
    #expect(JudgeScores.read(text) == nil)
  }

  @Test func verdictsThatCannotBeReadAreCounted() {
    let verdicts = [
      "1": [
        AnswerLine.Verdict(swapped: false, output: "?"),
        AnswerLine.Verdict(swapped: true, output: "4 8", scores: [8, 4]),
      ],
      "2": [AnswerLine.Verdict(swapped: false, output: "?")],
    ]

    let scores = ChatScores([item("1"), item("2"), item("3")], verdicts: verdicts)

    #expect(scores.verdicts == 3 && scores.unread == 2 && scores.unscored == 2)
    #expect(scores.rows.map(\.value) == [nil, "sound", "sound_QA"])
    #expect(scores.rows[0].items == 1 && scores.rows[0].answer == 4)
  }

  @Test func theMixedDomainIsTheMeanOfItsTasks() throws {
    let items = [
      item("1", task: "speech_and_sound_QA", domain: "mixed"), item("2", task: "speech_and_music_QA", domain: "mixed"),
      item("3", task: "speech_and_music_QA", domain: "mixed"),
    ]
    func verdict(_ score: Double) -> [AnswerLine.Verdict] {
      [AnswerLine.Verdict(swapped: false, output: "", scores: [9, score])]
    }

    let scores = ChatScores(items, verdicts: ["1": verdict(8), "2": verdict(4), "3": verdict(4)])

    #expect(scores.rows.first { $0.value == "mixed" }?.answer == 6)
  }

  @Test func thePromptIsThatOfTheFile() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = try String(contentsOf: root.appending(path: "prompts/judge-air-bench.md"), encoding: .utf8)
    let fields = JudgeFields(sound: "{{sound}}", question: "{{question}}", first: "{{first}}", second: "{{second}}")
    let texts = try JudgePrompt.airBench.messages(fields).flatMap(\.parts).compactMap { part -> String? in
      guard case .text(let text) = part else { return nil }
      return text
    }

    #expect(texts.count == 2 && texts.allSatisfy { file.contains($0) })
  }
}
