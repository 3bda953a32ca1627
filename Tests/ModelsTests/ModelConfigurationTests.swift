import Foundation
import Testing

@testable import Models

/// What transformers 5.23 makes of the same files: Tests/Fixtures/configurations/make_configurations.py.
private struct ReferenceConfiguration: Decodable, CustomTestStringConvertible {
  struct Filled: Decodable {
    let architecture: String
    let decoder: Decoder
    let encoder: Encoder?
    let audioToken: Int?
    let audioStartToken: Int?
    let audioEndToken: Int?
    let padToken: Int?
    let endTokens: [Int]
  }
  struct Decoder: Decodable {
    let vocabularySize, hiddenSize, intermediateSize, layers, heads, keyValueHeads, headDimension: Int
    let normEpsilon: Float
    let ropeTheta: Double
    let maximumPositions: Int
    let tiedEmbeddings: Bool
  }
  struct Encoder: Decodable {
    let melBands, width, layers, heads, feedForwardWidth, maximumPositions: Int
    let window: Int?
    let outputWidth: Int
  }

  let name: String
  let file: String
  let filled: Filled

  var testDescription: String { name }

  static let all: [ReferenceConfiguration] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/configurations/configurations.json")
    return try! JSONDecoder().decode([ReferenceConfiguration].self, from: Data(contentsOf: path))
  }()

  /// The same as Earshot's type.
  var configuration: ModelConfiguration {
    let d = filled.decoder
    let decoder = DecoderConfiguration(
      vocabularySize: d.vocabularySize, hiddenSize: d.hiddenSize, intermediateSize: d.intermediateSize,
      layers: d.layers, heads: d.heads, keyValueHeads: d.keyValueHeads, headDimension: d.headDimension,
      normEpsilon: d.normEpsilon, ropeTheta: d.ropeTheta, maximumPositions: d.maximumPositions,
      tiedEmbeddings: d.tiedEmbeddings)
    let encoder = filled.encoder.map { e in
      EncoderConfiguration(
        melBands: e.melBands, width: e.width, layers: e.layers, heads: e.heads, feedForwardWidth: e.feedForwardWidth,
        maximumPositions: e.maximumPositions, window: e.window, outputWidth: e.outputWidth)
    }
    return ModelConfiguration(
      architecture: ModelArchitecture(rawValue: filled.architecture)!, decoder: decoder, encoder: encoder,
      audioToken: filled.audioToken, audioStartToken: filled.audioStartToken, audioEndToken: filled.audioEndToken,
      padToken: filled.padToken, endTokens: filled.endTokens)
  }
}

@Suite struct ModelConfigurationTests {
  private let folder = CheckpointFolder()

  private func reading(_ text: String) throws(CheckpointError) -> ModelConfiguration {
    folder.write(text, to: "config.json")
    return try ModelConfiguration(file: "\(folder.path)/config.json")
  }

  private func refusal(_ text: String) -> String {
    do throws(CheckpointError) {
      _ = try reading(text)
      return "none"
    } catch {
      return message(error, in: folder)
    }
  }

  @Test(arguments: ReferenceConfiguration.all)
  fileprivate func sparseFilesAreFilledAsTransformersFillsThem(_ reference: ReferenceConfiguration) throws {
    #expect(try reading(reference.file) == reference.configuration)
  }

