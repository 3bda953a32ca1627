import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct ModelCopyTests {
  private let folder = TrainerFolder()

  @Test(arguments: ["qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2.5-omni-whole", "qwen2-tied"])
  func aCopyDiffersInWhatIsReplacedAlone(_ model: String) throws {
    let base = try PeftFixture.model(model)
    let replaced =
      ["decoder.norm.weight", "decoder.layers.0.mlp.up_proj.weight"]
      + base.names.filter { $0.hasSuffix("conv1.weight") }
    let values = try Dictionary(
      uniqueKeysWithValues: replaced.map { ($0, scattered(try base.tensor($0).shape, seed: 5)) })

    try base.writeCopy(to: folder("copy"), replacing: values)

    let copy = try Checkpoint(folder: folder("copy"))
    #expect(copy.configuration == base.configuration)
    for name in base.names { #expect(try copy.tensor(name) == values[name] ?? base.tensor(name)) }
    for name in base.names where values[name] == nil && base.isMatrix(name) {
      #expect(try copy.matrix(name).format == base.matrix(name).format)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: base.folder)
    for file in files where file != "config.json" && !file.hasPrefix("model") {
      #expect(
        try folder.bytes(of: "copy/\(file)") == Array(Data(contentsOf: URL(fileURLWithPath: "\(base.folder)/\(file)"))))
    }
    let config = try folder.text(of: "copy/config.json")
    #expect(config.contains("dtype\": \"float32\"") && !config.contains("float16"))
  }

  @Test func namesInTheFileAreThoseOfTheHub() throws {
    // In the base, the names that transformers 5 has in memory.
    let base = try PeftFixture.model("qwen2-audio-grouped")

    try base.writeCopy(to: folder("copy"), replacing: [:])

    let names = try TensorFile(path: folder("copy/model.safetensors")).names
    #expect(names.count == base.names.count)
    #expect(
      names.contains("language_model.lm_head.weight") && names.contains("language_model.model.norm.weight")
        && names.contains("audio_tower.conv1.bias") && names.contains("multi_modal_projector.linear.bias"))
    #expect(!names.contains { $0.hasPrefix("model.") })
  }

  @Test func partsThatAreNotComputedAreCopied() throws {
    let base = try PeftFixture.model("qwen2.5-omni-whole")

    try base.writeCopy(to: folder("copy"), replacing: [:])

    let file = try TensorFile(path: folder("copy/model.safetensors"))
    #expect(file.shape(of: "talker.model.norm.weight") == [8])
    #expect(file.shape(of: "thinker.lm_head.weight") == [576, 64])
    #expect(file.names.contains { $0.hasPrefix("thinker.visual.") })
    let stored = base.files.flatMap { file in file.header.tensors.map(\.name) }
    #expect(Set(file.names) == Set(stored))
  }

  @Test(arguments: [StoredType.bfloat16, .float16])
  func weightsAreRoundedToTheTypeAskedFor(_ type: StoredType) throws {
    let base = try PeftFixture.model("qwen2-tied")
    let values = try Dictionary(uniqueKeysWithValues: base.names.map { ($0, try base.tensor($0)) })

    try base.writeCopy(to: folder("copy"), replacing: values, as: type)

    let copy = try Checkpoint(folder: folder("copy"))
    let digits: Float = type == .bfloat16 ? 1 / 256 : 1 / 2048
    for name in base.names {
      for (rounded, exact) in zip(try copy.tensor(name).values, try base.tensor(name).values) {
        #expect(abs(rounded - exact) <= abs(exact) * digits + 1e-7)
      }
    }
    #expect(try copy.tensor("decoder.norm.weight") != base.tensor("decoder.norm.weight"))
    let named = type == .bfloat16 ? "bfloat16" : "float16"
    #expect(try folder.text(of: "copy/config.json").contains(#""dtype": "\#(named)""#))
  }

  @Test func aFrozenPartThatIsPackedStaysPacked() throws {
    let original = try PeftFixture.model("qwen2-untied")
    try CheckpointQuantization(original, format: .int8).write(to: folder("int8"))
    let base = try Checkpoint(folder: folder("int8"))
    let name = "decoder.layers.0.mlp.up_proj.weight"

    try base.writeCopy(to: folder("copy"), replacing: [name: try original.tensor(name)])

    let copy = try Checkpoint(folder: folder("copy"))
    #expect(try copy.matrix(name).format == .float32)
    #expect(try copy.tensor(name) == original.tensor(name))
    let other = "decoder.layers.1.mlp.up_proj.weight"
    #expect(try copy.matrix(other).format == .int8)
    #expect(try copy.tensor(other) == base.tensor(other))
  }

  @Test func aModelWhoseMatricesAreAllReplacedIsPackedNoMore() throws {
    let original = try PeftFixture.model("qwen2-tied")
    try CheckpointQuantization(original, format: .int8).write(to: folder("int8"))
    let base = try Checkpoint(folder: folder("int8"))
    let values = try Dictionary(uniqueKeysWithValues: original.names.map { ($0, try original.tensor($0)) })

    try base.writeCopy(to: folder("copy"), replacing: values)

    #expect(try !Checkpoint(folder: folder("copy")).isQuantized)
    #expect(try !folder.text(of: "copy/config.json").contains("quantization_config"))
  }

  @Test func valuesThatAreNoneAreNotWritten() throws {
    let base = try PeftFixture.model("qwen2-tied")
    let name = "decoder.norm.weight"
    var values = try base.tensor(name).values
    values[3] = .infinity

    let message = folder.message {
      try base.writeCopy(to: folder("copy"), replacing: [name: Tensor(values, shape: [values.count])])
    }

    #expect(
      message == """
        DIR/copy/model.safetensors: tensor 'model.norm.weight' would have a NaN or infinity at element 3, so it is not \
        written. Go back to weights that have none.
        """)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("copy")).isEmpty)
  }

  @Test func valuesTooLargeForTheTypeAreNotWritten() throws {
    let base = try PeftFixture.model("qwen2-tied")
    let values = [Float](repeating: 1e6, count: 64)

    #expect(throws: CheckpointError.self) {
      try base.writeCopy(
        to: folder("copy"), replacing: ["decoder.norm.weight": Tensor(values, shape: [64])], as: .float16)
    }
  }

  /// transformers would give the embeddings to the logits where the configuration says that they are one matrix.
  @Test func aHeadBesideEmbeddingsThatAreSaidToBeTheSameIsKept() throws {
    let source = try TrainerFolder(copying: PeftFixture.model("qwen2-untied").folder)
    try source.write(
      source.text(of: "config.json").replacingOccurrences(
        of: #""tie_word_embeddings": false"#, with: #""tie_word_embeddings": true"#), to: "config.json")
    try #require(try source.text(of: "config.json").contains(#""tie_word_embeddings": true"#))

    try Checkpoint(folder: source.path).writeCopy(to: folder("copy"), replacing: [:])

    #expect(try folder.text(of: "copy/config.json").contains(#""tie_word_embeddings": false"#))
  }
}
