import Pipelines
import Testing

@testable import Judging
@testable import Stages
@testable import Store

@Suite struct DependenceVerdictTests {
  private func settings(_ overrides: [String]) throws -> DependenceSettings {
    let file = try PipelineFile(
      path: TestRun.project + "/pipelines/quickstart.yaml",
      overrides: overrides
        + ["a", "b", "c"].flatMap {
          ["dependence.\($0).endpoint=builtin", "dependence.\($0).hears=[none,silence,swap,audio]"]
        })
    let section = file.section("dependence")
    return try DependenceSettings(section)
  }

  private func score(_ judge: String, _ hearing: Hearing, _ right: Double, of asked: Int = 4) -> JudgeScoreRecord {
    JudgeScoreRecord(judge: judge, hearing: hearing.rawValue, asked: asked, right: right, margin: nil)
  }

  /// AudioMCQ: of three judges two make a question weak.
  @Test(arguments: [(0.0, 0.0, "strong"), (4.0, 0.0, "strong"), (4.0, 3.0, "weak"), (4.0, 2.0, "strong")])
  func twoOfThreeMakeAQuestionWeak(second: Double, third: Double, label: String) throws {
    let verdict = DependenceVerdict(settings: try settings(["dependence.judges=[a,b,c]"]))

    let record = verdict.record(
      "q", [score("a", .none, 1), score("b", .silence, second), score("c", .none, third)], isMissing: false)

    #expect(record.contribution == label)
    #expect(record.judges == 3)
  }

  @Test func anotherClipsSoundIsStoredAndIsNoVote() throws {
    let verdict = DependenceVerdict(settings: try settings(["dependence.judges=[a]"]))

    let record = verdict.record(
      "q", [score("a", .none, 1), score("a", .silence, 2), score("a", .swap, 4), score("a", .audio, 3)],
      isMissing: false)

    #expect(record.contribution == "strong" && record.votes == 0)
    #expect(record.blind == 0.25 && record.silent == 0.5 && record.swapped == 1 && record.heard == 0.75)
  }

  @Test(arguments: [(0.0, "E_NEVER_SOLVED"), (8.0, "E_ALWAYS_SOLVED"), (7.0, nil)])
  func whatIsAlwaysOrNeverSolvedIsLeftOutOnRequest(right: Double, code: String?) throws {
    let scores = [score("a", .none, 0), score("a", .audio, right, of: 8)]
    let drops = DependenceVerdict(settings: try settings(["dependence.judges=[a]", "dependence.always=drop"]))
    let keeps = DependenceVerdict(settings: try settings(["dependence.judges=[a]"]))

    #expect(drops.record("q", scores, isMissing: false).code == code)
    #expect(keeps.record("q", scores, isMissing: false).code == nil)
  }

  @Test func nothingIsSaidOfAQuestionWhoseAnswersAreNotAllThere() throws {
    let verdict = DependenceVerdict(settings: try settings(["dependence.judges=[a,b]", "dependence.weak=drop"]))

    let record = verdict.record("q", [score("a", .none, 4)], isMissing: true)

    #expect(record.code == "E_UNJUDGED" && record.contribution == nil)
  }

  /// A ring of 60 clips, of which every third is of one recording and every fourth carries a label.
  @Test func anotherClipHasNeitherTheRecordingNorTheAnswerAndStaysWhenTheSetGrows() throws {
    func made(_ clips: Int) -> (questions: DependenceQuestions, clips: [String]) {
      let questions = (0..<clips).map { number in
        JudgedQuestion(
          id: "q\(number)", clip: "c\(number)", labels: number % 4 == 0 ? ["Dog"] : ["cat"], stem: "What is it?",
          correct: "dog", distractors: ["cow", "hen", "ox"])
      }
      let recordings = (0..<clips).map {
        ClipRecordings(clip: "c\($0)", recordings: [$0 % 3 == 0 ? "same" : "r\($0)"])
      }
      return (DependenceQuestions(questions, recordings: recordings, seed: 0), questions.map(\.clip))
    }
    let judge = try #require(try settings(["dependence.judges=[a]"]).judges.first)
    func partners(_ set: DependenceQuestions) -> [String] {
      set.items.indices.map { place in set.asks(place, judge).first { $0.hearing == .swap }?.heard?.clip ?? "" }
    }
    let small = partners(made(60).questions)
    let grown = partners(made(61).questions)

    for (place, partner) in small.enumerated() {
      let number = try #require(Int(partner.dropFirst()))
      #expect(number != place && number % 4 != 0 && !(number % 3 == 0 && place % 3 == 0))
    }
    #expect(zip(small, grown).count { $0 != $1 } < 12)
    #expect(Set(small).count > 15)
  }
}
