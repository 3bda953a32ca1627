import Tensors
import Testing

@testable import Models

/// Completions compare with all bits of the probabilities of their tokens.
@Suite struct EngineBatchTests {
  private static let names = ["qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2-tied"]

  @Test(arguments: names, [WeightFormat.float32, .bfloat16, .int8, .int4])
  func sequencesAreTheSameAloneAndInABatch(name: String, weights: WeightFormat) throws {
    let model = try referenceModel(name, weights: weights)
    var requests = try self.requests(name)
    requests += requests.reversed()
    for place in requests.indices {
      requests[place].maximumTokens = [40, 7, 24, 33, 1][place % 5]
      if place % 2 == 1 { requests[place].sampling = Sampling(temperature: 1, seed: UInt64(place)) }
    }
    let alone = try requests.map { try completions(of: [$0], model, batch: 1)[0] }

    for batch in [1, 2, 3, 8] {
      #expect(try completions(of: requests, model, batch: batch) == alone, "\(batch) at a time")
    }
  }

  @Test(arguments: names, [nil, .int4] as [WeightFormat?])
  func severalCompletionsOfARequestAreThoseOfSingleOnes(name: String, weights: WeightFormat?) throws {
    let model = try referenceModel(name, weights: weights)
    var request = try requests(name)[0]
    request.sampling = Sampling(temperature: 1.2, topP: 0.98, seed: 5)
    request.maximumTokens = 24
    let single = try completions(of: [request], model, batch: 1)[0]
    request.completions = 5
    let several = try completions(of: [request], model, batch: 1)[0]

    #expect(several.count == 5)
    #expect(several.first == single.first)
    #expect(Set(several.map(\.tokens)).count == 5)
    for batch in [2, 3, 8] {
      #expect(try completions(of: [request], model, batch: batch) == [several], "\(batch) at a time")
    }
    var greedy = request
    greedy.sampling = .greedy
    let mixed = try completions(of: [greedy, request, greedy], model, batch: 4)
    #expect(mixed[1] == several)
    #expect(mixed[0] == mixed[2])
    #expect(Set(mixed[0].map(\.tokens)).count == 1)
  }

  @Test func aRequestThatTheModelCannotTakeHarmsNoOther() throws {
    let model = try referenceModel("qwen2-audio")
    let good = try requests("qwen2-audio")
    var silent = good[0]
    silent.audios = []
    var stray = good[0]
    stray.prompt[0] = 576
    var long = good[0]
    long.maximumTokens = 2_048
    var empty = good[0]
    (empty.prompt, empty.audios) = ([], [])

    let results = Generator(model: model, batch: 3).complete([silent, good[0], stray, long, empty, good[1]])

    #expect(throws: ModelError.placeholders(count: 153, rows: 0)) { try results[0].get() }
    #expect(throws: ModelError.unknownToken(576, vocabulary: 576)) { try results[2].get() }
    #expect(throws: ModelError.tooManyTokens(prompt: 196, new: 2_048, limit: 2_048)) { try results[3].get() }
    #expect(throws: ModelError.emptyPrompt) { try results[4].get() }
    #expect(try [results[1].get(), results[5].get()] == completions(of: Array(good[..<2]), model, batch: 1))
  }

  @Test func aCallerWhoHasEnoughGetsWhatThereIs() throws {
    let model = try referenceModel("qwen2-tied")
    let requests = try requests("qwen2-tied")
    let whole = try completions(of: requests, model, batch: 2)
    var steps = 0

    let results = try Generator(model: model, batch: 2).complete(requests) { _ in
      steps += 1
      return steps < 9
    }.map { try $0.get()[0] }

    #expect(results.map(\.finish) == [.cancelled, .cancelled])
    #expect(results.map(\.tokens.count).reduce(0, +) >= 9)
    for (part, whole) in zip(results, whole) { #expect(whole[0].tokens.starts(with: part.tokens)) }
  }

  private func requests(_ name: String) throws -> [GenerationRequest] {
    let reference = try ReferenceFile(name)
    return try reference.batch.map { try reference.prompt($0) }.map { prompt in
      GenerationRequest(
        prompt: prompt.ids, audios: try reference.sounds(of: prompt), maximumTokens: 40, endTokens: [])
    }
  }

  private func completions(
    of requests: [GenerationRequest], _ model: AudioLanguageModel, batch: Int
  ) throws -> [[Completion]] {
    try Generator(model: model, batch: batch).complete(requests).map { try $0.get() }
  }
}
