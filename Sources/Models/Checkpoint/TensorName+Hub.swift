extension TensorName {
  /// What stands before every name in the files of a whole Qwen2.5-Omni, of which the thinker is a part.
  static let thinkerPrefix = "thinker."

  /// The name that the hub's files have for the tensor or module `name`; transformers 4 and 5 read and write it alike.
  static func hubName(_ name: String, architecture: ModelArchitecture, prefix: String = "") -> String {
    guard name.hasPrefix("decoder.") else { return prefix + name }
    let rest = name.dropFirst("decoder.".count)
    let outer = architecture == .qwen2Audio ? "language_model." : ""
    return prefix + outer + (rest.hasPrefix("lm_head") ? "" : "model.") + rest
  }
}
