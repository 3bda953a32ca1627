import Audio
import Foundation

extension NanoModel {
  /// config.json in the spelling that versions 4 and 5 of transformers read.
  var configurationText: String {
    let decoder = configuration.decoder
    guard let encoder = configuration.encoder else { preconditionFailure("a Qwen2-Audio has an encoder") }
    let tokens = configuration.endTokens.first.map { "\($0)" } ?? "null"
    let pad = configuration.padToken.map { "\($0)" } ?? "null"
    return """
      {
        "architectures": [
          "Qwen2AudioForConditionalGeneration"
        ],
        "audio_config": {
          "activation_function": "gelu",
          "d_model": \(encoder.width),
          "encoder_attention_heads": \(encoder.heads),
          "encoder_ffn_dim": \(encoder.feedForwardWidth),
          "encoder_layers": \(encoder.layers),
          "max_source_positions": \(encoder.maximumPositions),
          "model_type": "qwen2_audio_encoder",
          "num_mel_bins": \(encoder.melBands)
        },
        "audio_token_index": \(configuration.audioToken ?? 0),
        "eos_token_id": \(tokens),
        "model_type": "qwen2_audio",
        "pad_token_id": \(pad),
        "text_config": {
          "eos_token_id": \(tokens),
          "hidden_act": "silu",
          "hidden_size": \(decoder.hiddenSize),
          "intermediate_size": \(decoder.intermediateSize),
          "max_position_embeddings": \(decoder.maximumPositions),
          "model_type": "qwen2",
          "num_attention_heads": \(decoder.heads),
          "num_hidden_layers": \(decoder.layers),
          "num_key_value_heads": \(decoder.keyValueHeads),
          "pad_token_id": \(pad),
          "rms_norm_eps": \(decoder.normEpsilon),
          "rope_theta": \(decoder.ropeTheta),
          "tie_word_embeddings": \(decoder.tiedEmbeddings),
          "vocab_size": \(decoder.vocabularySize)
        },
        "tie_word_embeddings": \(decoder.tiedEmbeddings),
        "torch_dtype": "float32"
      }

      """
  }

  /// generation_config.json: the end of a turn and the end of the text stop.
  var generationText: String {
    let pad = configuration.padToken.map { [$0] } ?? []
    let ends = (pad + configuration.endTokens).map { "\($0)" }.joined(separator: ", ")
    return """
      {
        "do_sample": false,
        "eos_token_id": [\(ends)],
        "pad_token_id": \(pad.first.map { "\($0)" } ?? "null")
      }

      """
  }

  /// preprocessor_config.json of a Whisper front end, as Qwen2-Audio's.
  static func preprocessor(_ configuration: ModelConfiguration) -> String {
    let positions = configuration.encoder?.maximumPositions ?? 1_500
    return """
      {
        "chunk_length": \(positions / 50),
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": \(configuration.encoder?.melBands ?? 128),
        "hop_length": 160,
        "n_fft": 400,
        "n_samples": \(positions * 320),
        "nb_max_frames": \(positions * 2),
        "padding_side": "right",
        "padding_value": 0.0,
        "processor_class": "Qwen2AudioProcessor",
        "return_attention_mask": true,
        "sampling_rate": 16000
      }

      """
  }
}

extension SplitMix64 {
  /// Two numbers of the standard normal distribution (Box and Muller, 1958).
  mutating func normals() -> (Double, Double) {
    // Never of 0, which has no logarithm.
    let radius = (-2 * log(1 - uniform(0...1))).squareRoot()
    let angle = uniform(0...2 * .pi)
    return (radius * cos(angle), radius * sin(angle))
  }
}