  @Test func bothSpellingsOfTheRotaryBaseAreRead() throws {
    let four = try reading(#"{"model_type": "qwen2", "rope_theta": 123456}"#)
    let five = try reading(
      #"{"model_type": "qwen2", "rope_parameters": {"rope_type": "default", "rope_theta": 123456.0}}"#)
    #expect(four.decoder.ropeTheta == 123_456)
    #expect(four == five)
  }

  @Test(arguments: [
    (
      #"{"model_type": "llama"}"#,
      """
      model_type is 'llama', which is not supported. \
      Supported: qwen2, qwen2_audio, qwen2_5_omni, qwen2_5_omni_thinker.
      """
    ),
    (#"{}"#, "model_type is missing."),
    (#"{"model_type": 3}"#, "model_type has to be a text."),
    (
      #"{"model_type": "qwen2", "hidden_act": "gelu"}"#,
      "hidden_act is 'gelu', which is not supported. Supported: silu."
    ),
    (
      #"{"model_type": "qwen2", "rope_scaling": {"type": "yarn", "factor": 4}}"#,
      "rope_scaling.type is 'yarn', which is not supported. Supported: default, mrope."
    ),
    (
      #"{"model_type": "qwen2", "rope_parameters": {"rope_type": "linear"}}"#,
      "rope_parameters.rope_type is 'linear', which is not supported. Supported: default, mrope."
    ),
    (
      #"{"model_type": "qwen2", "use_sliding_window": true}"#,
      "use_sliding_window is 'true', which is not supported. Supported: full attention."
    ),
    (
      #"{"model_type": "qwen2", "layer_types": ["full_attention", "sliding_attention"]}"#,
      "layer_types is '\"sliding_attention\"', which is not supported. Supported: full attention."
    ),
    (
      #"{"model_type": "qwen2", "num_hidden_layers": 1025}"#, "num_hidden_layers is 1025, but has to be from 1 to 1024."
    ),
    (#"{"model_type": "qwen2", "num_hidden_layers": 0}"#, "num_hidden_layers is 0, but has to be from 1 to 1024."),
    (#"{"model_type": "qwen2", "hidden_size": -4096}"#, "hidden_size is -4096, but has to be from 1 to 1048576."),
    (
      #"{"model_type": "qwen2", "hidden_size": 9223372036854775808}"#,
      "hidden_size is 9223372036854775808, but has to be from 1 to 1048576."
    ),
    (#"{"model_type": "qwen2", "hidden_size": 4096.0}"#, "hidden_size has to be a whole number."),
    (#"{"model_type": "qwen2", "hidden_size": "4096"}"#, "hidden_size has to be a whole number."),
    (#"{"model_type": "qwen2", "vocab_size": 1e9}"#, "vocab_size has to be a whole number."),
    (
      #"{"model_type": "qwen2", "hidden_size": 4097}"#,
      "hidden_size is 4097, which num_attention_heads 32 does not divide."
    ),
    (#"{"model_type": "qwen2", "hidden_size": 96}"#, "head_dim is 3, but has to be even, for rotary positions."),
    (
      #"{"model_type": "qwen2", "num_key_value_heads": 5}"#,
      "num_attention_heads is 32, which num_key_value_heads 5 does not divide."
    ),
    (#"{"model_type": "qwen2", "rms_norm_eps": 1e400}"#, "rms_norm_eps is 1e400, but has to be from 0.0 to 1.0."),
    (#"{"model_type": "qwen2", "rope_theta": 0}"#, "rope_theta is 0, but has to be from 1.0 to 1000000000000000.0."),
    (
      #"{"model_type": "qwen2", "eos_token_id": [1, 200000]}"#,
      "eos_token_id is 200000, but has to be from 0 to 151935."
    ),
    (
      #"{"model_type": "qwen2", "quantization_config": {"quant_method": "awq"}}"#,
      """
      quantization_config.quant_method is 'awq', which is not supported. \
      Supported: earshot, made by 'earshot models quantize' from the original model.
      """
    ),
    (
      #"{"model_type": "qwen2_audio", "audio_config": {"activation_function": "relu"}}"#,
      "audio_config.activation_function is 'relu', which is not supported. Supported: gelu."
    ),
    (
      #"{"model_type": "qwen2_audio", "audio_config": {"num_mel_bins": 100}}"#,
      "audio_config.num_mel_bins is '100', which is not supported. Supported: 80, 128."
    ),
    (
      #"{"model_type": "qwen2_audio", "audio_config": {"d_model": 1281}}"#,
      "audio_config.d_model is 1281, which encoder_attention_heads 20 does not divide."
    ),
    (
      #"{"model_type": "qwen2_audio", "text_config": {"model_type": "llama"}}"#,
      "text_config.model_type is 'llama', which is not supported. Supported: qwen2."
    ),
    (#"{"model_type": "qwen2_audio", "text_config": []}"#, "text_config has to be an object."),
    (#"{"model_type": "qwen2_audio", "text_config": {"vocab_size": 1000}}"#, "audio_token_index is missing."),
    (
      #"{"model_type": "qwen2_5_omni_thinker", "audio_config": {"n_window": 1501}}"#,
      "audio_config.n_window is 1501, but has to be at most max_source_positions."
    ),
    (
      #"{"model_type": "qwen2_5_omni_thinker", "audio_config": {"output_dim": 2048}}"#,
      "audio_config.output_dim is 2048, but has to be text_config.hidden_size, 3584."
    ),
  ])
  func settingsThatCannotBeMetAreRefusedByName(_ text: String, refused: String) {
    #expect(refusal(text) == "DIR/config.json: " + refused)
  }

  @Test(
    arguments: [("-1", nil), ("151936", nil), ("[]", nil), ("null", nil), ("7", 7), ("[7, 8]", 7)] as [(String, Int?)])
  func aPaddingTokenThatIsNoneCountsAsAbsent(_ text: String, token: Int?) throws {
    folder.write(#"{"model_type": "qwen2", "pad_token_id": \#(text)}"#, to: "config.json")
    #expect(try ModelConfiguration(file: "\(folder.path)/config.json").padToken == token)
  }

  @Test func parametersOfTheHubsModelsAreCounted() throws {
    let audio = try #require(ReferenceConfiguration.all.first { $0.name == "qwen2_audio 7B v4" }).configuration
    let parts = ModelSummary.parts(of: audio)

    // From transformers' modules; see Tests/Fixtures/configurations.
    #expect(parts.map(\.parameters).reduce(0, +) == 8_397_094_912)
    #expect(parts.first { $0.name == "audio encoder" }?.parameters == 636_968_960)
    #expect(parts.first { $0.name == "projection" }?.parameters == 5_246_976)
    #expect(audio.expectedTensors.count == 876)
    #expect(audio.decoder.cacheBytesPerToken == 2 * 524_288)
  }

  @Test func generationSettingsAreReadAndMayBeMissing() throws {
    let path = "\(folder.path)/generation_config.json"
    #expect(try GenerationDefaults(file: path, vocabularySize: 10) == GenerationDefaults())

    folder.write(
      #"""
      {"do_sample": true, "temperature": 0.7, "top_p": 0.5, "top_k": 20, "repetition_penalty": 1.1,
       "eos_token_id": [3, 5], "pad_token_id": 3, "max_new_tokens": 2048}
      """#,
      to: "generation_config.json")
    let read = try GenerationDefaults(file: path, vocabularySize: 10)
    #expect(read.doSample == true)
    #expect(read.temperature == 0.7)
    #expect(read.topP == 0.5)
    #expect(read.topK == 20)
    #expect(read.repetitionPenalty == 1.1)
    #expect(read.endTokens == [3, 5])
    #expect(read.padToken == 3)
    #expect(read.maxNewTokens == 2_048)

    folder.write(#"{"top_k": -1, "pad_token_id": -1}"#, to: "generation_config.json")
    #expect(try GenerationDefaults(file: path, vocabularySize: 10) == GenerationDefaults())

    folder.write(#"{"eos_token_id": 4}"#, to: "generation_config.json")
    #expect(try GenerationDefaults(file: path, vocabularySize: 10).endTokens == [4])
    folder.write(#"{"eos_token_id": 10}"#, to: "generation_config.json")
    #expect(throws: CheckpointError.self) { try GenerationDefaults(file: path, vocabularySize: 10) }
  }
}
