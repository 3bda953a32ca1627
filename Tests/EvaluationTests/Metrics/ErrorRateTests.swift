import Foundation
import Testing

@testable import Evaluation

// The reference is jiwer 4.0 over rapidfuzz 3.14; Tests/Fixtures/evaluation/text.py records what it counts.
@Suite struct ErrorRateTests {
  private struct Recorded: Decodable {
    let pairs: [Pair]
    let corpus: [Double]
    /// Units, kinds of units, how often one changes; then the four counts.
    let long: [[Int]]
  }

  private struct Pair: Decodable {
    let reference: String
    let hypothesis: String
    /// Hits, substitutions, deletions, insertions and the rate.
    let words: [Double]
    let characters: [Double]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      reference = try row.decode(String.self)
      hypothesis = try row.decode(String.self)
      words = try row.decode([Double].self)
      characters = try row.decode([Double].self)
    }
  }

  @Test func countsAreThoseOfJiwer() throws {
    let recorded = try RecordedTexts.read("errors", as: Recorded.self)
    var corpus = ErrorRate()

    #expect(recorded.pairs.count == 1000)
    for pair in recorded.pairs {
      let words = try ErrorRate.words(reference: pair.reference, hypothesis: pair.hypothesis)
      let characters = try ErrorRate.characters(reference: pair.reference, hypothesis: pair.hypothesis)
      #expect(numbers(words) == pair.words, "'\(pair.reference)' beside '\(pair.hypothesis)'")
      #expect(numbers(characters) == pair.characters, "'\(pair.reference)' beside '\(pair.hypothesis)'")
      corpus += words
    }
    #expect(numbers(corpus) == recorded.corpus)
  }

  @Test func countsOfLongTextsAreThoseOfJiwer() throws {
    for row in try RecordedTexts.read("errors", as: Recorded.self).long {
      let (reference, hypothesis) = madeTexts(count: row[0], kinds: row[1], change: row[2])
      let rate = try ErrorRate(reference: reference, hypothesis: hypothesis)
      #expect([rate.hits, rate.substitutions, rate.deletions, rate.insertions] == Array(row[3...]), "\(row)")
    }
  }

  @Test func editsAreThoseOfThePlainTable() throws {
    for seed in 1...300 {
      let (reference, hypothesis) = madeTexts(count: seed * 7 % 211, kinds: 2 + seed % 5, change: 1 + seed % 9)
      let rate = try ErrorRate(reference: reference, hypothesis: hypothesis)
      #expect(rate.errors == plainDistance(reference, hypothesis))
      #expect(rate.referenceUnits == reference.count)
      #expect(rate.hits + rate.substitutions + rate.insertions == hypothesis.count)
    }
  }

  @Test func emptyTextsCountAsInJiwer() throws {
    #expect(try ErrorRate.words(reference: "", hypothesis: " \t ").rate == 0)
    #expect(try ErrorRate.words(reference: "", hypothesis: "a dog barks").rate == 3)
    #expect(try ErrorRate.words(reference: "a dog barks", hypothesis: "").rate == 1)
    #expect(ErrorRate().rate == 0)
  }

  @Test func wordsAreEqualWhereTheirCodePointsAre() throws {
    #expect(try ErrorRate.words(reference: "caf\u{E9}", hypothesis: "cafe\u{301}").substitutions == 1)
  }

  @Test func aHundredThousandWordsTakeSeconds() throws {
    let (reference, hypothesis) = madeTexts(count: 100_000, kinds: 20_000, change: 12)

    let start = secondsOfThread()
    _ = try ErrorRate(reference: reference, hypothesis: hypothesis)
    let seconds = secondsOfThread() - start

    print("100,000 words, one in twelve changed: \(seconds) s")
    #expect(seconds < 15)
  }

  /// The processor time of this thread, which other work on the machine does not lengthen.
  private func secondsOfThread() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test func textsTooLongToAlignAreRefused() {
    let long = Array(repeating: "a", count: ErrorRate.mostUnits + 1)

    #expect(throws: EvaluationError.tooLong(reference: 500_001, hypothesis: 0, most: 500_000)) {
      try ErrorRate(reference: long, hypothesis: [])
    }
    #expect(
      "\(EvaluationError.tooLong(reference: 500_001, hypothesis: 0, most: 500_000))"
        == "transcript: a reference of 500001 units beside a hypothesis of 0 is too long to align, where 500000 are the "
        + "most. Cut the recording and score its parts.")
  }

  private func numbers(_ rate: ErrorRate) -> [Double] {
    let counts = [rate.hits, rate.substitutions, rate.deletions, rate.insertions]
    return counts.map { Double($0) } + [rate.rate]
  }

  /// The texts that the script makes for itself, by Knuth's linear generator (MMIX).
  private func madeTexts(count: Int, kinds: Int, change: Int) -> ([String], [String]) {
    func made(seed: Int, kinds: Int) -> [Int] {
      var state = UInt64(seed)
      return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % kinds
      }
    }
    let reference = made(seed: count, kinds: kinds)
    var hypothesis: [Int] = []
    for (unit, die) in zip(reference, made(seed: change, kinds: 3 * change)) {
      switch die {
      case 0: break
      case 1: hypothesis.append(kinds)
      case 2: hypothesis += [unit, 0]
      default: hypothesis.append(unit)
      }
    }
    return (reference.map { String($0) }, hypothesis.map { String($0) })
  }

  private func plainDistance(_ reference: [String], _ hypothesis: [String]) -> Int {
    var above = Array(0...hypothesis.count)
    for unit in reference {
      var row = [above[0] + 1]
      for (column, other) in hypothesis.enumerated() {
        row.append(min(above[column] + (unit == other ? 0 : 1), row[column] + 1, above[column + 1] + 1))
      }
      above = row
    }
    return above[hypothesis.count]
  }
}
