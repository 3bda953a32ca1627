import Foundation
import GRDB
import Reports
import Testing

@testable import Stages
@testable import Store

@Suite struct RunReportTests {
  private func finished() async throws -> TestRun {
    let run = try TestRun()
    for number in 0..<4 { try run.write("\(number).wav", run.tone(200 + Float(number) * 90, seconds: 0.6)) }
    try run.write("short.wav", run.tone(300, seconds: 0.01))
    try await run.run()
    return run
  }

  @Test func thePageTellsWhatCameInWhatWasLeftOutAndWhatTheSetIsLike() async throws {
    let run = try await finished()
    let page = try RunReport(run.store, name: "my <set>").page(program: "1").html()

    for words in [
      "<h1>my &lt;set&gt;</h1>", "What came in", "Length of clips", "E_TOO_SHORT, by scan", "short.wav",
      "Position of the right answer",
      "The commonest wording,", "What it took", "How to make it again", "The set was not compared with test sets.",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("http-equiv=\"refresh\"") && !page.contains("src=\"http"))
  }

  @Test func examplesOfQuestionsCanBeHeardAndAreLeftSilentWithoutTheAudio() async throws {
    let run = try await finished()
    let id = try #require(try run.store.exportRows(split: nil, from: "", limit: 1).first?.questions.first?.id)
    try run.store.write { db in
      try db.execute(sql: "UPDATE question SET rejected_by = 'check', code = 'E_LEAK_Q' WHERE id = ?", arguments: [id])
    }

    let heard = try RunReport(run.store, name: "set").page(program: "1").html()
    let silent = try RunReport(run.store, name: "set", audio: "/nowhere").page(program: "1").html()

    #expect(heard.contains("E_LEAK_Q, by check") && heard.contains("src=\"data:audio/wav;base64,UklGR"))
    #expect(silent.contains("E_LEAK_Q, by check") && !silent.contains("<audio"))
  }

  @Test func theSameRunGivesTheSameBytes() async throws {
    let run = try await finished()

    #expect(
      try RunReport(run.store, name: "set").page(program: "1").html()
        == RunReport(run.store, name: "set").page(program: "1").html())
  }
}
