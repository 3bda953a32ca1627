import Foundation
import Testing

@Suite struct LintCommandTests {
  private let good = (0..<8).map { number in
    """
    {"id":"\(number)","audio_id":"\(number).wav","question":"Which animal is heard in place \(number)?",\
    "choices":["dog","cat","hen","cow"],"answer":"\(["dog", "cat", "hen", "cow"][number % 4])","task":"sound"}
    """
  }

  private func place(_ lines: [String]) throws -> Workplace {
    let place = try Workplace()
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: place.path + "/set.jsonl"))
    return place
  }

  @Test func aSetWithoutFaultsPasses() async throws {
    let place = try place(good)

    let result = try await Program.run(["lint", "set.jsonl", "--strict"], in: place.path)

    #expect(result.status == 0 && result.err.isEmpty)
    #expect(result.out.hasPrefix("set.jsonl: 8 questions\n\nItem by item nothing was found."))
    #expect(result.out.hasSuffix("0 items with errors, 0 with warnings; the set: nothing found\n"))
  }

  @Test func errorsEndWithTheStatusOfBadDataUnlessTheyAreAllowed() async throws {
    let faulty =
      good + [
        #"{"id":"8","audio_id":"8.wav","question":"What barks?","choices":["dog","cat","Dog!","cow"],"answer":"dog"}"#,
        #"{"id":"9","audio_id":"9.wav","question":"What moos?","choices":["dog","cat","hen","cow"],"answer":"goat"}"#,
      ]
    let place = try place(faulty)

    let plain = try await Program.run(["lint", "set.jsonl"], in: place.path)
    let allowed = try await Program.run(["lint", "set.jsonl", "--allow", "20"], in: place.path)
    let machine = try await Program.run(["lint", "set.jsonl", "--json", "--examples", "1"], in: place.path)

    #expect(plain.status == 65 && allowed.status == 0 && machine.status == 65)
    #expect(plain.out.contains("E_DUP_CHOICE             error      1  10.0%"))
    #expect(plain.out.contains("  9: 'dog' and 'Dog!'. What barks?"))
    #expect(plain.out.contains("2 items with errors"))
    #expect(plain.out.split(separator: "\n").allSatisfy { $0.count <= 120 })
    let reports = try #require(
      try JSONSerialization.jsonObject(with: Data(machine.out.utf8)) as? [[String: Any]])
    #expect(reports.count == 1 && reports[0]["withErrors"] as? Int == 2 && reports[0]["refused"] as? Int == 1)
  }

  @Test func whatCannotBeLookedAtSaysWhy() async throws {
    let place = try place([#"{"id":"1","task":"asr","audio":"1.wav","transcript":"good day"}"#])

    let missing = try await Program.run(["lint", "none.jsonl"], in: place.path)
    let other = try await Program.run(["lint", "set.jsonl"], in: place.path)
    let share = try await Program.run(["lint", "set.jsonl", "--allow", "200"], in: place.path)

    #expect(missing.status == 66 && missing.err.contains("none.jsonl: there is no such file"))
    #expect(other.status == 65 && other.err.contains("set.jsonl: holds no questions with choices"))
    #expect(share.status == 64)
  }
}
