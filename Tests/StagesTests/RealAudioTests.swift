import Dataset
import Foundation
import Testing

@testable import Store

private let testData = ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"]

/// What the whole way promises on recordings that nobody here made.
@Suite(.enabled(if: testData != nil, "set EARSHOT_TEST_DATA to the folder of real recordings"), .serialized)
struct RealAudioTests {
  @Test(arguments: ["animals", "digits", "music"])
  func realRecordingsBecomeABalancedSetInOneGo(name: String) async throws {
    let run = try TestRun()
    let data = try #require(testData)

    try await run.run(["scan.audio=\(data)/\(name)"])

    let status = try run.store.status()
    #expect(status.pendingSources == 0)
    #expect(!status.rejections.contains { $0.stage == "scan" })
    for stage in ["caption", "write", "check", "dedup"] { #expect(status.done[stage] == status.clips) }
    #expect(status.accepted >= 2 * status.clips)
    for count in status.positions {
      #expect((0.23...0.27).contains(Double(count) / Double(status.accepted)))
    }
    try expectFairSet(try questions(run))
  }

  private func questions(_ run: TestRun) throws -> [ExportedQuestion] {
    var questions: [ExportedQuestion] = []
    for split in Split.allCases {
      try JSONLFormat.forEachQuestion(path: "\(run.folder)/run/export/jsonl/\(split.rawValue).jsonl") {
        questions.append($0)
      }
    }
    return questions
  }

  private func expectFairSet(_ questions: [ExportedQuestion]) throws {
    var seen: Set<String> = []
    var offered: [String: Int] = [:]
    var right: [String: Int] = [:]
    for question in questions {
      let key = question.clip + question.question.lowercased() + question.choices.sorted().joined(separator: "|")
      #expect(seen.insert(key).inserted, "asked twice: \(question.id)")
      #expect(MMAUMatcher.ambiguity(choices: question.choices, answer: question.answer) == [])
      #expect(question.choices.count == 4)
      guard question.labels.contains(question.answer) else { continue }
      for choice in question.choices { offered[choice, default: 0] += 1 }
      right[question.answer, default: 0] += 1
    }
    for (label, count) in offered where count >= 200 {
      let share = Double(right[label] ?? 0) / Double(count)
      #expect((0.22...0.28).contains(share), "'\(label)' is right in \(share) of \(count) offers")
    }
  }
}
