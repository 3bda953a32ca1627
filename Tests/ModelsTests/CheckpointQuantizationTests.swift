import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct CheckpointQuantizationTests {
  private static let tokens = NanoModel.SpecialTokens(endOfText: 0, turnEnd: 2, audio: 3)
  private let folder = CheckpointFolder()
  private let target = CheckpointFolder()

  /// A Qwen2-Audio whose matrices are not whole blocks of 16 or 32, and files beside it.
  private func nano() throws -> Checkpoint {
    var configuration = NanoModel(vocabularySize: 300, tokens: Self.tokens).configuration
    (configuration.decoder.layers, configuration.decoder.intermediateSize) = (1, 100)
    configuration.encoder?.layers = 1
    configuration.encoder?.feedForwardWidth = 72
    configuration.encoder?.maximumPositions = 100
    try NanoModel(configuration).write(to: folder.path, seed: 7)
    folder.write("{\"a\": 1}", to: "tokenizer.json")
    folder.write("secret", to: "notes.txt")
    return try Checkpoint(folder: folder.path)
  }

  @Test(arguments: [WeightFormat.int8, .int4, .bfloat16])
  func matricesOfTheFileAreThoseQuantisedInMemory(_ format: WeightFormat) throws {
    let source = try nano()
    var reports: [(Int, Int)] = []

    try CheckpointQuantization(source, format: format).write(to: target.path) { reports.append(($0, $1)) }
    let quantized = try Checkpoint(folder: target.path)

    #expect(quantized.configuration == source.configuration)
    #expect(quantized.isQuantized == (format != .bfloat16))
    #expect(!source.isQuantized)
    #expect(reports.last.map { $0.0 == $0.1 } == true)
    #expect(reports.map(\.0) == reports.map(\.0).sorted())
    for (name, shape) in source.configuration.expectedTensors {
      if shape.count == 2, name != "audio_tower.embed_positions.weight" {
        let vocabulary = ["decoder.lm_head.weight", "decoder.embed_tokens.weight"].contains(name)
        let expected = format == .int4 && vocabulary ? .int8 : format
        let (stored, made) = try (quantized.matrix(name), source.matrix(name).converted(to: expected))
        #expect(stored.format == expected)
        #expect(stored.packedBytes.values.bytes.elementsEqual(made.packedBytes.values.bytes))
        #expect(stored.packedBytes.scales.map { Array($0.bytes) } == made.packedBytes.scales.map { Array($0.bytes) })
      } else {
        #expect(try quantized.tensor(name) == source.tensor(name))
      }
    }
    #expect(target.bytes(of: "tokenizer.json") == folder.bytes(of: "tokenizer.json"))
    #expect(!target.names.contains("notes.txt"))
    #expect(quantized.revision != source.revision)
  }

  @Test func aQuantisedMatrixReadsAsTensorWithinAStep() throws {
    let source = try nano()
    try CheckpointQuantization(source, format: .int8).write(to: target.path)

    let name = "decoder.layers.0.mlp.up_proj.weight"
    let (exact, rounded) = try (source.tensor(name).values, Checkpoint(folder: target.path).tensor(name).values)
    let error = zip(exact, rounded).map { abs($0 - $1) }.max() ?? .infinity
    let largest = exact.map(abs).max() ?? 0
    #expect(error <= largest / 127 * 0.51, "largest difference \(error)")
  }

  @Test func quantisingTwiceOrIntoAFullFolderIsRefused() throws {
    let source = try nano()
    try CheckpointQuantization(source, format: .int8).write(to: target.path)

    #expect(throws: CheckpointError.folder(target.path, .alreadyQuantized)) {
      try CheckpointQuantization(Checkpoint(folder: target.path), format: .int4)
    }
    #expect(throws: CheckpointError.folder(target.path, .notEmpty)) {
      try CheckpointQuantization(source, format: .int4).write(to: target.path)
    }
  }

  @Test func whatAnInterruptedWriterLeftIsRemovedAndNotInTheWay() throws {
    target.write([1, 2, 3], to: ".earshot-3x7.partial")

    try CheckpointQuantization(try nano(), format: .int8).write(to: target.path)

    #expect(!target.names.contains { $0.hasSuffix(".partial") })
    #expect(problem(in: target) == nil)
  }

  @Test func aFolderThatIsBeingWrittenIsNotTaken() throws {
    let source = try nano()
    var output = try CheckpointOutput(path: "\(target.path)/model.safetensors", byteCount: 1)

    #expect(throws: CheckpointError.folder(target.path, .notEmpty)) {
      try CheckpointQuantization(source, format: .int8).write(to: target.path)
    }
    try output.commit()
    #expect(target.names == ["model.safetensors"])
  }

  @Test func partialFilesOfOtherProgramsAreLeftAlone() throws {
    target.write([1], to: "download.partial")

    #expect(throws: CheckpointError.folder(target.path, .notEmpty)) {
      try CheckpointQuantization(try nano(), format: .int8).write(to: target.path)
    }
    #expect(target.names == ["download.partial"])
  }

  @Test func aPackingOfAnotherVersionIsRefused() throws {
    try CheckpointQuantization(try nano(), format: .int8).write(to: target.path)
    let config = String(decoding: target.bytes(of: "config.json"), as: UTF8.self)
    target.write(config.replacingOccurrences(of: "\"layout\": 1", with: "\"layout\": 2"), to: "config.json")
    #expect(
      message(problem(in: target), in: target)
        == "DIR/config.json: quantization_config.layout is '2', which is not supported. Supported: 1.")

    target.write(config, to: "config.json")
    var bytes = target.bytes(of: "model.safetensors")
    let key = Array(#""earshot.layout":"1""#.utf8)
    let place = try #require(bytes.firstRange(of: key))
    bytes[place.upperBound - 2] = UInt8(ascii: "9")
    target.write(bytes, to: "model.safetensors")
    #expect(message(problem(in: target), in: target).contains("is packed in the layout '9'"))
  }

  @Test func scalesWithoutNumbersAreRefused() throws {
    try CheckpointQuantization(try nano(), format: .int4).write(to: target.path)
    let file = try SafetensorsFile(path: "\(target.path)/model.safetensors")
    let scales = try #require(file.header.tensors.first { $0.name.hasSuffix("up_proj.weight.scales") })
    var bytes = target.bytes(of: "model.safetensors")
    let start = file.header.dataStart + scales.range.lowerBound
    bytes.replaceSubrange(start..<start + 2, with: [0x00, 0x7E])
    target.write(bytes, to: "model.safetensors")

    #expect(
      message(problem(in: target), in: target)
        == "DIR/model.safetensors: tensor '\(scales.name)' has a NaN or infinity at element 0. Fetch the file again.")
  }

  @Test func theSummaryCountsParametersAndBytes() throws {
    try NanoModel(vocabularySize: 300, tokens: Self.tokens).write(to: folder.path, seed: 7)
    let source = try Checkpoint(folder: folder.path)
    try CheckpointQuantization(source, format: .int4).write(to: target.path)

    let (plain, small) = try (ModelSummary(source), ModelSummary(Checkpoint(folder: target.path)))

    #expect(plain.parameters == small.parameters)
    #expect((1_000_000...10_000_000).contains(plain.parameters))
    #expect(plain.shares.map(\.format) == ["F32"])
    #expect(Set(small.shares.map(\.format)) == ["int4", "int8", "F32"])
    #expect(plain.weightBytes == 4 * plain.parameters)
    #expect(small.byteCount < plain.byteCount / 3)
    #expect(small.memoryNeeded(tokens: 1_000) - small.memoryNeeded(tokens: 0) >= 1_000 * plain.cacheBytesPerToken)
  }

  /// Qwen2.5-Omni takes 300 s at once: 15,000 rows of log-mel bands, two convolutions and a layer.
  @Test(arguments: [("qwen2-audio", 1_500), ("qwen2.5-omni", 15_000)])
  func theMemoryNeededHoldsTheLongestClip(name: String, rows: Int) throws {
    let summary = ModelSummary(try Checkpoint(folder: ReferenceFile.folder.appendingPathComponent(name).path))
    let encoder = try #require(summary.configuration.encoder)

    let bytes = 4 * rows * (2 * encoder.melBands + 8 * encoder.width + encoder.feedForwardWidth)

    #expect(summary.memoryNeeded(tokens: 0) == summary.weightBytes + bytes)
  }
}
