import Testing

@testable import Evaluation

// The reference is sacrebleu 2.6; Tests/Fixtures/evaluation/text.py records what it gives.
@Suite struct BLEUTests {
  private struct Recorded: Decodable {
    let pairs: [Pair]
    let corpora: [Corpus]
  }

  private struct Pair: Decodable {
    let hypothesis: String
    let references: [String]
    /// By 13a and by zh.
    let scores: [Double]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      hypothesis = try row.decode(String.self)
      references = try row.decode([String].self)
      scores = try row.decode([Double].self)
    }
  }

  private struct Corpus: Decodable {
    let start: Int
    let count: Int
    /// By 13a and by zh: score, brevity penalty, lengths, matches, totals.
    let scores: [[Double]]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      start = try row.decode(Int.self)
      count = try row.decode(Int.self)
      scores = try row.decode([[Double]].self)
    }
  }

  @Test func scoresOfSentencesAreThoseOfSacrebleu() throws {
    let pairs = try RecordedTexts.read("bleu", as: Recorded.self).pairs
    var largest = 0.0

    #expect(pairs.count == 1000)
    for pair in pairs {
      for (tokenizer, expected) in zip([BLEUTokenizer.v13a, .chinese], pair.scores) {
        var bleu = BLEU(tokenizer: tokenizer)
        bleu.add(pair.hypothesis, references: pair.references)
        #expect(bleu.score.isNear(expected, within: 1e-9), "\(tokenizer): '\(pair.hypothesis)' for \(pair.references)")
        largest = max(largest, abs(bleu.score - expected))
      }
    }
    print("largest difference from sacrebleu:", largest)
  }

  @Test func scoresOfCorporaAreThoseOfSacrebleu() throws {
    let recorded = try RecordedTexts.read("bleu", as: Recorded.self)

    for corpus in recorded.corpora {
      for (tokenizer, expected) in zip([BLEUTokenizer.v13a, .chinese], corpus.scores) {
        var bleu = BLEU(tokenizer: tokenizer)
        for pair in recorded.pairs[corpus.start..<(corpus.start + corpus.count)] {
          bleu.add(pair.hypothesis, references: Array((pair.references + pair.references).prefix(2)))
        }
        #expect(bleu.score.isNear(expected[0], within: 1e-9))
        #expect(bleu.brevityPenalty.isNear(expected[1], within: 1e-12))
        let counts: [Int] = [bleu.hypothesisLength, bleu.referenceLength] + bleu.matches + bleu.totals
        #expect(counts == expected[2...].map { Int($0) })
      }
    }
  }

  @Test func nothingScoresNothing() {
    var bleu = BLEU(tokenizer: .v13a)
    #expect(bleu.score == 0)

    bleu.add("", references: ["a dog barks"])
    #expect(bleu.score == 0 && bleu.brevityPenalty == 0)

    bleu.add("a dog barks at night", references: [])
    #expect(bleu.score == 0 && bleu.referenceLength == 3)
    #expect(bleu.signature == "case:mixed|eff:no|tok:13a|smooth:exp")
  }
}
