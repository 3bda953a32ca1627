import Tensors
import Testing

@testable import Models

@Suite struct AdaptedModelTests {
  /// Expected: the logits of PEFT's merged model in transformers; Tests/Fixtures/peft.
  @Test(arguments: PeftFixture.names)
  func anAdapterBesideTheWeightsGivesTheLogitsOfThoseItIsMergedInto(_ name: String) throws {
    let base = try PeftFixture.model(name)
    let expected = try PeftFixture.expected(name)

    let model = try AudioLanguageModel(folder: base.folder, adapter: PeftFixture.adapterFolder(name))
    let count = expected.text.count
    let cache = KeyValueCache(configuration: model.decoder.configuration, capacity: count)
    let hidden = model.decoder.lastHiddenStates(
      model.decoder.embeddings(of: expected.text), batch: [DecoderRows(rows: 0..<count, cache: cache)])
    let logits = model.decoder.logits(hidden)

    let difference = largestDifference(logits.reshaped([logits.count]), Tensor(expected.logits, shape: [logits.count]))
    #expect(difference <= 1e-4, "largest difference \(difference)")
    let bare = try AudioLanguageModel(folder: base.folder, adapter: nil)
    #expect(model.revision.hasPrefix(bare.revision) && model.revision != bare.revision)
  }
}
