/// What a tensor's name in a file means.
enum TensorName: Equatable {
  /// A weight, by the name that every version of every family is known by here.
  case weight(String)
  /// Part of what is not computed: pictures, speech output, tables that are made anew.
  case ignored
  case unknown

  /// The suffix of the scales of a quantised matrix, behind the matrix's name.
  static let scalesSuffix = ".scales"

  /// Reads the names of the hub's files, of transformers 5 in memory and of a thinker with and without its prefix.
  init(stored: String, architecture: ModelArchitecture) {
    var name = stored[...]
    if architecture == .qwen25Omni {
      name.dropPrefix("thinker.")
      if name.hasAny(["visual.", "model.visual.", "talker.", "token2wav."]) {
        self = .ignored
        return
      }
    }
    if name.hasSuffix(".inv_freq") {
      self = .ignored
      return
    }
    if architecture != .qwen2 {
      if name.hasAny(["model.audio_tower.", "model.multi_modal_projector."]) { name.dropPrefix("model.") }
      if name.hasAny(["audio_tower.", "multi_modal_projector."]) {
        self = .audio(name, architecture: architecture)
        return
      }
    }
    self = .decoder(name, architecture: architecture)
  }

  private static func audio(_ name: Substring, architecture: ModelArchitecture) -> TensorName {
    // Computed, or loaded by transformers and used nowhere.
    let idle = [
      "audio_tower.audio_bos_eos_token.", "audio_tower.embed_positions.", "audio_tower.positional_embedding.",
    ]
    if architecture == .qwen25Omni, name.hasAny(idle) { return .ignored }
    return .weight(String(name))
  }

  private static func decoder(_ name: Substring, architecture: ModelArchitecture) -> TensorName {
    let heads = ["lm_head.", "language_model.lm_head."]
    let bodies = ["model.language_model.", "language_model.model.", "model."]
    let known = architecture == .qwen2 ? (heads: ["lm_head."], bodies: ["model."]) : (heads: heads, bodies: bodies)
    for head in known.heads where name.hasPrefix(head) {
      return .weight("decoder.lm_head." + name.dropFirst(head.count))
    }
    for body in known.bodies where name.hasPrefix(body) { return .weight("decoder." + name.dropFirst(body.count)) }
    return .unknown
  }
}

extension Substring {
  fileprivate func hasAny(_ prefixes: [String]) -> Bool { prefixes.contains { hasPrefix($0) } }

  fileprivate mutating func dropPrefix(_ prefix: String) {
    if hasPrefix(prefix) { removeFirst(prefix.count) }
  }
}
