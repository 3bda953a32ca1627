import Foundation
import Testing

@testable import Models

struct TokenizerFileTests {
  @Test func theFileOfTheseTestsIsSound() throws {
    let tokenizer = try load(["tokenizer.json": Array(TokenizerText().text.utf8)])

    #expect(tokenizer.encode("the<|im_end|>") == [257, 258])
  }

  @Test func vocabularyAndMergesGiveTheSameAsTheOneFile() throws {
    let whole = try Tokenizer(folder: TokenizerFixture.small)
    let parts = try TokenizerFile.read(
      Array(try Data(contentsOf: URL(fileURLWithPath: TokenizerFixture.small + "/tokenizer.json"))), path: "")
    let vocabulary = Dictionary(uniqueKeysWithValues: parts.vocabulary.map { ($0.token, $0.id) })
    let added = Dictionary(uniqueKeysWithValues: parts.added.map { ($0.text, $0.id) })
    let merges = "#version: 0.2\r\n" + parts.merges.map { "\($0.left) \($0.right)\n" }.joined()
    let tokenizer = try load([
      "vocab.json": Array(try JSONEncoder().encode(vocabulary)), "merges.txt": Array(merges.utf8),
      "added_tokens.json": Array(try JSONEncoder().encode(added)),
    ])

    for line in FuzzLines(try TokenizerFixture.read(FuzzFixture.self, from: "fuzz.json")).prefix(500) {
      #expect(tokenizer.encode(line) == whole.encode(line))
    }
  }

  /// Ids as transformers 5.23 gives them.
  @Test func specialTokensThatHaveOnlyANameGetTheNextIds() throws {
    let configuration = """
      {"eos_token": "<|im_end|>", "pad_token": {"content": "<|endoftext|>"}, "bos_token": null,
       "additional_special_tokens": ["<|im_start|>", "<|im_end|>", "<|AUDIO|>"]}
      """
    let vocabulary = TokenizerText.changed { $0.tokens = ["th": "256"] }
    let start = try #require(vocabulary.range(of: #""vocab": "#)).upperBound
    let end = try #require(vocabulary.range(of: #", "merges""#)).lowerBound
    let tokenizer = try load([
      "vocab.json": Array(vocabulary[start..<end].utf8), "merges.txt": Array("t h\n".utf8),
      "tokenizer_config.json": Array(configuration.utf8),
    ])

    #expect(
      ["<|im_end|>", "<|endoftext|>", "<|im_start|>", "<|AUDIO|>"].map(tokenizer.id) == [257, 258, 259, 260])
    #expect(tokenizer.isSpecial(260))
  }

  @Test func malformedFilesEndInOneLine() throws {
    for (name, text) in TokenizerText.malformed {
      let error = loadError(["tokenizer.json": Array(text.utf8)])
      let line = error.map { "\($0)" } ?? "loaded"

      #expect(error != nil, "\(name)")
      #expect(line.contains("/tokenizer.json: ") && !line.contains("\n") && line.utf8.count < 600, "\(name): \(line)")
    }
    #expect(TokenizerText.malformed.count >= 40)
  }

  @Test func anAddedTokenWithTwoIDsIsAContradiction() {
    let text = TokenizerText.changed {
      $0.added = #"[{"id": 258, "content": "xy"}, {"id": 259, "content": "xy"}]"#
    }

    guard case .contradiction(_, token: "xy", ids: [258, 259])? = loadError(["tokenizer.json": Array(text.utf8)]) else {
      Issue.record("not refused")
      return
    }
  }

  @Test func cutFilesEndInOneLine() throws {
    let bytes = Array(TokenizerText().text.utf8)
    for length in stride(from: 0, to: bytes.count - 1, by: 37) {
      let error = loadError(["tokenizer.json": Array(bytes[..<length])])
      #expect(error != nil, "\(length)")
    }
  }

  @Test func flippedBytesNeverCrash() throws {
    let bytes = Array(TokenizerText().text.utf8)
    for place in stride(from: 0, to: bytes.count, by: 11) {
      for flip: UInt8 in [0x01, 0x80, 0x22] {
        var bytes = bytes
        bytes[place] ^= flip
        if let error = loadError(["tokenizer.json": bytes]) { #expect(!"\(error)".contains("\n")) }
      }
    }
  }

  @Test func textThatIsNotUTF8IsRefused() {
    var bytes = Array(TokenizerText().text.utf8)
    bytes.insert(contentsOf: [0x22, 0xFF, 0x22, 0x3A, 0x31, 0x2C], at: 1)

    guard case .notUTF8? = loadError(["tokenizer.json": bytes]) else {
      Issue.record("not refused")
      return
    }
  }

  @Test(arguments: [
    (["vocab.json": "{}"], "no tokenizer.json"), (["merges.txt": ""], "no tokenizer.json"),
    (["vocab.json": "[]", "merges.txt": ""], "vocab.json"), (["vocab.json": "{}", "merges.txt": ""], "byte 0"),
    (["vocab.json": #"{"a": 0}"#, "merges.txt": "a"], "merge 1"),
    (["vocab.json": #"{"a": 0}"#, "merges.txt": "#version\na a\na b c\n"], "merge 2"),
    (["vocab.json": #"{"a": 0, "a": 0}"#, "merges.txt": ""], "twice"),
    (["vocab.json": #"{"a": 0}"#, "merges.txt": "", "added_tokens.json": #"{"": 1}"#], "not empty"),
    (["vocab.json": #"{"a": 0}"#, "merges.txt": "", "added_tokens.json": #"{"x": 1}x"#], "not JSON"),
    (["vocab.json": #"{"a": 0}"#, "merges.txt": "", "tokenizer_config.json": #"{"eos_token": 5}"#], "eos_token"),
    (["vocab.json": #"{"a": 0}"#, "merges.txt": "", "tokenizer_config.json": "[]"], "an object"),
    (
      [
        "vocab.json": #"{"a": 0}"#, "merges.txt": "",
        "tokenizer_config.json": #"{"added_tokens_decoder": {"x": {"content": "b"}}}"#,
      ],
      "id x"
    ),
    (
      [
        "vocab.json": #"{"a": 0}"#, "merges.txt": "", "added_tokens.json": #"{"b": 1}"#,
        "tokenizer_config.json": #"{"added_tokens_decoder": {"2": {"content": "b"}}}"#,
      ],
      "1 and 2"
    ),
  ])
  func malformedOlderFilesEndInOneLine(files: [String: String], part: String) {
    let line = loadError(files.mapValues { Array($0.utf8) }).map { "\($0)" } ?? "loaded"

    #expect(line.contains(part) && !line.contains("\n"), "\(line)")
  }

  @Test func aMissingFolderIsSaid() {
    #expect(throws: TokenizerError.missing(folder: "/no/such/folder")) { try Tokenizer(folder: "/no/such/folder") }
  }

  private func load(_ files: [String: [UInt8]]) throws -> Tokenizer {
    try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
  }

  private func loadError(_ files: [String: [UInt8]]) -> TokenizerError? {
    do {
      _ = try load(files)
      return nil
    } catch {
      return error as? TokenizerError
    }
  }
}
