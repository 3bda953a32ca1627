import Foundation
import Testing

@testable import Dataset

@Suite struct QuestionFileTests {
  private func read(
    _ text: String, format: QuestionFormat? = nil, files: [String] = [], audioFolder: String? = nil
  ) throws -> QuestionFile {
    try withFolder { folder in
      let path = folder.appendingPathComponent("set.jsonl").path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      for name in files {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: file)
      }
      var read = try QuestionFile.read(
        path: path, format: format, audioFolder: audioFolder.map { folder.appendingPathComponent($0).path })
      // Without the folder's own name.
      for index in read.questions.indices {
        read.questions[index].audio = read.questions[index].audio?.replacing(folder.path + "/", with: "")
      }
      return read
    }
  }

  private func message(_ text: String, format: QuestionFormat? = nil) -> String {
    do {
      return "\(try read(text, format: format).questions.count) questions"
    } catch {
      let text = "\(error)"
      return text.range(of: "set.jsonl").map { String(text[$0.lowerBound...]) } ?? text
    }
  }

  @Test func linesAndListsAreReadAlike() throws {
    let rows = [
      #"{"id": "a", "question": "Which?", "choices": ["x", "y"], "answer": 1}"#,
      #"{"id": "b", "question": "What?", "choices": ["p", "q"], "answer": "p"}"#,
    ]

    let lines = try read(rows.joined(separator: "\n\n") + "\n")
    let list = try read("[" + rows.joined(separator: ",\n\n") + "]\n")

    #expect(lines.questions == list.questions)
    #expect(lines.questions.map(\.id) == ["a", "b"])
    #expect(lines.questions.map(\.answerText) == ["y", "p"])
    #expect(lines.questions.map(\.line) == [1, 3])
    #expect(lines.refused.isEmpty && list.refused.isEmpty)
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    let row = #"{"id": "a", "question": "Which?", "choices": ["x", "y"], "answer": 1}"#

    #expect(try read("\u{FEFF}" + row).questions.count == 1)
    #expect(try read("\u{FEFF}[" + row + "]").questions.count == 1)
  }

  @Test func rowsThatCannotBeUsedAreToldWithTheirLine() throws {
    let file = try read(
      """
      {"question": "Which?", "choices": ["x", "y"], "answer": 1}
      {"question": "Which?", "choices": ["x", "y"], "answer": 2}
      {"question": "Which?", "choices": ["x"], "answer": 0}
      {"question": "Which?", "choices": ["x", "y"], "answer": "z"}

      not JSON
      {"question": "Which?"}
      [1]
      {"audio": "a.wav"}
      {"question": "Which?", "choices": ["x", "y"], "answer": 99999999999999999999999}
      {"question": "Which?", "choices": ["x", " "], "answer": 0}
      {"question": "Which?", "choices": "x", "answer": 0}
      {"question": "Which?", "choices": ["x", "y"], "answer": 0, "pass_rate": 1.5}
      {"question": "Which?", "choices": ["x", "y"], "answer": 0, "audio": ["a.wav", "b.wav"]}
      {"question": "Which?", "choices": ["x", "y"], "answer": 0, "audio": "a\\u0000.wav"}
      {"question": "Which?", "rejected": "x", "choices": ["x", "y"]}
      """)

    #expect(file.questions.count == 1)
    #expect(
      file.refused.map { "\($0.line): \($0.reason)" } == [
        "2: 'answer' is 2 with 2 choices",
        "3: 'choices' has 1 choices; 2 to 26 are read",
        "4: 'answer' is 'z', which is none of the choices",
        "6: the line is not JSON",
        "7: a question with neither choices nor a response",
        "8: the row is a list, not an object",
        "9: a sound without question, response, captions or labels",
        "10: 'answer' is not a whole number",
        "11: 'choices' holds an empty choice",
        "12: 'choices' is text, not a list",
        "13: 'pass_rate' is not a number from 0.0 to 1.0",
        "14: 'audio' names 2 sounds; rows with one are read",
        "15: 'a\u{0}.wav' holds a control character",
        "16: 'rejected' without 'chosen'",
      ])
  }

  @Test func aFileWithNothingToUseIsRefused() {
    #expect(message("") == "set.jsonl:1: the file holds no rows.")
    #expect(message("[]") == "set.jsonl:1: the file holds no rows.")
    #expect(message("question,answer\n") == "set.jsonl:1: neither JSON lines nor a JSON list.")
    #expect(message("{\n\"a\": 1}") == "set.jsonl:1: the line is not JSON; no row of the file can be used.")
    #expect(
      message(#"{"question": "Which?"}"#)
        == "set.jsonl:1: a question with neither choices nor a response; no row of the file can be used.")
  }

  @Test func aBrokenListIsToldWithItsLine() {
    let row = #"{"question": "Which?", "choices": ["x", "y"], "answer": 1}"#

    #expect(message("[\(row),\n\(row)") == "set.jsonl:2: the file ends inside the list.")
    #expect(message("[\(row),\n\(row)\n{}]") == "set.jsonl:3: not JSON.")
    #expect(message("[\(row)]\nmore") == "set.jsonl:2: not JSON.")
    #expect(message("[\(row),]") == "set.jsonl:1: not JSON.")
  }

  @Test func nestingWithoutEndIsRefused() {
    #expect(message(String(repeating: "[", count: 100_000)).hasPrefix("set.jsonl:1: not JSON"))
    #expect(message(#"{"a":"# + String(repeating: "[", count: 100_000)).hasPrefix("set.jsonl:1: the line is not JSON"))
  }

  // Prefixes of a file, and the file with a changed byte: refused or read, never a crash.
  @Test func damagedBytesAreSurvived() throws {
    let rows = [
      #"{"id":7,"video_name":"-HG3Omg_89c_000030","question_text":"Q","multi_choice":["a",null,"c"],"answer":2}"#,
      #"{"id":"A","question":{"stem":"Q","choices":[{"text":"a","label":"A"},{"text":"b","label":"B"}]},"answerKey":"B"}"#,
      #"{"audio":{"path":"x.wav"},"start":1.5,"end":2e0,"question":"Q","choices":["a","b"],"answer":"b","pass_rate":0.5}"#,
    ]
    let bytes = Array(("[" + rows.joined(separator: ",\n") + "]").utf8)
    var read = 0
    try withFolder { folder in
      let path = folder.appendingPathComponent("set.json").path
      for index in stride(from: 0, to: bytes.count, by: 3) {
        for damaged in [Array(bytes[..<index]), bytes.enumerated().map { $0 == index ? 0x39 : $1 }] {
          try Data(damaged).write(to: URL(fileURLWithPath: path))
          if let file = try? QuestionFile.read(path: path) { read += file.questions.count }
        }
      }
    }

    #expect(read > bytes.count / 3)
  }

  @Test func soundsAreLookedForBesideTheFileAndInTheNamedFolder() throws {
    let row = #"{"question": "Which?", "choices": ["x", "y"], "answer": 1, "audio": "./sub/a.wav"}"#

    #expect(try read(row, files: ["sub/a.wav", "clips/sub/a.wav"]).questions[0].audio == "sub/a.wav")
    #expect(
      try read(row, files: ["sub/a.wav", "clips/sub/a.wav"], audioFolder: "clips").questions[0].audio
        == "clips/sub/a.wav")
    #expect(try read(row, files: ["sub/a.wav"], audioFolder: "clips").questions[0].audio == "sub/a.wav")
    #expect(try read(row).questions[0].audio == "sub/a.wav")
    #expect(try read(row.replacing("./sub", with: "/data")).questions[0].audio == "/data/a.wav")
  }

  @Test func idsFollowFromTheContent() throws {
    let row = #"{"question": "Which?", "choices": ["x", "y"], "answer": 1, "audio": "a.wav"}"#
    let others = [row.replacing("Which", with: "What"), row.replacing("\"x\"", with: "\"z\"")]

    let ids = try read(([row, row] + others).joined(separator: "\n")).questions.map(\.id)

    #expect(ids[0] == ids[1])
    #expect(Set(ids).count == 3)
    #expect(ids[0].count == 16)
  }

  @Test func theDigestOfARowChangesWithItsAnswer() throws {
    let row = #"{"id": "a", "question": "Which?", "choices": ["x", "y"], "answer": 1}"#
    let rows = [row, row.replacing(": 1", with: ": 0"), row.replacing("}", with: #", "pass_rate": 0.5}"#)]

    #expect(Set(try read(rows.joined(separator: "\n")).questions.map(\.digest)).count == 3)
  }

  @Test(.enabled(if: realData != nil, "needs EARSHOT_TEST_DATA")) func theRealMMAUIsReadWhole() throws {
    let file = try QuestionFile.read(path: realData! + "/benchmarks/mmau-test-mini.json")

    #expect(file.questions.count == 1000)
    #expect(file.refused.isEmpty)
    #expect(file.questions.allSatisfy { $0.answer != nil && $0.choices.count >= 2 })
    // The share of the first place among the answers, as the facts of the set have it.
    #expect(file.questions.count { $0.answer == 0 } >= 390)
  }
}
