extension ModelConfiguration {
  /// The shape of every tensor of the model, by its name here; the matrix of the logits too unless it is tied.
  package var expectedTensors: [String: [Int]] {
    var shapes = decoder.expectedTensors
    if let encoder { shapes.merge(encoder.expectedTensors(architecture: architecture)) { shape, _ in shape } }
    return shapes
  }
}

extension DecoderConfiguration {
  fileprivate var expectedTensors: [String: [Int]] {
    let queries = heads * headDimension
    let keys = keyValueHeads * headDimension
    var shapes = [
      "decoder.embed_tokens.weight": [vocabularySize, hiddenSize],
      "decoder.norm.weight": [hiddenSize],
    ]
    if !tiedEmbeddings { shapes["decoder.lm_head.weight"] = [vocabularySize, hiddenSize] }
    for layer in 0..<layers {
      let prefix = "decoder.layers.\(layer)"
      shapes["\(prefix).input_layernorm.weight"] = [hiddenSize]
      shapes["\(prefix).post_attention_layernorm.weight"] = [hiddenSize]
      for (name, width) in [("q_proj", queries), ("k_proj", keys), ("v_proj", keys)] {
        shapes["\(prefix).self_attn.\(name).weight"] = [width, hiddenSize]
        shapes["\(prefix).self_attn.\(name).bias"] = [width]
      }
      shapes["\(prefix).self_attn.o_proj.weight"] = [hiddenSize, queries]
      shapes["\(prefix).mlp.gate_proj.weight"] = [intermediateSize, hiddenSize]
      shapes["\(prefix).mlp.up_proj.weight"] = [intermediateSize, hiddenSize]
      shapes["\(prefix).mlp.down_proj.weight"] = [hiddenSize, intermediateSize]
    }
    return shapes
  }
}

extension EncoderConfiguration {
  fileprivate func expectedTensors(architecture: ModelArchitecture) -> [String: [Int]] {
    let tower = "audio_tower"
    var shapes = [
      "\(tower).conv1.weight": [width, melBands, 3], "\(tower).conv1.bias": [width],
      "\(tower).conv2.weight": [width, width, 3], "\(tower).conv2.bias": [width],
    ]
    let isOmni = architecture == .qwen25Omni
    if !isOmni { shapes["\(tower).embed_positions.weight"] = [maximumPositions, width] }
    let norm = isOmni ? "\(tower).ln_post" : "\(tower).layer_norm"
    let projection = isOmni ? "\(tower).proj" : "multi_modal_projector.linear"
    shapes["\(norm).weight"] = [width]
    shapes["\(norm).bias"] = [width]
    shapes["\(projection).weight"] = [outputWidth, width]
    shapes["\(projection).bias"] = [outputWidth]
    for layer in 0..<layers { addLayer("\(tower).layers.\(layer)", to: &shapes) }
    return shapes
  }

  private func addLayer(_ prefix: String, to shapes: inout [String: [Int]]) {
    for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
      shapes["\(prefix).self_attn.\(name).weight"] = [width, width]
      // Whisper's keys have no bias.
      if name != "k_proj" { shapes["\(prefix).self_attn.\(name).bias"] = [width] }
    }
    for name in ["self_attn_layer_norm", "final_layer_norm"] {
      shapes["\(prefix).\(name).weight"] = [width]
      shapes["\(prefix).\(name).bias"] = [width]
    }
    shapes["\(prefix).fc1.weight"] = [feedForwardWidth, width]
    shapes["\(prefix).fc1.bias"] = [feedForwardWidth]
    shapes["\(prefix).fc2.weight"] = [width, feedForwardWidth]
    shapes["\(prefix).fc2.bias"] = [width]
  }
}
