import Foundation

/// What PEFT is to find an adapter's layers by, `target_modules`: a regular expression that the whole of a module's path
/// has to fit, or a list of paths.
enum AdapterTargets: Equatable {
  case pattern(String)
  case paths([String])

  /// Exactly `layers`, of a model with the layout `configuration`.
  ///
  /// A pattern where every layer of the decoder, or of the audio tower, has the same parts adapted; it fits the paths
  /// of transformers 4 and 5. Else the list, with the paths of `layout`.
  init(_ layers: [String], configuration: ModelConfiguration, layout: AdapterLayout, prefix: String) {
    let architecture = configuration.architecture
    if let pattern = Self.pattern(layers, configuration: configuration) {
      self = .pattern(pattern)
    } else {
      self = .paths(layers.sorted().map { layout.path($0, architecture: architecture, prefix: prefix) })
    }
  }

  /// The stacks of equal layers: what their names begin with, and their count.
  static func stacks(_ configuration: ModelConfiguration) -> [(prefix: String, count: Int)] {
    let encoder = configuration.encoder.map { [("audio_tower.layers.", $0.layers)] } ?? []
    return encoder + [("decoder.layers.", configuration.decoder.layers)]
  }

  /// nil where the layers of a stack differ.
  static func pattern(_ layers: [String], configuration: ModelConfiguration) -> String? {
    var rest = Set(layers)
    var alternatives: [String] = []
    for (prefix, count) in stacks(configuration) {
      let members = rest.filter { $0.hasPrefix(prefix) }
      guard !members.isEmpty else { continue }
      let parts = Set(members.compactMap { $0.dropFirst(prefix.count).split(separator: ".", maxSplits: 1).last })
      guard members.count == parts.count * count else { return nil }
      rest.subtract(members)
      let path = expression("\(prefix)", configuration.architecture)
      alternatives.append("\(path)\\d+\\.(\(parts.sorted().map(escaped).joined(separator: "|")))")
    }
    alternatives += rest.sorted().map { expression($0, configuration.architecture) }
    return alternatives.count == 1 ? alternatives[0] : alternatives.map { "(\($0))" }.joined(separator: "|")
  }

  /// An expression for the path of `name` in transformers 4 and 5.
  private static func expression(_ name: String, _ architecture: ModelArchitecture) -> String {
    let thinker = architecture == .qwen25Omni ? "(thinker\\.)?" : ""
    guard name.hasPrefix("decoder.") else { return "\(thinker)(model\\.)?\(escaped(name))" }
    let rest = escaped(name.dropFirst("decoder.".count))
    let isHead = rest.hasPrefix("lm_head")
    switch architecture {
    case .qwen2: return isHead ? rest : "model\\.\(rest)"
    case .qwen2Audio:
      return isHead ? "(language_model\\.)?\(rest)" : "(model\\.)?language_model\\.(model\\.)?\(rest)"
    case .qwen25Omni: return thinker + (isHead ? rest : "model\\.(language_model\\.)?\(rest)")
    }
  }

  private static func escaped(_ text: some StringProtocol) -> String {
    text.replacingOccurrences(of: ".", with: "\\.")
  }
}
