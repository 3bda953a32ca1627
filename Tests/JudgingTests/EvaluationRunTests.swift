import Audio
import Dataset
import Evaluation
import Foundation
import Synchronization
import Testing

@testable import Judging

/// Says the second choice shown, or what it is told to; may stop after some replies.
private final class Parrot: Answerer {
  let identity: [String: String]
  private let last: Int?
  private let unheard: Set<String>
  let asked = Mutex<[String]>([])

  struct Stop: Error {}

  init(stoppingAfter last: Int? = nil, unheard: Set<String> = [], name: String = "parrot") {
    self.last = last
    self.unheard = unheard
    identity = ["model": name]
  }

  func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
    // The last first: the order of replies must not show.
    for (count, place) in asks.indices.reversed().enumerated() {
      if count == last { throw Stop() }
      let ask = asks[place]
      asked.withLock { $0.append(ask.item.id) }
      if unheard.contains(ask.item.id) {
        try onReply(place, .unheard("\(ask.item.id).wav: not audio."))
      } else {
        try onReply(place, Reply(output: ask.choices[1], tokens: 2))
      }
    }
  }
}

@Suite struct EvaluationRunTests {
  private func run(
    _ folder: TemporaryFolder, _ name: String, _ answerer: Parrot, orders: Int = 2, countsUnheard: Bool = false,
    earlier: EvaluationRun.Earlier = .refuse
  ) async throws -> EvaluationResult {
    let items = (0..<6).map { number in
      BenchmarkItem(
        id: "q\(number)", kind: .choice, audio: "q\(number).wav", question: "Which|one?",
        choices: ["a bell", "a dog", "rain"], answer: ["a bell", "a dog", "rain"][number % 3], answerIndex: number % 3,
        attributes: [BenchmarkItem.Attribute("task", number < 3 ? "=sum, \"x\"" : "b|c")], recording: "r\(number / 2)")
    }
    let missing = [BenchmarkFile.MissingSound]()
    let data = Manifest.DataSet(file: "set.jsonl", format: nil, items: 6, asked: 6, sha256: "0f")
    let questions = EvaluationRun.Questions(
      items: items, sounds: ItemSounds(items, missing: missing, hearing: .audio), data: data)
    let run = EvaluationRun(
      questions, settings: EvaluationRun.Settings(orders: orders, countsUnheard: countsUnheard), answerer: answerer,
      folder: ResultFolder(path: "\(folder.path)/\(name)"), program: "1.2.3")
    return try await run.run(earlier: earlier)
  }

  private func promised(_ folder: TemporaryFolder, _ name: String) throws -> [String: String] {
    try folder.texts(name).filter { $0.key != "costs.json" }
  }

  @Test func aRunThatWasStoppedEndsAsOneLeftAlone() async throws {
    let folder = try TemporaryFolder()
    _ = try await run(folder, "whole", Parrot())

    await #expect(throws: Parrot.Stop.self) { try await run(folder, "stopped", Parrot(stoppingAfter: 5)) }
    let part = "\(folder.path)/stopped/answers.part.jsonl"
    #expect(try String(contentsOfFile: part, encoding: .utf8).split(separator: "\n").count == 5)
    // As a machine leaves it that stops while a line is written.
    let handle = try #require(FileHandle(forWritingAtPath: part))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"id\":\"q0\",\"order\":[0,".utf8) + Data(count: 40))
    try handle.close()
    let rest = Parrot()
    let result = try await run(folder, "stopped", rest)

    #expect(rest.asked.withLock { $0.count } == 7)
    #expect(!result.wasComplete)
    let (one, other) = (try promised(folder, "whole"), try promised(folder, "stopped"))
    #expect(one.keys.sorted() == ["answers.jsonl", "manifest.json", "scores.csv", "scores.json", "scores.md"])
    #expect(one == other)
  }

  @Test func aWholeResultIsLeftAsItIs() async throws {
    let folder = try TemporaryFolder()
    let first = try await run(folder, "whole", Parrot())
    let before = try folder.texts("whole")
    let second = Parrot()

    let again = try await run(folder, "whole", second)

    #expect(again.wasComplete && second.asked.withLock { $0.isEmpty })
    #expect(again.table == first.table && again.consistency == first.consistency)
    #expect(again.lines == first.lines)
    #expect(try folder.texts("whole") == before)
  }

  @Test func otherSettingsAreRefusedByNameAndSetAsideWhenAsked() async throws {
    let folder = try TemporaryFolder()
    _ = try await run(folder, "whole", Parrot())

    let error = await #expect(throws: JudgingError.self) {
      try await run(folder, "whole", Parrot(name: "budgie"), orders: 3)
    }
    _ = try await run(folder, "whole", Parrot(name: "budgie"), orders: 3, earlier: .setAside)

