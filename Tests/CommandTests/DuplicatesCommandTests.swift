import Foundation
import Testing

/// `earshot duplicates`, and `contamination` from the pipeline file to the listing.
@Suite struct DuplicatesCommandTests {
  private struct Matches: Decodable {
    struct Match: Decodable {
      var question: String
      var kind: String
      var line: Int
    }
    var questions: Int
    var matches: [Match]
  }

  private func row(_ id: String, _ question: String, _ sound: String, _ choices: String = #"["a dog","a cat"]"#)
    -> String
  {
    #"{"id":"\#(id)","audio":"\#(sound).wav","question":"\#(question)","choices":\#(choices),"answer":"a dog"}"# + "\n"
  }

  @Test func aFileIsSearchedAndTheSurvivorStandsFirst() async throws {
    let place = try Workplace()
    let text =
      row("q1", "Which animal barks in the recording?", "one")
      + row("q2", "Which animal barks in the recording?", "two")
      + row("q3", "which animal barks, in the recording", "one", #"["A cat","A dog"]"#)
      .replacing(#""answer":"a dog""#, with: #""answer":"A dog""#)
    try text.write(toFile: place.path + "/set.jsonl", atomically: true, encoding: .utf8)

    let result = try await Program.run(["duplicates", "set.jsonl"], in: place.path)
    let json = try await Program.run(["duplicates", "set.jsonl", "--json"], in: place.path)
    let none = try await Program.run(["duplicates", "nowhere.jsonl"], in: place.path)

    #expect(
      result.out == """
        3 questions, 1 of them out
        asked twice of a sound: 1 out, in 1 cluster

        asked twice of a sound, 2 questions, 1 out
          100.0%  stays           q1  one.wav
                  Which animal barks in the recording?  [a dog | a cat]
          100.0%  E_DUP_SOUND     q3  one.wav
                  which animal barks, in the recording  [A cat | A dog]

        """)
    #expect(result.status == 0 && json.out.contains(#""code" : "E_DUP_SOUND""#))
    #expect(none.status == 66)
  }

  @Test func questionsOfTestSetsAreRemovedListedOrRefused() async throws {
    let place = try Workplace()
    let first = try await Program.run(["run", Workplace.quickstart], in: place.path)
    try FileManager.default.copyItem(
      atPath: place.path + "/runs/quickstart/export/jsonl/dev.jsonl", toPath: place.path + "/test-set.jsonl")
    func run(_ matches: String) async throws -> Program.Output {
      try await Program.run(
        [
          "run", Workplace.quickstart, "--set", "contamination.files=[\(place.path)/test-set.jsonl]", "--set",
          "contamination.matches=\(matches)",
        ], in: place.path)
    }

    let removed = try await run("remove")
    let listed = try await Program.run(["contamination", "runs/quickstart", "--json"], in: place.path)
    let refused = try await run("refuse")
    let back = try await Program.run(["run", Workplace.quickstart], in: place.path)

    let report = try JSONDecoder().decode(Matches.self, from: Data(listed.out.utf8))
    #expect(removed.status == 0 && removed.out.contains("E_CONTAMINATED"))
    #expect(report.questions > 1 && report.matches.contains { $0.kind == "question" && $0.line > 1 })
    #expect(refused.status == 65 && refused.err.contains("earshot contamination runs/quickstart"))
    #expect(back.status == 0 && back.out == first.out)
  }

  @Test func aTestSetThatIsNotThereStopsTheRunBeforeItBegins() async throws {
    let place = try Workplace()

    let result = try await Program.run(
      ["run", Workplace.quickstart, "--set", "contamination.files=[none.json]"], in: place.path)

    #expect(result.status == 74 && result.err.contains("none.json"))
    #expect(!FileManager.default.fileExists(atPath: place.path + "/runs"))
  }
}
