import Testing

@testable import Models

/// Against the tokens of transformers' `generate`; see Tests/Fixtures/models.
@Suite struct ReferenceGenerationTests {
  @Test(arguments: ReferenceFile.names)
  func sixtyFourGreedyTokensEqualThoseOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let model = try referenceModel(name)
    for prompt in reference.prompts {
      guard let greedy = prompt.greedy else { continue }
      #expect(Set(greedy).count >= 20)
      #expect(try tokens([request(prompt, reference)], model) == [greedy], "\(prompt.name)")
    }
  }

  @Test(arguments: ReferenceFile.names)
  func tokensUnderARepetitionPenaltyEqualThoseOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let model = try referenceModel(name)
    for prompt in reference.prompts {
      guard let penalised = prompt.penalised else { continue }
      var request = try request(prompt, reference)
      request.sampling.repetitionPenalty = 1.3
      #expect(try tokens([request], model) == [penalised], "\(prompt.name)")
    }
  }

  @Test(arguments: ReferenceFile.names)
  func anEndTokenEndsWhereItEndsInTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let model = try referenceModel(name)
    for prompt in reference.prompts {
      guard let stop = prompt.stop, let stopped = prompt.stopped else { continue }
      var request = try request(prompt, reference)
      request.endTokens = [stop]
      let completion = try #require(try Generator(model: model, batch: 1).complete([request])[0].get().first)
      #expect(completion.tokens == stopped, "\(prompt.name)")
      #expect(completion.finish == .stop)
    }
  }

  /// Transformers' own left-padded batch of these prompts decodes the same tokens as its members; the script asserts it.
  @Test(arguments: ReferenceFile.names, [2, 3, 8])
  func aBatchEqualsTransformersOneByOne(name: String, size: Int) throws {
    let reference = try ReferenceFile(name)
    let prompts = try (reference.batch + reference.batch.reversed()).map { try reference.prompt($0) }

    let found = try tokens(prompts.map { try request($0, reference) }, try referenceModel(name), batch: size)

    #expect(found == prompts.map { $0.greedy ?? [] })
  }

  @Test(arguments: ReferenceFile.names)
  func sequencesThatLeaveABatchDoNotChangeTheOthers(name: String) throws {
    let reference = try ReferenceFile(name)
    let prompts = try reference.batch.map { try reference.prompt($0) }
    var requests = try prompts.map { try request($0, reference) }
    for place in requests.indices { requests[place].maximumTokens = [5, 64, 17, 40][place % 4] }

    let found = try tokens(requests, try referenceModel(name), batch: 2)

    #expect(found == zip(prompts, requests).map { Array(($0.greedy ?? []).prefix($1.maximumTokens)) })
  }

  private func request(_ prompt: ReferenceFile.Prompt, _ reference: ReferenceFile) throws -> GenerationRequest {
    GenerationRequest(
      prompt: prompt.ids, audios: try reference.sounds(of: prompt), maximumTokens: 64, endTokens: [])
  }

  private func tokens(
    _ requests: [GenerationRequest], _ model: AudioLanguageModel, batch: Int = 1
  ) throws -> [[Int]] {
    try Generator(model: model, batch: batch).complete(requests).map { try $0.get()[0].tokens }
  }
}
