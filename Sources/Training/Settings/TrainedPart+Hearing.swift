extension TrainedPart {
  /// Whether some weight of the audio tower learns, so that sounds are encoded anew in each step. Told by the names of
  /// Whisper's layers, of which no model here has more than these.
  public var hearsAnew: Bool {
    let blocks = (0..<32).flatMap { block in
      [
        "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "fc1", "fc2",
        "self_attn_layer_norm", "final_layer_norm",
      ].map { "audio_tower.layers.\(block).\($0)" }
    }
    let ends = [
      "audio_tower.conv1", "audio_tower.conv2", "audio_tower.layer_norm", "audio_tower.ln_post",
    ]
    return (blocks + ends).contains { layer in
      trains("\(layer).weight") || trains("\(layer).bias") || adapts(layer)
    }
  }
}
