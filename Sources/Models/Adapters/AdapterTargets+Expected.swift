extension AdapterTargets {
  /// The layers that an adapter with these targets has factors for, given those that it has, in a model with the layout
  /// `configuration`.
  ///
  /// More than it has where some are missing. What cannot be told is not missing: expressions of others are not run, as
  /// running those of strangers can take for ever.
  func expectedLayers(having present: Set<String>, configuration: ModelConfiguration) -> Set<String> {
    switch self {
    case .pattern(let pattern):
      let regular = Self.completed(present, configuration: configuration)
      let isOurs = Self.pattern(Array(regular), configuration: configuration) == pattern
      return isOurs ? regular : present
    case .paths(let targets):
      let named = Self.linearLayers(configuration).filter { layer in
        // An adapter that was made on the decoder alone has the short names of both.
        present.contains { Self.part(of: $0) == Self.part(of: layer) }
          && Self.isNamed(layer, by: targets, architecture: configuration.architecture)
      }
      return present.union(named)
    }
  }

  /// `layers`, and what is missing for every layer of a stack to have the same parts.
  private static func completed(_ layers: Set<String>, configuration: ModelConfiguration) -> Set<String> {
    var completed = layers
    for (prefix, count) in stacks(configuration) {
      for layer in layers where layer.hasPrefix(prefix) {
        guard let part = layer.dropFirst(prefix.count).split(separator: ".", maxSplits: 1).last else { continue }
        for index in 0..<count { completed.insert("\(prefix)\(index).\(part)") }
      }
    }
    return completed
  }

  /// The layers whose weights multiply activations.
  private static func linearLayers(_ configuration: ModelConfiguration) -> [String] {
    configuration.expectedTensors.compactMap { name, shape in
      guard shape.count == 2, name.hasSuffix(".weight"), !name.contains(".embed_") else { return nil }
      return String(name.dropLast(".weight".count))
    }
  }

  /// "decoder" or "audio_tower", as in the layer's name.
  private static func part(of layer: String) -> Substring { layer.prefix { $0 != "." } }

  /// As PEFT matches (0.21, `check_target_module_exists`): the whole path, or its end behind a dot.
  private static func isNamed(_ layer: String, by targets: [String], architecture: ModelArchitecture) -> Bool {
    AdapterLayout.allCases.contains { layout in
      let path = layout.path(layer, architecture: architecture, prefix: "")
      return targets.contains { path == $0 || path.hasSuffix(".\($0)") }
    }
  }
}
