import Tensors
import Testing

@testable import Models

/// Against transformers' models in float32 with eager attention; see Tests/Fixtures/models.
@Suite struct ReferenceDecoderTests {
  @Test(arguments: ReferenceFile.names)
  func logitsOfEveryPositionEqualThoseOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let model = try referenceModel(name)
    for prompt in reference.prompts {
      let logits = try everyLogit(of: prompt, model, reference)

      let last = largestDifference(
        logits.picked(rows: [logits.rows - 1]), try reference.tensor("\(prompt.name).last").values)
      let mass = largestDifference(logits.logSumExp(), try reference.tensor("\(prompt.name).mass").values)
      let kept = largestDifference(
        logits.picked(rows: prompt.kept, every: 16), try reference.tensor("\(prompt.name).rows").values)
      let columns = (0..<logits.rows).flatMap { row in
        [77, 575].map { logits.values[row * logits.columns + $0] }
      }
      let column = largestDifference(columns, try reference.tensor("\(prompt.name).columns").values)
      #expect(max(last, mass, kept, column) <= 1e-4, "\(prompt.name): \(last), \(mass), \(kept), \(column)")
    }
  }

  @Test(arguments: ReferenceFile.names)
  func logProbabilitiesOfCompletionsEqualThoseOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let model = try referenceModel(name)
    for prompt in reference.prompts {
      let ids = prompt.completions.map { model.tokenizer.encode($0.text) }
      #expect(ids == prompt.completions.map(\.ids))

      let scores = try model.score(prompt: prompt.ids, audios: try reference.sounds(of: prompt), completions: ids)

      for (found, expected) in zip(scores, prompt.completions) {
        #expect(largestDifference(found, expected.logprobs) <= 1e-4, "\(prompt.name), '\(expected.text)'")
      }
    }
  }

  @Test(arguments: ["qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni"])
  func weightsWidenedToFloat32GiveTheLogProbabilitiesOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let prompt = try reference.prompt("two")
    let model = try referenceModel(name, weights: .float32)

    let scores = try model.score(
      prompt: prompt.ids, audios: try reference.sounds(of: prompt), completions: prompt.completions.map(\.ids))

    for (found, expected) in zip(scores, prompt.completions) {
      #expect(largestDifference(found, expected.logprobs) <= 1e-4, "'\(expected.text)'")
    }
  }

  private func everyLogit(
    of prompt: ReferenceFile.Prompt, _ model: AudioLanguageModel, _ reference: ReferenceFile
  ) throws -> Tensor {
    let sounds = try reference.sounds(of: prompt)
    let rows = model.encoder.map { sounds.isEmpty ? [] : $0(sounds) } ?? []
    let embeddings = try model.embeddings(of: prompt.ids, audios: rows)
    let cache = KeyValueCache(configuration: model.decoder.configuration, capacity: prompt.ids.count)
    let all = [DecoderRows(rows: 0..<prompt.ids.count, cache: cache)]
    return model.decoder.logits(model.decoder.hiddenStates(embeddings, batch: all))
  }
}
