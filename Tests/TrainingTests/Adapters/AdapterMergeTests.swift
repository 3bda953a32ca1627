import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct AdapterMergeTests {
  private let folder = TrainerFolder()

  /// Expected: Tests/Fixtures/peft, made by PEFT's merge_and_unload.
  @Test(arguments: PeftFixture.names)
  func anAdapterOfPeftIsMergedAsPeftMergesIt(_ name: String) throws {
    let base = try PeftFixture.model(name)
    let adapter = try ModelAdapter(folder: PeftFixture.adapterFolder(name), base: base.configuration)

    try AdapterMerge(adapter, into: base).write(to: folder("merged"), as: .float32)

    let merged = try Checkpoint(folder: folder("merged"))
    let expected = try TensorFile(path: PeftFixture.adapterFolder(name) + "/merged.safetensors")
    for stored in expected.names {
      guard case .weight(let name) = TensorName(stored: stored, architecture: base.configuration.architecture) else {
        Issue.record("\(stored) is no weight")
        continue
      }
      let difference = largestDifference(try merged.tensor(name), try expected.tensor(stored))
      #expect(difference <= 1e-6, "\(name): \(difference)")
      #expect(largestDifference(try base.tensor(name), try expected.tensor(stored)) > 1e-3)
    }
  }

  /// Expected: the logits of PEFT's merged model in transformers, same fixture.
  @Test(arguments: PeftFixture.names)
  func theMergedModelHasTheLogitsOfPeftsMergedModel(_ name: String) throws {
    let base = try PeftFixture.model(name)
    let adapter = try ModelAdapter(folder: PeftFixture.adapterFolder(name), base: base.configuration)
    try AdapterMerge(adapter, into: base).write(to: folder("merged"), as: .float32)
    let expected = try PeftFixture.expected(name)

    let decoder = try AudioLanguageModel(folder: folder("merged")).decoder
    let count = expected.text.count
    let cache = KeyValueCache(configuration: decoder.configuration, capacity: count)
    let hidden = decoder.lastHiddenStates(
      decoder.embeddings(of: expected.text), batch: [DecoderRows(rows: 0..<count, cache: cache)])
    let logits = decoder.logits(hidden)

    let difference = largestDifference(logits.reshaped([logits.count]), Tensor(expected.logits, shape: [logits.count]))
    #expect(difference <= 1e-4, "largest difference \(difference)")
  }

  @Test func ranksAlphasAndBiasesOfPeftArriveWhereTheyBelong() throws {
    let base = try PeftFixture.model("qwen2-untied")
    let adapter = try ModelAdapter(folder: PeftFixture.adapterFolder("qwen2-untied"), base: base.configuration)

    let scales = Dictionary(uniqueKeysWithValues: adapter.layers.map { ($0.name, adapter.scale(of: $0)) })
    #expect(scales["decoder.layers.0.self_attn.q_proj"] == 4)
    #expect(scales["decoder.layers.0.self_attn.o_proj"] == Float(8.0 / 3))
    #expect(scales["decoder.layers.1.self_attn.o_proj"] == Float(5.0 / 3))
    #expect(scales["decoder.layers.1.mlp.gate_proj"] == 0.5)
    #expect(
      adapter.trained.keys.sorted() == [
        "decoder.layers.0.self_attn.q_proj.bias", "decoder.layers.1.self_attn.q_proj.bias",
      ])
    #expect(adapter.baseName == "qwen2-untied")
  }

  @Test func unmergingGivesTheBaseBack() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let adapter = try adapter(of: base, ends: ["q_proj", "fc2", "down_proj"], rslora: true)

    try AdapterMerge(adapter, into: base).write(to: folder("merged"), as: .float32)
    let merged = try Checkpoint(folder: folder("merged"))
    try AdapterMerge(adapter, into: merged, direction: .unmerge).write(to: folder("before"))

    let before = try Checkpoint(folder: folder("before"))
    for name in base.names {
      let difference = largestDifference(try before.tensor(name), try base.tensor(name))
      #expect(difference <= 1e-6, "\(name): \(difference)")
    }
    #expect(
      largestDifference(
        try merged.tensor("decoder.layers.0.mlp.down_proj.weight"),
        try base.tensor("decoder.layers.0.mlp.down_proj.weight")) > 0.1)
  }

  @Test func mergedWeightsKeepTheTypeOfTheBase() throws {
    let base = try PeftFixture.model("qwen2-audio")
    try AdapterMerge(try adapter(of: base, ends: ["q_proj"]), into: base).write(to: folder("merged"))

    let merged = try Checkpoint(folder: folder("merged"))
    let name = "decoder.layers.1.self_attn.q_proj.weight"
    #expect(try merged.matrix(name).format == .bfloat16)
    #expect(merged.configuration == base.configuration)
    #expect(try folder.text(of: "merged/config.json").contains("\"torch_dtype\": \"bfloat16\""))
    #expect(largestDifference(try merged.tensor(name), try base.tensor(name)) > 0.1)
  }

  @Test func whatWasTrainedItselfCannotBeTakenAway() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let adapter = try adapter(of: base, ends: ["q_proj"], trained: ["multi_modal_projector.linear.weight"])

    #expect(
      throws: CheckpointError.adapter(
        file: base.folder, .notReversible(tensor: "multi_modal_projector.linear.weight"))
    ) { try AdapterMerge(adapter, into: base, direction: .unmerge) }
  }

  @Test func aQuantisedBaseIsRefused() throws {
    let base = try PeftFixture.model("qwen2-untied")
    try CheckpointQuantization(base, format: .int8).write(to: folder("int8"))
    let packed = try Checkpoint(folder: folder("int8"))

    #expect(throws: CheckpointError.folder(packed.folder, .alreadyQuantized)) {
      try AdapterMerge(try adapter(of: base, ends: ["q_proj"]), into: packed)
    }
  }
}
