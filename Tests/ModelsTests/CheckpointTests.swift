import Foundation
import Tensors
import Testing

@testable import Models

/// Folders that transformers 5.23 wrote: Tests/Fixtures/models, made by make_checkpoints.py.
private let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Fixtures/models").path

@Suite struct CheckpointTests {
  @Test(arguments: [
    "qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2.5-omni-whole", "qwen2-tied", "qwen2-untied",
  ])
  func foldersOfTransformersOpenWithAllTheirTensors(_ name: String) throws {
    let checkpoint = try Checkpoint(folder: "\(references)/\(name)")

    #expect(Set(checkpoint.entries.keys) == Set(checkpoint.configuration.expectedTensors.keys))
    for (name, shape) in checkpoint.configuration.expectedTensors {
      #expect(try checkpoint.tensor(name).shape == shape)
    }
    #expect(checkpoint.configuration.decoder.tiedEmbeddings == !checkpoint.contains("decoder.lm_head.weight"))
    #expect(checkpoint.generation.endTokens.isEmpty == false)
  }

  @Test func tensorsAreTheNumbersOfTheFile() throws {
    let folder = CheckpointFolder()
    TinyQwen2.write(to: folder)

    let checkpoint = try Checkpoint(folder: folder.path)

    #expect(
      try checkpoint.tensor("decoder.norm.weight").values
        == TinyQwen2.tensors.last { $0.name == "model.norm.weight" }
        .map { $0.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } })
    let matrix = try checkpoint.matrix("decoder.layers.0.mlp.down_proj.weight")
    #expect((matrix.outputs, matrix.inputs, matrix.format) == (4, 6, .float32))
    let product = matrix.product(Tensor([1, 0, 0, 0, 0, 0], shape: [1, 6]))
    let stored = try checkpoint.tensor("decoder.layers.0.mlp.down_proj.weight").values
    #expect(product.values == stride(from: 0, to: 24, by: 6).map { stored[$0] })
  }

  @Test func everyHalfPrecisionNumberIsReadExactly() throws {
    let patterns = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
    let halves = patterns.map { Float(Float16(bitPattern: $0)) }
    let shorts = (0...UInt16.max).filter { $0 & 0x7F80 != 0x7F80 }
    let bytes = safetensors([
      HandmadeTensor("h", type: "F16", shape: [patterns.count], bytes: patterns.withUnsafeBytes { Array($0) }),
      HandmadeTensor("b", type: "BF16", shape: [shorts.count], bytes: shorts.withUnsafeBytes { Array($0) }),
    ])
    let folder = CheckpointFolder()
    folder.write(bytes, to: "numbers.safetensors")

    let file = try SafetensorsFile(path: "\(folder.path)/numbers.safetensors")
    let parts = file.header.tensors.map { StoredPart(file: file, stored: $0) }

    for part in parts { try part.checkFinite() }
    #expect(parts[0].floats().values.map(\.bitPattern) == halves.map(\.bitPattern))
    #expect(parts[1].floats().values.map(\.bitPattern) == shorts.map { UInt32($0) << 16 })
  }

  @Test(arguments: [("F32", 4), ("F16", 2), ("BF16", 2)])
  func everyNaNAndInfinityIsRefusedWithTheNameOfItsTensor(type: String, width: Int) throws {
    let specials: [UInt32] =
      type == "F16"
      ? [0x7C00, 0xFC00, 0x7E00, 0x7C01] : [0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7FFF_0000]
    for (index, special) in zip([0, 1, 4_999, 70_000], specials) {
      var bytes = [UInt8](repeating: 1, count: 70_001 * width)
      let word = type == "BF16" ? special >> 16 : special
      withUnsafeBytes(of: word.littleEndian) {
        bytes.replaceSubrange(index * width..<(index + 1) * width, with: $0.prefix(width))
      }
      let folder = CheckpointFolder()
      folder.write(safetensors([HandmadeTensor("x", type: type, shape: [70_001], bytes: bytes)]), to: "x.safetensors")
      let file = try SafetensorsFile(path: "\(folder.path)/x.safetensors")

      #expect(throws: CheckpointError.tensor(name: "x", file: file.path, .notFinite(index: index))) {
        try StoredPart(file: file, stored: file.header.tensors[0]).checkFinite()
      }
    }
  }

  @Test func namesOfEveryVersionMeanTheSame() {
    let canonical = TensorName.weight("decoder.layers.3.mlp.up_proj.weight")
    let head = TensorName.weight("decoder.lm_head.weight")
    let tower = TensorName.weight("audio_tower.layers.3.fc1.bias")
    func name(_ stored: String, _ architecture: ModelArchitecture) -> TensorName {
      TensorName(stored: stored, architecture: architecture)
    }

    #expect(name("model.layers.3.mlp.up_proj.weight", .qwen2) == canonical)
    #expect(name("language_model.model.layers.3.mlp.up_proj.weight", .qwen2Audio) == canonical)
    #expect(name("model.language_model.layers.3.mlp.up_proj.weight", .qwen2Audio) == canonical)
    #expect(name("thinker.model.layers.3.mlp.up_proj.weight", .qwen25Omni) == canonical)
    #expect(name("model.layers.3.mlp.up_proj.weight", .qwen25Omni) == canonical)
    #expect(name("model.language_model.layers.3.mlp.up_proj.weight", .qwen25Omni) == canonical)
    #expect(name("lm_head.weight", .qwen2) == head)
    #expect(name("language_model.lm_head.weight", .qwen2Audio) == head)
    #expect(name("lm_head.weight", .qwen2Audio) == head)
    #expect(name("thinker.lm_head.weight", .qwen25Omni) == head)
    #expect(name("audio_tower.layers.3.fc1.bias", .qwen2Audio) == tower)
    #expect(name("model.audio_tower.layers.3.fc1.bias", .qwen2Audio) == tower)
    #expect(name("thinker.audio_tower.layers.3.fc1.bias", .qwen25Omni) == tower)
    for ignored in ["visual.patch.weight", "thinker.visual.x", "talker.model.x", "token2wav.x", "model.visual.x"] {
      #expect(name(ignored, .qwen25Omni) == .ignored)
    }
    #expect(name("model.layers.0.self_attn.rotary_emb.inv_freq", .qwen2) == .ignored)
    #expect(name("thinker.audio_tower.audio_bos_eos_token.weight", .qwen25Omni) == .ignored)
    #expect(name("visual.x", .qwen2Audio) == .unknown)
  }

  @Test func partsListedInAnIndexMakeOneModel() throws {
    let folder = CheckpointFolder()
    folder.write(TinyQwen2.configuration, to: "config.json")
    let (first, second) = (TinyQwen2.tensors.prefix(5), TinyQwen2.tensors.dropFirst(5))
    folder.write(safetensors(Array(first)), to: "a.safetensors")
    folder.write(safetensors(Array(second)), to: "b.safetensors")
    let map = first.map { "\"\($0.name)\": \"a.safetensors\"" } + second.map { "\"\($0.name)\": \"b.safetensors\"" }
    folder.write(
      "{\"metadata\": {}, \"weight_map\": {\(map.joined(separator: ","))}}", to: "model.safetensors.index.json")

    let whole = CheckpointFolder()
    TinyQwen2.write(to: whole)

    let (parts, single) = try (Checkpoint(folder: folder.path), Checkpoint(folder: whole.path))
    for name in single.entries.keys { #expect(try parts.tensor(name) == single.tensor(name)) }
  }

  @Test func theRevisionNamesTheWeightsAndNotTheirPlace() throws {
    let (folder, copy, other, renamed) = (
      CheckpointFolder(), CheckpointFolder(), CheckpointFolder(), CheckpointFolder()
    )
    TinyQwen2.write(to: folder)
    TinyQwen2.write(to: copy)
    var tensors = TinyQwen2.tensors
    tensors[3].bytes[0] ^= 1
    TinyQwen2.write(to: other, tensors)
    TinyQwen2.write(to: renamed)
    renamed.write(TinyQwen2.configuration.replacingOccurrences(of: "16}", with: "32}"), to: "config.json")

    let revisions = try [folder, copy, other, renamed].map { try Checkpoint(folder: $0.path).revision }

    #expect(revisions[0] == revisions[1])
    #expect(revisions[0].count == 64)
    #expect(Set(revisions).count == 3)
  }

  @Test func theRevisionChangesWithEveryFileThatHasASayInTheAnswers() throws {
    let original = try CheckpointFolder(copying: "qwen2-audio")
    let revision = try Checkpoint(folder: original.path).revision
    let copy = try CheckpointFolder(copying: "qwen2-audio")
    #expect(try Checkpoint(folder: copy.path).revision == revision)

    var revisions: Set<String> = [revision]
    for (name, old, new) in [
      ("tokenizer.json", "<|im_end|>", "<|im_stop|>"), ("tokenizer_config.json", "endoftext", "end_of_text"),
      ("generation_config.json", "0.7", "0.8"), ("chat_template.jinja", "You are", "You were"),
    ] {
      let changed = try CheckpointFolder(copying: "qwen2-audio")
      try changed.replace(old, with: new, in: name)
      #expect(try revisions.insert(Checkpoint(folder: changed.path).revision).inserted, "\(name)")
    }
    for name in ["vocab.json", "merges.txt", "added_tokens.json", "chat_template.json"] {
      original.write("{}", to: name)
      #expect(try revisions.insert(Checkpoint(folder: original.path).revision).inserted, "\(name)")
    }
    let last = try Checkpoint(folder: original.path).revision
    original.write("notes", to: "README.md")
    #expect(try Checkpoint(folder: original.path).revision == last)
  }

  @Test func filesThatLieAtOddBytesAreRead() throws {
    let folder = CheckpointFolder()
    TinyQwen2.write(to: folder)
    let header = folder.bytes(of: "model.safetensors")
    // One space more moves all data by a byte.
    let length = UInt64(header.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    for spaces in 0..<4 {
      let text = String(decoding: header[8..<8 + Int(length)], as: UTF8.self) + String(repeating: " ", count: spaces)
      folder.write(safetensors(header: text, data: Array(header[(8 + Int(length))...])), to: "model.safetensors")

      let checkpoint = try Checkpoint(folder: folder.path)
      let name = "decoder.layers.0.mlp.up_proj.weight"
      let matrix = try checkpoint.matrix(name).product(Tensor([0, 1, 0, 0], shape: [1, 4]))
      let values = try checkpoint.tensor(name).values
      #expect(matrix.values == stride(from: 1, to: 24, by: 4).map { values[$0] })
    }
  }
}
