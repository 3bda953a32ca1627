import Foundation
import Testing

@Suite struct ScoreFileCommandTests {
  private let data = """
    [{"id":"1","audio_id":"./1.wav","question":"Which?","choices":["dog","cat"],"answer":"dog","task":"sound"},
     {"id":"2","audio_id":"./2.wav","question":"Which?","choices":["dog","cat"],"answer":"cat","task":"sound"},
     {"id":"3","audio_id":"./3.wav","question":"Which?","choices":["lute","harp"],"answer":"harp","task":"music"}]
    """

  private func place(_ files: [String: String]) throws -> Workplace {
    let place = try Workplace()
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: place.path + "/" + name)) }
    return place
  }

  private func records(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test func missingPredictionsCountAsWrongAndUnknownOnesAreNamed() async throws {
    let lines = """
      {"id":"1","model_output":"dog"}
      {"id":"2","model_prediction":"B"}
      {"id":"9","model_output":"dog"}
      """
    let place = try place(["data.json": data, "p.jsonl": lines])

    let result = try await Program.run(["score-file", "p.jsonl", "--data", "data.json", "--json"], in: place.path)

    #expect(result.status == 0)
    #expect(result.err.contains("1 item without a prediction, counted as wrong: 3"))
    #expect(result.err.contains("1 prediction for no item of the test set, left out: 9"))
    let all = try records(result.out).filter { $0["attribute"] == nil }
    func right(_ name: String) -> Int? { all.first { $0["name"] as? String == name }?["right"] as? Int }
    #expect(right("strict") == 1 && right("letter") == 1 && right("mmau") == 1)
    #expect(all.allSatisfy { $0["items"] as? Int == 3 })
    #expect(all.contains { $0["name"] as? String == "always first" })
  }

  @Test func rowsThatCarryTheirPredictionsNeedNoOtherFile() async throws {
    let rows = data.replacing(#""answer":"dog""#, with: #""answer":"dog","mine":"<answer>dog</answer>""#)
    let place = try place(["data.json": rows])
    let words = ["score-file", "data.json", "--predictions-key", "mine", "--rule", "strict", "--csv"]

    let whole = try await Program.run(words, in: place.path)
    let tagged = try await Program.run(words + ["--extract", "answer-tag"], in: place.path)

    #expect(whole.status == 0 && tagged.status == 0)
    #expect(whole.out.split(separator: "\n")[1].hasPrefix("choices,,,strict,share,3,3,0,0.0,"))
    #expect(tagged.out.split(separator: "\n")[1].hasPrefix("choices,,,strict,share,3,3,1,0.333"))
  }

  @Test func withheldAnswersGiveASubmissionAndNoTable() async throws {
    let withheld = data.replacing(#""answer":"dog""#, with: #""answer":"""#)
      .replacing(#""answer":"cat""#, with: #""answer":"""#).replacing(#""answer":"harp""#, with: #""answer":"""#)
    let lines = "{\"id\":\"1\",\"prediction\":\"a \\\"dog\\\"\"}\n{\"id\":\"3\",\"prediction\":\"harp\"}\n"
    let place = try place(["data.json": withheld, "p.jsonl": lines])

    let result = try await Program.run(
      ["score-file", "p.jsonl", "--data", "data.json", "--submission", "s.json"], in: place.path)

    #expect(result.status == 0 && result.out.isEmpty)
    #expect(result.err.contains("has no right answers to score by, so there is no table"))
    let rows = try records(try String(contentsOfFile: place.path + "/s.json", encoding: .utf8))
    #expect(rows.map { $0["model_output"] as? String } == ["a \"dog\"", "", "harp"])
    #expect(rows.map { $0["model_prediction"] as? String } == ["a \"dog\"", "", "harp"])
    #expect(rows[2]["choices"] as? [String] == ["lute", "harp"] && rows[0]["audio_id"] as? String == "./1.wav")
  }

  @Test func aResultIsTheSameToTheByteWhenItIsMadeAgain() async throws {
    let place = try place(["data.json": data, "p.jsonl": #"{"id":"1","prediction":"dog"}"#])
    let words = ["score-file", "p.jsonl", "--data", "data.json", "--markdown", "--output"]

    let first = try await Program.run(words + ["a"], in: place.path)
    let second = try await Program.run(words + ["b"], in: place.path)

    #expect(first.status == 0 && first.out == second.out && first.out.hasPrefix("|  | n | strict |"))
    let files = try place.files("a")
    #expect(files.keys.sorted() == ["answers.jsonl", "manifest.json", "scores.csv", "scores.json", "scores.md"])
    #expect(try place.files("b") == files)
  }

  @Test func whatCannotBeScoredSaysWhy() async throws {
    let place = try place(["data.json": data, "p.jsonl": #"{"id":"7","prediction":"dog"}"#])

    let strangers = try await Program.run(["score-file", "p.jsonl", "--data", "data.json"], in: place.path)
    let silent = try await Program.run(["score-file", "data.json"], in: place.path)
    let rule = try await Program.run(["score-file", "data.json", "--rule", "best"], in: place.path)

    #expect(strangers.status == 65 && strangers.err.contains("none of its ids is one of data.json"))
    #expect(silent.status == 64 && silent.err.contains("no row has a prediction"))
    #expect(rule.status == 64 && rule.err.contains("there is no rule 'best'"))
  }

  @Test func transcriptsAndLabelsAreScoredSideBySide() async throws {
    let rows = """
      {"id":"1","task":"asr","audio":"1.wav","language":"en","transcript":"Good day, sir.","prediction":"good day"}
      {"id":"2","task":"emotion","audio":"2.wav","label":"happy","prediction":"Happy."}
      """
    let place = try place(["rows.jsonl": rows])

    let result = try await Program.run(["score-file", "rows.jsonl"], in: place.path)

    #expect(result.status == 0)
    #expect(result.out.contains("transcripts, by words") && result.out.contains("WER"))
    #expect(result.out.contains("33.3") && result.out.contains("UAR"))
  }

  private static let testMini = ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"].map {
    $0 + "/benchmarks/mmau-test-mini.json"
  }

  @Test(.enabled(if: testMini != nil, "EARSHOT_TEST_DATA is not set"))
  func theBaselinesOfTestMiniAreThePublishedOnes() async throws {
    let path = try #require(Self.testMini)
    let rows = try records(try String(contentsOfFile: path, encoding: .utf8))
    let lines = try rows.map { row in
      let answer = ["id": row["id"] as? String ?? "", "model_output": row["answer"] as? String ?? ""]
      return String(decoding: try JSONSerialization.data(withJSONObject: answer), as: UTF8.self)
    }
    let place = try place(["p.jsonl": lines.joined(separator: "\n")])

    let result = try await Program.run(["score-file", "p.jsonl", "--data", path, "--json"], in: place.path)

    let all = try records(result.out).filter { $0["attribute"] == nil }
    func score(_ name: String) -> Double? { all.first { $0["name"] as? String == name }?["score"] as? Double }
    #expect(all.allSatisfy { $0["items"] as? Int == 1000 })
    #expect(score("always first") == 0.395 && score("longest choice") == 0.394)
    #expect(score("mmau") == 1 && score("strict") == 1)
    let letter = try #require(score("letter"))
    #expect(letter < 0.1)
  }
}
