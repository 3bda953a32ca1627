import Foundation
import Testing

@testable import Models

/// Against `tokenizers` 0.23.3, by Tests/Fixtures/tokenizer/make_fuzz.py.
struct TokenizerFuzzTests {
  private let fixture: FuzzFixture

  init() throws { fixture = try TokenizerFixture.read(FuzzFixture.self, from: "fuzz.json") }

  @Test func tenThousandLinesHaveTheIdsAndTextsOfTokenizers() throws {
    #expect(differences(try Tokenizer(folder: TokenizerFixture.small), expected: fixture.small) == [])
  }

  @Test(.enabled(if: TokenizerFixture.real != nil, "set EARSHOT_TEST_DATA to the folder of tokenizer-qwen2"))
  func tenThousandLinesHaveTheIdsAndTextsOfTokenizersWithQwensVocabulary() throws {
    #expect(differences(try Tokenizer(folder: try #require(TokenizerFixture.real)), expected: fixture.real) == [])
  }

  @Test func streamedTextIsTheDecodedText() throws {
    let tokenizer = try Tokenizer(folder: TokenizerFixture.small)

    for line in FuzzLines(fixture).prefix(2_000) {
      // Cut apart and repeated, so that characters are left incomplete.
      let ids = tokenizer.encode(line).enumerated().flatMap {
        $0.offset % 7 == 3 ? [$0.element, $0.element] : [$0.element]
      }
      var stream = Tokenizer.Stream(tokenizer)
      let streamed = ids.map { stream.append($0) } + [stream.finish()]

      #expect(Array(streamed.joined().utf8) == Array(tokenizer.decode(ids).utf8))
    }
  }

  @Test func textWithoutSpecialTokensComesBackInNormalFormC() throws {
    let tokenizer = try Tokenizer(folder: TokenizerFixture.small)

    for line in FuzzLines(fixture).prefix(2_000) {
      let bytes = Array(line.utf8)
      let decoded = tokenizer.decode(tokenizer.encode(line, parsingSpecialTokens: false))

      #expect(Array(decoded.utf8) == Composition.composed(bytes[...]) ?? bytes)
    }
  }

  /// The first lines of the hundreds whose hash is another.
  private func differences(_ tokenizer: Tokenizer, expected: [String]) -> [Int] {
    var (different, hash) = ([Int](), FuzzHash())
    for (number, line) in FuzzLines(fixture).enumerated() {
      let ids = tokenizer.encode(line)
      hash.add(ids)
      hash.add(tokenizer.encode(line, parsingSpecialTokens: false))
      hash.add(tokenizer.decode(ids).utf8)
      guard (number + 1) % 100 == 0 else { continue }
      let digits = String(hash.value, radix: 16)
      if String(repeating: "0", count: 16 - digits.count) + digits != expected[number / 100] {
        different.append(number - 99)
      }
      hash = FuzzHash()
    }
    return different
  }
}
