import Foundation
import Glibc
import Testing

@testable import Models

@Suite struct CheckpointErrorTests {
  private let folder = CheckpointFolder()

  private func opening() -> String { message(problem(in: folder), in: folder) }

  @Test func aMissingFolderIsNamed() {
    do {
      _ = try Checkpoint(folder: "/no/such/model")
      Issue.record("opened")
    } catch {
      #expect(
        "\(error)" == """
          /no/such/model: there is no such folder. Fetch a model with 'earshot models pull' or check the path.
          """)
    }
  }

  @Test func aFileInPlaceOfAFolderIsRefused() {
    folder.write("x", to: "model.gguf")
    #expect(throws: CheckpointError.folder("\(folder.path)/model.gguf", .otherWeights("model.gguf"))) {
      try Checkpoint(folder: "\(folder.path)/model.gguf")
    }
    folder.write("x", to: "model.safetensors")
    #expect(throws: CheckpointError.folder("\(folder.path)/model.safetensors", .notAFolder)) {
      try Checkpoint(folder: "\(folder.path)/model.safetensors")
    }
  }

  @Test func folderWithoutAModelSaysWhatIsThere() {
    #expect(opening() == "DIR: the folder is empty. Fetch a model into it with 'earshot models pull'.")

    folder.write("x", to: "notes.txt")
    #expect(opening() == "DIR: there is no config.json in the folder. Fetch the whole model again.")

    folder.write("x", to: "qwen.Q4_K_M.gguf")
    #expect(
      opening() == """
        DIR: 'qwen.Q4_K_M.gguf' is a GGUF file, which is not read. \
        Use the model's safetensors from the Hugging Face hub.
        """)
  }

  @Test func weightsOfOtherKindsAreNamed() {
    folder.write(TinyQwen2.configuration, to: "config.json")
    #expect(
      opening() == "DIR: there is no model.safetensors or model.safetensors.index.json. Fetch the whole model again.")

    folder.write("x", to: "pytorch_model.bin")
    #expect(
      opening() == """
        DIR: the weights are in 'pytorch_model.bin', which can run code when it is read. \
        Use a version of the model with safetensors, or convert it with transformers' save_pretrained.
        """)
  }

  @Test func aMissingTensorIsNamed() {
    TinyQwen2.write(to: folder, TinyQwen2.tensors.filter { !$0.name.contains("q_proj") })
    #expect(
      opening() == """
        DIR: tensor 'model.layers.0.self_attn.q_proj.bias' is missing (and 1 more). Fetch the whole model again.
        """)
  }

  @Test(arguments: ["", "model."])
  func aMissingTensorIsNamedAsItsNeighboursAre(prefix: String) {
    folder.write(
      #"{"model_type": "qwen2_audio", "audio_token_index": 1, "text_config": {"vocab_size": 8}}"#, to: "config.json")
    folder.write(safetensors([HandmadeTensor("\(prefix)audio_tower.conv2.bias", shape: [1])]), to: "model.safetensors")
    #expect(opening().hasPrefix("DIR: tensor '\(prefix)audio_tower.conv1.bias' is missing (and "))
  }

  @Test func aTensorThatNoModelHasIsNamed() {
    TinyQwen2.write(
      to: folder, TinyQwen2.tensors + [HandmadeTensor("model.layers.1.mlp.up_proj.weight", shape: [6, 4])])
    #expect(
      opening() == """
        DIR/model.safetensors: tensor 'model.layers.1.mlp.up_proj.weight' belongs to no model of this configuration. \
        Is config.json that of the weights?
        """)
  }

  @Test func aWrongShapeIsNamed() {
    var tensors = TinyQwen2.tensors
    tensors[0] = HandmadeTensor(tensors[0].name, shape: [4, 8])
    TinyQwen2.write(to: folder, tensors)
    #expect(
      opening() == """
        DIR/model.safetensors: tensor 'model.embed_tokens.weight' has the shape [4, 8], \
        config.json asks for [8, 4]. Fetch the whole model again.
        """)
  }

  @Test func anotherTypeIsNamed() {
    var tensors = TinyQwen2.tensors
    tensors[0] = HandmadeTensor(tensors[0].name, type: "F64", shape: [8, 4], bytes: [UInt8](repeating: 0, count: 256))
    TinyQwen2.write(to: folder, tensors)
    #expect(
      opening() == """
        DIR/model.safetensors: tensor 'model.embed_tokens.weight' has the type F64, which is not supported. \
        Supported: F32, BF16, F16, and Earshot's int8 and int4.
        """)
  }

  @Test func aNaNIsNamed() {
    var tensors = TinyQwen2.tensors
    tensors[2].bytes.replaceSubrange(4..<8, with: [0, 0, 0xC0, 0x7F])
    TinyQwen2.write(to: folder, tensors)
    #expect(
      opening() == """
        DIR/model.safetensors: tensor '\(tensors[2].name)' has a NaN or infinity at element 1. Fetch the file again.
        """)
  }

  @Test func aHeadMayBeMissingOnlyWhereTheConfigurationTiesIt() {
    let tensors = TinyQwen2.tensors.filter { $0.name != "lm_head.weight" }
    TinyQwen2.write(to: folder, tensors)
    #expect(opening() == "DIR: tensor 'lm_head.weight' is missing. Fetch the whole model again.")

    let tied = TinyQwen2.configuration.replacingOccurrences(of: "}", with: ", \"tie_word_embeddings\": true}")
    folder.write(tied, to: "config.json")
    #expect(opening() == "none")
  }

  @Test func twoNamesOfOneTensorAreRefused() {
    folder.write(
      #"{"model_type": "qwen2_audio", "audio_token_index": 1, "text_config": {"vocab_size": 8}}"#, to: "config.json")
    let twice = ["language_model.lm_head.weight", "lm_head.weight"].map { HandmadeTensor($0, shape: [1]) }
    folder.write(safetensors(twice), to: "model.safetensors")
    #expect(
      opening() == """
        DIR/model.safetensors: tensor 'lm_head.weight' means the same as 'language_model.lm_head.weight'. Remove one.
        """)
  }

  @Test func textOfOthersStaysOnOneLine() {
    let error = CheckpointError.tensor(name: "a\nb\u{202E}\u{1B}[31m", file: "x", .badShape)
    #expect(
      error.description
        == "x: tensor 'a\\u{a}b\\u{202e}\\u{1b}[31m' has a shape that no tensor has. Fetch the file again.")
    #expect(plain(String(repeating: "x", count: 5_000)).count == 1_001)
  }

  @Test(.enabled(if: getuid() != 0, "permissions do not bind the superuser"))
  func anUnreadableFileIsNamed() throws {
    TinyQwen2.write(to: folder)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: "\(folder.path)/model.safetensors")
    #expect(opening() == "DIR/model.safetensors: not readable: no permission.")
  }

  @Test func aFolderOfThatNameIsNoFile() throws {
    folder.write(TinyQwen2.configuration, to: "config.json")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/model.safetensors", withIntermediateDirectories: false)
    #expect(opening() == "DIR/model.safetensors: not an ordinary file.")
  }
}
