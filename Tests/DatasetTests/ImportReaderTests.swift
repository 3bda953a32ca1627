import Foundation
import Testing

@testable import Dataset

@Suite struct ImportReaderTests {
  private func entries(_ path: String, root: String? = nil) throws -> [ImportEntry] {
    var reader = try ImportReader(path: path, root: root ?? (path as NSString).deletingLastPathComponent + "/")
    var entries: [ImportEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }

  private func fixturePath(_ name: String, testFile: String = #filePath) -> String {
    URL(fileURLWithPath: testFile).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)").path
  }

  private func rows(_ path: String) throws -> [ImportRow] {
    try entries(path).compactMap { if case .row(let row) = $0 { row } else { nil } }
  }

  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private func written(_ lines: [String]) throws -> [ImportEntry] {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("train.jsonl").path
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return try entries(path)
  }

  private func only(_ line: String) throws -> ImportRow? {
    guard case .row(let row)? = try written([line]).first else { return nil }
    return row
  }

  /// Tests/Fixtures/import/parquet.py has the rows.
  @Test(arguments: ["snappy", "version-2", "plain"]) func tablesOfPyarrowAreRead(name: String) throws {
    let found = try rows(fixturePath("import/\(name).parquet"))

    #expect(found.map(\.question.id) == (0..<8).map { "q\($0)" })
    #expect(found[5].question.question == "Wer spricht – und wo? (5)")
    #expect(found[4].question.choices == ["yes", "no", "perhaps"] && found[4].question.answer == "no")
    #expect(found.map(\.question.difficulty) == (0..<8).map { $0 % 4 == 0 ? "" : "hard" })
    #expect(found.map { $0.question.rates[.heard] } == (0..<8).map { Double($0) / 8 })
    #expect(found.map(\.line) == Array(1...8))
    for (number, row) in found.enumerated() {
      guard case .bytes(let bytes, "\(number / 2).wav")? = row.sound?.place else {
        Issue.record("\(number): \(String(describing: row.sound?.place))")
        continue
      }
      #expect(bytes.count == 3_244 && bytes.starts(with: Array("RIFF".utf8)))
    }
  }

  @Test func aTableThatIsCompressedOtherwiseSaysHowToWriteIt() throws {
    let path = fixturePath("import/zstd.parquet")

    #expect {
      try entries(path)
    } throws: { error in
      "\(error)".contains("is compressed with zstd, which is not read. Write it again with pyarrow")
    }
  }

  /// Untrusted bytes: whatever is wrong with them is an error or a refused row.
  @Test func damagedTablesAndArchivesAreRefused() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try export(WebDatasetFormat.self, (0..<3).map { exportedQuestion($0) }, to: folder)
    let archive = [UInt8](try Data(contentsOf: folder.appendingPathComponent("train-000000.tar")))
    var generator = SystemRandomNumberGenerator()
    for (name, whole) in [("snappy.parquet", try fixture("import/snappy.parquet")), ("a.tar", archive)] {
      let path = folder.appendingPathComponent(name).path
      for round in 0..<60 {
        var bytes = whole
        for _ in 0...round % 5 {
          bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        if round % 6 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
          _ = try entries(path)
        } catch is DatasetError {}
      }
    }
  }

  @Test func chatRowsAreTakenApart() throws {
    let asked =
      "Who's there? Please choose the answer from the following options: ['a dog', \\\"a dog's bark\\\", 'rain\\\\n']. "
      + "Output the final answer in <answer> </answer>."

    let row = try #require(
      try only(
        #"{"messages": [{"role": "system", "content": "Listen."}, {"role": "user", "content": "<audio>\#(asked)"}, "#
          + #"{"role": "assistant", "content": "<think>A bark.</think><answer>a dog's bark</answer>"}], "audios": ["x.wav"]}"#
      ))

    #expect(row.question.question == "Who's there?")
    #expect(row.question.choices == ["a dog", "a dog's bark", "rain"] && row.question.answerIndex == 1)
    #expect(row.question.audioPath == "x.wav" && row.question.split == "train" && !row.question.id.isEmpty)
  }

  @Test func rowsOfConversationsByOtherNamesAreRead() throws {
    let row = try #require(
      try only(
        #"{"conversations": [{"from": "human", "value": "<audio>Rain?"}], "chosen": {"from": "gpt", "value": "yes"}, "#
          + #""rejected": {"from": "gpt", "value": "no"}, "choices": ["yes", "no"], "audios": ["x.wav"]}"#))

    #expect(row.question.question == "Rain?" && row.question.answer == "yes")
  }

  @Test(
    arguments: [
      (#"{"question": "Who?", "answer": "me", "audio": "a.wav"}"#, "the row has no choices", ReasonCode.schema),
      (
        #"{"question": "Who?", "choices": ["a", "b"], "audio": "a.wav"}"#, "the answer is withheld", .answerNotInChoices
      ),
      (
        #"{"question": "Who?", "choices": ["a", "b"], "answer": "c", "audio": "a.wav"}"#, "'answer' is 'c'",
        .answerNotInChoices
      ),
      (
        #"{"question": "Who?", "choices": ["a", "A "], "answer": "a", "audio": "a.wav"}"#, "is there twice",
        .duplicateChoice
      ),
      (
        #"{"question": "<audio>Who?", "choices": ["a", "b"], "answer": "a", "audio": "a.wav"}"#, "<audio>",
        .forbiddenToken
      ),
      (
        #"{"question": "Who\nis?", "choices": ["a", "b"], "answer": "a", "audio": "a.wav"}"#, "line break",
        .forbiddenToken
      ),
      (#"{"messages": [{"role": "user", "content": "Rain?"}]}"#, "the choices are neither", .schema),
    ]) func rowsThatNoFormatCanHoldAreRefused(line: String, words: String, code: ReasonCode) throws
  {
    guard case .refused(1, let given, let reason)? = try written([line]).first else {
      Issue.record("taken")
      return
    }
    #expect(given == code && reason.contains(words), "\(reason)")
  }

  @Test func splitsAreReadFromPaths() {
    #expect(Split(ofFile: "data/validation-00000-of-00001.parquet") == .dev)
    #expect(Split(ofFile: "mmau-test-mini.json") == .test)
    #expect(Split(ofFile: "train/data.jsonl") == .train)
    #expect(Split(ofFile: "questions.jsonl") == nil)
  }

  @Test func ofTwoFilesWithTheSameQuestionsTheFullerIsRead() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["sft-train.jsonl", "grpo-train.jsonl", "sft-dev.jsonl", "export.json", "README.md", ".hidden.jsonl"] {
      try "{}".write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
    }

    #expect(try ImportSet(folder.path).files == ["grpo-train.jsonl", "sft-dev.jsonl"])
    #expect(throws: DatasetError.noSuchSet(path: "/nowhere")) { try ImportSet("/nowhere") }
  }

  @Test func namesThatCouldLeaveAFolderAreNotTaken() throws {
    let row = try #require(
      try only(
        #"{"id": "../x", "clip": "../../y", "audio": "a.wav", "question": "Who?", "choices": ["a", "b"], "answer": "a"}"#
      ))

    #expect(row.clipName.isEmpty)
    #expect(!AudioFolderFormat.soundPath(of: row.question, as: .wav).contains(".."))
  }
}
