import Testing

@testable import Models

struct TokenizerTrainingTests {
  private let text = (1...40).map { "A dog barks and the rain falls, \($0) times; it's loud.\n" }.joined()

  @Test func aTrainedTokenizerIsTheSameWhenReadAgain() throws {
    let trained = try TokenizerTraining.train(text: text, vocabularySize: 320)
    let read = try TokenizerFixture.withFolder([String: String]()) { folder in
      try trained.write(folder: folder)
      return try Tokenizer(folder: folder)
    }
    let sample = "A dog \"barks\" \u{E9} <|im_start|>rain<|AUDIO|>\n"

    #expect(trained.tokenizer.vocabularySize <= 320)
    #expect(read.vocabularySize == trained.tokenizer.vocabularySize)
    #expect(read.encode(sample) == trained.tokenizer.encode(sample))
    #expect(read.decode(read.encode(sample)) == sample)
    for token in TokenizerTraining.specialTokens { #expect(read.id(of: token).map(read.isSpecial) == true) }
  }

  @Test func frequentWordsBecomeTokens() throws {
    let tokenizer = try TokenizerTraining.train(text: text, vocabularySize: 300).tokenizer

    #expect(tokenizer.id(of: "Ġdog") != nil)
    #expect(tokenizer.encode("A dog barks").count < 8)
  }

  @Test func equalTextsGiveEqualFiles() throws {
    let first = try TokenizerTraining.train(text: text, vocabularySize: 300)
    let second = try TokenizerTraining.train(text: text, vocabularySize: 300)

    #expect(first.tokenizerJSON == second.tokenizerJSON)
    #expect(first.configurationJSON == second.configurationJSON)
  }

  @Test func aTextWithoutPairsGivesTheBytesAlone() throws {
    let trained = try TokenizerTraining.train(text: "", vocabularySize: 1_000)

    #expect(trained.tokenizer.vocabularySize == 256 + TokenizerTraining.specialTokens.count)
  }

  @Test func whatCannotBeTrainedIsSaid() {
    #expect(throws: TokenizerError.vocabularyTooSmall(size: 261, least: 262)) {
      try TokenizerTraining.train(text: text, vocabularySize: 261)
    }
    #expect(throws: TokenizerError.unusableSpecialToken("<a>")) {
      try TokenizerTraining.train(text: text, vocabularySize: 300, specialTokens: ["<a>", "<a>"])
    }
    #expect(throws: TokenizerError.unusableSpecialToken("")) {
      try TokenizerTraining.train(text: text, vocabularySize: 300, specialTokens: [""])
    }
  }

  @Test func aMissingFolderIsSaid() throws {
    let trained = try TokenizerTraining.train(text: text, vocabularySize: 300)

    #expect(throws: TokenizerError.self) { try trained.write(folder: "/no/such/folder") }
  }
}
