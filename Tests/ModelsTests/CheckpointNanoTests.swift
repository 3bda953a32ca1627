import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct CheckpointNanoTests {
  private static let tokens = NanoModel.SpecialTokens(endOfText: 0, turnEnd: 2, audio: 3)

  @Test func theFilesSayWhatTheModelIs() throws {
    let folder = CheckpointFolder()
    let nano = NanoModel(vocabularySize: 400, tokens: Self.tokens)

    try nano.write(to: folder.path, seed: 1)
    let checkpoint = try Checkpoint(folder: folder.path)

    #expect(checkpoint.configuration == nano.configuration)
    #expect(checkpoint.generation.endTokens == [0, 2])
    #expect(checkpoint.generation.padToken == 0)
    #expect(
      folder.names == ["config.json", "generation_config.json", "model.safetensors", "preprocessor_config.json"])
  }

  @Test func equalSeedsMakeEqualBytes() throws {
    let folders = (0..<3).map { _ in CheckpointFolder() }
    for (folder, seed) in zip(folders, [5, 5, 6]) {
      try NanoModel(vocabularySize: 300, tokens: Self.tokens).write(to: folder.path, seed: UInt64(seed))
    }
    let files = folders.map { $0.bytes(of: "model.safetensors") }
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test func weightsAreDrawnAsTransformersDrawsThem() throws {
    let folder = CheckpointFolder()
    try NanoModel(vocabularySize: 1_000, tokens: Self.tokens).write(to: folder.path, seed: 3)
    let checkpoint = try Checkpoint(folder: folder.path)

    for name in ["decoder.embed_tokens.weight", "audio_tower.conv2.weight", "decoder.layers.1.mlp.up_proj.weight"] {
      let values = try checkpoint.tensor(name).values.map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)).squareRoot()
      #expect(abs(mean) < 4 * 0.02 / Double(values.count).squareRoot())
      #expect(abs(deviation - 0.02) < 0.0003)
      // Normal, not uniform: two thirds within one deviation.
      let within = Double(values.count { abs($0) < 0.02 }) / Double(values.count)
      #expect(abs(within - 0.6827) < 0.01)
    }
    #expect(try checkpoint.tensor("decoder.norm.weight").values.allSatisfy { $0 == 1 })
    #expect(try checkpoint.tensor("audio_tower.layers.0.fc1.bias").values.allSatisfy { $0 == 0 })
    #expect(
      try checkpoint.tensor("audio_tower.embed_positions.weight").rows(0..<1).values.suffix(80).allSatisfy { $0 == 1 })
  }

  @Test func aFolderWithFilesIsNotWrittenOver() throws {
    let folder = CheckpointFolder()
    folder.write("x", to: "config.json")
    #expect(throws: CheckpointError.folder(folder.path, .notEmpty)) {
      try NanoModel(vocabularySize: 300, tokens: Self.tokens).write(to: folder.path, seed: 1)
    }
  }
}
