import Foundation
import Testing

@testable import Models

/// Against transformers' list of logits processors on fixed logits; see Tests/Fixtures/models/record_references.py.
@Suite struct ReferenceSamplingTests {
  private struct Recorded: Decodable {
    struct Settings: Decodable {
      let temperature: Float?
      let topK: Int?
      let topP: Float?
      let minP: Float?
      let repetitionPenalty: Float?
    }

    struct Case: Decodable {
      let settings: Settings
      let seed: UInt64
      let ordinal: UInt64
      let length: Int
      let seen: [Int]
      let keptCount: Int
      let listed: [Int]
      let scores: [Float]
    }

    let cases: [Case]
  }

  @Test func candidatesEqualWhatTransformersLeavesOfTheLogits() throws {
    let file = ReferenceFile.folder.appendingPathComponent("references/sampling.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let recorded = try decoder.decode(Recorded.self, from: Data(contentsOf: file))
    try #require(recorded.cases.count >= 30)
    for item in recorded.cases {
      let candidates = self.candidates(item)

      let scores = Dictionary(uniqueKeysWithValues: candidates.map { ($0.token, $0.logit) })
      #expect(candidates.count == item.keptCount, "\(item.settings), \(item.length)")
      #expect(item.listed.allSatisfy { scores[$0] != nil }, "\(item.settings), \(item.length)")
      #expect(largestDifference(item.listed.map { scores[$0] ?? .nan }, item.scores) <= 1e-5, "\(item.settings)")
    }
  }

  private func candidates(_ item: Recorded.Case) -> [Candidate] {
    let settings = item.settings
    let sampling = Sampling(
      temperature: settings.temperature ?? 1, topK: settings.topK ?? 0, topP: settings.topP ?? 1,
      minP: settings.minP ?? 0, repetitionPenalty: settings.repetitionPenalty ?? 1)
    var sampler = TokenSampler(sampling: sampling, prompt: item.seen, index: 0)
    var logits = referenceLogits(seed: item.seed, ordinal: item.ordinal, length: item.length)
    return logits.withUnsafeMutableBufferPointer { logits in
      // Choosing a token leaves the logits with their penalties.
      _ = sampler.next(logits)
      return sampler.candidates(logits)
    }
  }
}
