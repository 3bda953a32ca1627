import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct EngineComparisonTests {
  private static let names = ["qwen2-audio", "qwen2.5-omni", "qwen2-tied"]

  @Test(arguments: names)
  func aModelDoesNotDifferFromItself(name: String) throws {
    let model = try referenceModel(name)
    let texts = try texts(name)

    let comparison = try ReferenceDistributions(of: model, on: texts).compare(with: model, format: .float32)

    #expect(comparison.positions == texts.map(\.continuation.count).reduce(0, +))
    #expect((comparison.meanDivergence, comparison.largestDivergence) == (0, 0))
    #expect((comparison.topAgreement, comparison.meanProbabilityDifference) == (1, 0))
  }

  @Test(arguments: names, [WeightFormat.bfloat16, .int8, .int4])
  func theNumbersAreThoseOfTheirDefinitions(name: String, format: WeightFormat) throws {
    let (exact, coarse) = try (referenceModel(name, weights: .float32), referenceModel(name, weights: format))
    let texts = try texts(name)

    let comparison = try ReferenceDistributions(of: exact, on: texts).compare(with: coarse, format: format)

    var (divergences, agreements, differences) = ([Double](), 0, 0.0)
    for text in texts {
      let (p, q) = try (distributions(of: text, exact), distributions(of: text, coarse))
      for (row, token) in text.continuation.enumerated() {
        divergences.append(zip(p[row], q[row]).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) })
        if largest(p[row]) == largest(q[row]) { agreements += 1 }
        differences += abs(p[row][token] - q[row][token])
      }
    }
    divergences.sort()
    let count = Double(divergences.count)
    let mean = divergences.reduce(0, +) / count
    #expect(comparison.format == format)
    #expect(abs(comparison.meanDivergence - mean) <= 1e-5 + 1e-3 * mean)
    #expect(abs(comparison.largestDivergence - divergences[divergences.count - 1]) <= 1e-5 + 1e-3 * mean)
    let high = divergences[Int((0.99 * count).rounded(.up)) - 1]
    #expect(abs(comparison.highDivergence - high) <= 1e-5 + 1e-3 * high)
    #expect(comparison.topAgreement == Double(agreements) / count)
    #expect(abs(comparison.meanProbabilityDifference - differences / count) <= 1e-5)
  }

  @Test(arguments: names)
  func coarserWeightsLieFartherAway(name: String) throws {
    let reference = try ReferenceDistributions(of: referenceModel(name, weights: .float32), on: texts(name))

    let divergences = try [WeightFormat.float32, .int8, .int4].map {
      try reference.compare(with: referenceModel(name, weights: $0), format: $0).meanDivergence
    }

    #expect(divergences[0] == 0)
    #expect(0 < divergences[1])
    #expect(divergences[1] < divergences[2])
  }

  @Test(arguments: names, [WeightFormat.int8, .int4])
  func aQuantisedFolderComparesAsTheWeightsMadeWhileLoading(name: String, format: WeightFormat) throws {
    let source = try CheckpointFolder(copying: name)
    let packed = CheckpointFolder()
    try CheckpointQuantization(Checkpoint(folder: source.path), format: format).write(to: packed.path)
    let stored = try AudioLanguageModel(folder: packed.path)
    let reference = try ReferenceDistributions(of: referenceModel(name, weights: .float32), on: texts(name))

    let comparison = try reference.compare(with: stored, format: format)

    #expect(try comparison == reference.compare(with: referenceModel(name, weights: format), format: format))
    // What is not in the files cannot be had back.
    let widened = try AudioLanguageModel(folder: packed.path, weights: .float32)
    #expect(try reference.compare(with: widened, format: format) == comparison)
  }

  @Test func aTextOfAnotherVocabularyIsRefused() throws {
    let model = try referenceModel("qwen2-tied")
    let text = ComparisonText(prompt: [1, 2], audios: [], continuation: [3, 576])
    #expect(throws: ModelError.unknownToken(576, vocabulary: 576)) { try ReferenceDistributions(of: model, on: [text]) }
  }

  private func texts(_ name: String) throws -> [ComparisonText] {
    let reference = try ReferenceFile(name)
    return try reference.prompts.filter { $0.frames.count != 1 || $0.frames == [401] }.flatMap { prompt in
      let audios = try reference.sounds(of: prompt)
      return prompt.completions.map { ComparisonText(prompt: prompt.ids, audios: audios, continuation: $0.ids) }
    }
  }

  /// By token of the continuation: the probabilities, from the logits of prompt and continuation in one pass.
  private func distributions(of text: ComparisonText, _ model: AudioLanguageModel) throws -> [[Double]] {
    let rows = model.encoder.map { encoder in text.audios.flatMap { encoder([$0]) } } ?? []
    let tokens = text.prompt + text.continuation
    let cache = KeyValueCache(configuration: model.decoder.configuration, capacity: tokens.count)
    let embeddings = try model.embeddings(of: tokens, audios: rows)
    let logits = model.decoder.logits(
      model.decoder.hiddenStates(embeddings, batch: [DecoderRows(rows: 0..<tokens.count, cache: cache)]))
    return text.continuation.indices.map { place in
      let row = logits.picked(rows: [text.prompt.count - 1 + place])
      let exponentials = row.map { exp(Double($0)) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }

  private func largest(_ values: [Double]) -> Int? { values.indices.max { values[$0] < values[$1] } }
}
