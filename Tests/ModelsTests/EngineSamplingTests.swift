import Foundation
import Testing

@testable import Models

@Suite struct EngineSamplingTests {
  /// Tokens of the probabilities 0.5, 0.25, 0.15, 0.1 and 0, their logits off by a constant.
  private static let logits: [Float] = [0.5, 0.25, 0.15, 0.1].map { log($0) + 3 } + [-.infinity]

  private static let cases: [(Sampling, [Double])] = [
    (Sampling(temperature: 1), [0.5, 0.25, 0.15, 0.1, 0]),
    // Squares, over their sum.
    (Sampling(temperature: 0.5), [0.724638, 0.181159, 0.065217, 0.028986, 0]),
    (Sampling(temperature: 1, topK: 2), [0.666667, 0.333333, 0, 0, 0]),
    (Sampling(temperature: 1, topP: 0.8), [0.555556, 0.277778, 0.166667, 0, 0]),
    (Sampling(temperature: 1, minP: 0.4), [0.666667, 0.333333, 0, 0, 0]),
  ]

  @Test(arguments: cases)
  func tokensComeAsOftenAsTheyAreProbable(sampling: Sampling, probabilities: [Double]) {
    let count = 20_000
    var counts = [Int](repeating: 0, count: probabilities.count)
    for token in tokens(sampling, count: count) { counts[token] += 1 }

    for (found, probability) in zip(counts, probabilities) {
      // Five standard deviations; what has no probability never comes.
      let tolerance = 5 * (probability * (1 - probability) / Double(count)).squareRoot()
      #expect(abs(Double(found) / Double(count) - probability) <= tolerance, "\(counts)")
    }
  }

  @Test func choicesDependOnSeedAndPlaceAlone() {
    let places = [(7, 0), (7, 1), (8, 0), (8, 1)] as [(UInt64, Int)]
    let runs = places.map { seed, index in
      tokens(Sampling(temperature: 1, seed: seed), index: index, count: 60)
    }

    #expect(Set(runs).count == 4)
    #expect(runs == places.map { tokens(Sampling(temperature: 1, seed: $0), index: $1, count: 60) })
    #expect(tokens(Sampling(temperature: 1, seed: 7), prompt: [3, 1], count: 60) == runs[0])
  }

  @Test(arguments: [0, 1e-30, 1e-9] as [Float])
  func withoutTemperatureTheMostProbableTokenComes(temperature: Float) {
    #expect(tokens(Sampling(temperature: temperature, topK: 3, seed: 1), count: 20) == Array(repeating: 0, count: 20))
  }

  @Test func aPenaltyHoldsForWhatWasChosenToo() {
    // Each token chosen loses, until all were chosen and the first leads again.
    var sampler = TokenSampler(sampling: Sampling(repetitionPenalty: 2), prompt: [0], index: 0)
    let chosen = (0..<4).map { _ in
      var logits: [Float] = [4, 3, 2.5, 2.2]
      return logits.withUnsafeMutableBufferPointer { sampler.next($0) }
    }
    #expect(chosen == [1, 2, 3, 0])
  }

  private func tokens(_ sampling: Sampling, prompt: [Int] = [], index: Int = 0, count: Int) -> [Int] {
    var sampler = TokenSampler(sampling: sampling, prompt: prompt, index: index)
    return (0..<count).map { _ in
      var logits = Self.logits
      return logits.withUnsafeMutableBufferPointer { sampler.next($0) }
    }
  }
}
