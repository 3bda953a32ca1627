import Foundation
import Testing

@Suite struct CompareCommandTests {
  private func data(_ count: Int, prefix: String = "") -> String {
    (0..<count).map { number in
      let row =
        #"{"id":"\#(prefix)\#(number)","audio_id":"a.wav","question":"?","choices":["dog","cat"],"answer":"dog","#
      return row + #""task":"\#(number % 2 == 0 ? "even" : "odd")"}"#
    }.joined(separator: "\n")
  }

  private func predictions(_ count: Int, right: Range<Int>) -> String {
    (0..<count).map { #"{"id":"\#($0)","prediction":"\#(right.contains($0) ? "dog" : "cat")"}"# }
      .joined(separator: "\n")
  }

  private func place() throws -> Workplace {
    let place = try Workplace()
    let files = [
      "data.jsonl": data(20), "other.jsonl": data(20) + "\n", "a.jsonl": predictions(20, right: 0..<15),
      "b.jsonl": predictions(20, right: 10..<20),
    ]
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: place.path + "/" + name)) }
    return place
  }

  @Test func filesAndResultsOfThemCompareAlike() async throws {
    let place = try place()
    for name in ["a", "b"] {
      let words = ["score-file", "\(name).jsonl", "--data", "data.jsonl", "--output", name]
      #expect(try await Program.run(words, in: place.path).status == 0)
    }
    let rule = ["--rule", "strict", "--csv"]

    let files = try await Program.run(
      ["compare", "a.jsonl", "b.jsonl", "--data", "data.jsonl"] + rule, in: place.path)
    let folders = try await Program.run(["compare", "a", "b"] + rule, in: place.path)

    #expect(files.status == 0 && folders.status == 0)
    #expect(files.out == folders.out)
    let lines = files.out.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(lines.map { $0[1] } == ["value", "", "even", "odd"])
    #expect(lines[1][2...6] == ["strict", "20", "0.75", "0.5", "0.25"])
    // Of 15 items that one run has right, 10 are the first's: 2 × P(at most 5 of 15 fair throws) = 0.3018.
    let p = try #require(Double(lines[1][10]))
    #expect(abs(p - 0.30176) < 1e-5)
    #expect(lines[1][11...14] == ["5", "10", "5", "0"])
  }

  @Test func theTableForPeopleShowsWhatElseDiffers() async throws {
    let place = try place()
    let words = ["score-file", "a.jsonl", "--data", "data.jsonl", "--output"]
    _ = try await Program.run(words + ["a"], in: place.path)
    _ = try await Program.run(words + ["b", "--extract", "answer-tag"], in: place.path)

    let result = try await Program.run(["compare", "a", "b", "--rule", "mmau"], in: place.path)

    #expect(result.status == 0)
    #expect(result.err.contains("Not asked alike: extraction is whole in the first run, answer-tag in the second."))
    #expect(result.out.contains("extraction  whole  answer-tag"))
    #expect(result.out.contains("0.0 (0.0 to 0.0)"))
  }

  @Test func runsOnOtherDataAreRefused() async throws {
    let place = try place()
    _ = try await Program.run(["score-file", "a.jsonl", "--data", "data.jsonl", "--output", "a"], in: place.path)
    _ = try await Program.run(["score-file", "a.jsonl", "--data", "other.jsonl", "--output", "b"], in: place.path)

    let result = try await Program.run(["compare", "a", "b"], in: place.path)

    #expect(result.status == 65 && result.err.hasPrefix("The runs are on other data: data.jsonl ("))
  }

  @Test func whatIsNoRunSaysWhatToGive() async throws {
    let place = try place()
    try FileManager.default.createDirectory(atPath: place.path + "/empty", withIntermediateDirectories: true)

    let missing = try await Program.run(["compare", "nowhere", "a.jsonl"], in: place.path)
    let folder = try await Program.run(["compare", "empty", "empty"], in: place.path)
    let noData = try await Program.run(["compare", "a.jsonl", "b.jsonl"], in: place.path)

    #expect(missing.status == 66 && missing.err.contains("there is no such file or folder"))
    #expect(folder.status == 66 && folder.err.contains("holds no result"))
    #expect(noData.status == 64 && noData.err.contains("Give its test set with --data"))
  }

  @Test func aDamagedLineIsNamed() async throws {
    let place = try place()
    _ = try await Program.run(["score-file", "a.jsonl", "--data", "data.jsonl", "--output", "a"], in: place.path)
    let path = place.path + "/a/answers.jsonl"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    try Data((lines[0] + "\n{\"id\"\n").utf8).write(to: URL(fileURLWithPath: path))

    let result = try await Program.run(["compare", "a", "a"], in: place.path)

    #expect(result.status == 65 && result.err.contains("a/answers.jsonl:2: is not as it was written"))
  }
}