    let text = error?.description ?? ""
    #expect(text.contains("model parrot -> budgie; orders 2 -> 3"), "\(text)")
    #expect(try folder.texts("whole.1").count == 6)
    #expect(try folder.texts("whole")["manifest.json"]?.contains("budgie") == true)
  }

  @Test func onlyOtherSettingsAreSetAsideWhereThatIsAsked() async throws {
    let folder = try TemporaryFolder()
    _ = try await run(folder, "whole", Parrot())

    let same = try await run(folder, "whole", Parrot(), earlier: .setAsideIfOther)
    let other = try await run(folder, "whole", Parrot(name: "budgie"), earlier: .setAsideIfOther)

    #expect(same.wasComplete && !other.wasComplete)
    #expect(try folder.texts("whole.1")["manifest.json"]?.contains("parrot") == true)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/whole.2"))
  }

  @Test func answersAreInTheOrderOfTheFileWithTheirMarks() async throws {
    let folder = try TemporaryFolder()
    _ = try await run(folder, "whole", Parrot())

    let lines = try #require(try folder.texts("whole")["answers.jsonl"]).split(separator: "\n")

    #expect(lines.count == 6)
    #expect(
      lines[1] == """
        {"answers":[{"chosen":1,"marks":{"air-bench":"unscored","letter":"wrong","mmar":"right","mmau":"right",\
        "strict":"right"},"order":[0,1,2],"output":"a dog","tokens":2},{"chosen":2,"marks":{"air-bench":"unscored",\
        "letter":"wrong","mmar":"wrong","mmau":"wrong","strict":"wrong"},"order":[1,2,0],"output":"rain","tokens":2}],\
        "attributes":{"task":"=sum, \\"x\\""},"id":"q1","kind":"choice","recording":"r0"}
        """)
  }

  @Test func itemsThatCannotBeHeardAreNamedAndInNoScore() async throws {
    let folder = try TemporaryFolder()

    let leftOut = try await run(folder, "left-out", Parrot(unheard: ["q1"]), orders: 1)
    let wrong = try await run(folder, "wrong", Parrot(unheard: ["q1"]), orders: 1, countsUnheard: true)

    #expect(leftOut.unasked == [EvaluationResult.Unasked(id: "q1", reason: "q1.wav: not audio.")])
    #expect(leftOut.table.unasked == ["q1"])
    #expect(leftOut.table.total?.items == 5)
    #expect(leftOut.table.total?.score(.strict)?.right == 1)
    #expect(wrong.unasked.count == 1 && wrong.table.total?.items == 6)
    #expect(wrong.table.total?.unanswered == 1)
    let line = try folder.texts("left-out")["answers.jsonl"]?.split(separator: "\n").dropFirst().first
    #expect(line?.contains("\"unasked\":\"q1.wav: not audio.\"") == true)
  }

  @Test func soundsThatWerePutRightAreHeardWhenARunGoesOn() async throws {
    let folder = try TemporaryFolder()
    await #expect(throws: Parrot.Stop.self) {
      try await run(folder, "set", Parrot(stoppingAfter: 4, unheard: ["q5"]), orders: 1)
    }

    let result = try await run(folder, "set", Parrot(), orders: 1)

    #expect(result.unasked.isEmpty)
  }

  @Test func aFolderThatIsWrittenElsewhereIsRefused() async throws {
    let folder = try TemporaryFolder()
    await #expect(throws: Parrot.Stop.self) { try await run(folder, "set", Parrot(stoppingAfter: 1)) }
    let log = try AnswerLog(folder: folder.path + "/set")

    await #expect(throws: JudgingError.locked(folder: folder.path + "/set")) { try await run(folder, "set", Parrot()) }
    #expect(log.earlier.count == 1)
  }

  @Test func tablesSurviveWhatValuesHold() async throws {
    let folder = try TemporaryFolder()
    _ = try await run(folder, "whole", Parrot())
    let texts = try folder.texts("whole")

    #expect(texts["scores.csv"]?.contains("\nchoices,task,\"'=sum, \"\"x\"\"\",strict,share,3,6,2,") == true)
    #expect(texts["scores.md"]?.contains("| task: b\\|c | 3 |") == true)
    #expect(texts["scores.md"]?.contains("| random |  | 33.3 |") == true)
  }

  @Test func transcriptsAndLabelsAreScoredByTheirOwnMeasures() async throws {
    let folder = try TemporaryFolder()
    let items = [
      BenchmarkItem(id: "t", kind: .transcript, question: "What is said?", references: ["good day sir"]),
      BenchmarkItem(
        id: "l", kind: .label, question: "Which mood?", choices: ["happy", "sad"], answer: "sad", answerIndex: 1),
      BenchmarkItem(
        id: "c", kind: .choice, question: "Which?", choices: ["dog", "cat"], answer: "cat", answerIndex: 1),
    ]
    let questions = EvaluationRun.Questions(
      items: items, sounds: ItemSounds(items, missing: [], hearing: .none),
      data: Manifest.DataSet(file: "set.jsonl", items: 3, asked: 3, sha256: "0f"))
    func result(_ name: String) async throws -> EvaluationResult {
      try await EvaluationRun(
        questions, settings: EvaluationRun.Settings(hearing: .none, orders: 2), answerer: Says("good sad cat"),
        folder: ResultFolder(path: "\(folder.path)/\(name)"), program: "1"
      ).run()
    }

    let first = try await result("set")
    let again = try await result("set")

    let names = first.scored.texts.sections.map(\.measure.name)
    #expect(names == ["transcripts, by words", "labels"] || names.count == 2, "\(names)")
    #expect(first.scored.texts.sections[1].total.scores[0].value == 1)
    #expect(first.table.total?.items == 1 && first.consistency?.items == 1)
    #expect(again.wasComplete && again.scored == first.scored)
    let markdown = try #require(try folder.texts("set")["scores.md"])
    #expect(markdown.contains("WER") && markdown.contains("UAR") && markdown.contains("always first"))
    #expect(markdown.contains("The same choice in all orders: 100.0 ("))
  }
}

/// Says the same to everything.
private struct Says: Answerer {
  let identity = ["model": "constant"]
  let text: String

  init(_ text: String) { self.text = text }

  func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
    for place in asks.indices { try onReply(place, Reply(output: text, tokens: 1)) }
  }
}
