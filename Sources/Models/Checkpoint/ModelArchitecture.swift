/// The families of models that the engine runs; the raw value is `model_type` in a hub folder's config.json.
public enum ModelArchitecture: String, Sendable, CaseIterable {
  case qwen2
  case qwen2Audio = "qwen2_audio"
  case qwen25Omni = "qwen2_5_omni"
}
