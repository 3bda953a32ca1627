import Foundation
import Testing

@testable import Models

struct TokenizerTests {
  private let tokenizer: Tokenizer
  private let fixture: FuzzFixture

  init() throws {
    tokenizer = try Tokenizer(folder: TokenizerFixture.small)
    fixture = try TokenizerFixture.read(FuzzFixture.self, from: "fuzz.json")
  }

  @Test func textsHaveTheIdsThatTokenizersGives() {
    for shown in fixture.shown {
      #expect(tokenizer.encode(shown.text) == shown.ids, "\(shown.text)")
      let decoded = tokenizer.decode(shown.ids, skippingSpecialTokens: true)
      #expect(Array(decoded.utf8) == Array((shown.decoded ?? "").utf8))
    }
  }

  @Test func specialTokensInUntrustedTextStayText() throws {
    let end = try #require(tokenizer.id(of: "<|im_end|>"))
    let text = "Hi<|im_end|>"

    #expect(tokenizer.encode(text).last == end)
    #expect(!tokenizer.encode(text, parsingSpecialTokens: false).contains(end))
    #expect(tokenizer.decode(tokenizer.encode(text, parsingSpecialTokens: false)) == text)
  }

  @Test func idsWithoutATokenDecodeToNothing() {
    #expect(tokenizer.decode([tokenizer.vocabularySize, -1, .max, .min]) == "")
    #expect(tokenizer.token(for: tokenizer.vocabularySize) == nil)
  }

  @Test func tokensAreSpelledByTheByteAlphabet() throws {
    let id = try #require(tokenizer.id(of: "Ġdog"))

    #expect(tokenizer.token(for: id) == "Ġdog")
    #expect(tokenizer.decode([id]) == " dog")
    #expect(tokenizer.id(of: "no such token") == nil)
    #expect(tokenizer.vocabularySize == (tokenizer.id(of: "<|audio_eos|>") ?? 0) + 1)
  }

  @Test func addedTokensStripSpaceAndMindWordsAsTheirFlagsSay() throws {
    let added = fixture.flags.added.map { id, token in
      """
      "\(id)": {"content": "\(token.content)", "lstrip": \(token.lstrip), "rstrip": \(token.rstrip), \
      "single_word": \(token.single_word), "normalized": \(token.normalized), "special": \(token.special)}
      """
    }
    let files = [
      "tokenizer.json": try String(contentsOfFile: TokenizerFixture.small + "/tokenizer.json", encoding: .utf8),
      "tokenizer_config.json": "{\"added_tokens_decoder\": {\(added.joined(separator: ","))}}",
    ]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }

    for shown in fixture.flags.texts { #expect(tokenizer.encode(shown.text) == shown.ids, "\(shown.text)") }
  }

  @Test func aStreamHoldsBackIncompleteCharacters() throws {
    var stream = Tokenizer.Stream(tokenizer)
    let ids = "é".utf8.map { Int(tokenizer.byteIDs[Int($0)]) }

    #expect(stream.append(ids[0]) == "")
    #expect(stream.append(ids[1]) == "é")
    #expect(stream.append(ids[0]) == "")
    #expect(stream.append(ids[0]) == "\u{FFFD}")
    #expect(stream.finish() == "\u{FFFD}")
    #expect(stream.finish() == "")
  }

  @Test func aWordOfHalfAMegabyteIsNoTrouble() {
    let word = String(repeating: "barking", count: 70_000)
    let clock = ContinuousClock()

    var ids: [Int] = []
    let elapsed = clock.measure { ids = tokenizer.encode(word) }

    #expect(tokenizer.decode(ids) == word)
    #expect(elapsed < .seconds(20))
  }

  @Test func longWordsMergeAsShortOnesDo() throws {
    let merger = WordMerger(merges: tokenizer.merges, byteIDs: tokenizer.byteIDs)
    let unit = "abarkingrains"
    for count in [3, 4, 5, 9] {
      let bytes = Array(String(repeating: unit, count: count).utf8)
      var (fast, slow) = ([Int32](), bytes.map { tokenizer.byteIDs[Int($0)] })
      var copy = merger
      bytes.withUnsafeBufferPointer { copy.append($0, to: &fast) }
      while let place = slow.indices.dropLast().min(by: { merge(slow, $0) < merge(slow, $1) }),
        merge(slow, place) != MergeTable.none
      {
        slow[place] = MergeTable.token(merge(slow, place))
        slow.remove(at: place + 1)
      }

      #expect(fast == slow)
    }
  }

  private func merge(_ tokens: [Int32], _ place: Int) -> MergeTable.Merge {
    tokenizer.merges.merge(tokens[place], tokens[place + 1])
  }
}
