/// What the name of a tensor in an adapter's file means.
enum AdapterName: Equatable {
  /// A of the layer, by its name here; `path` is the module's in the file.
  case a(layer: String, path: String)
  case b(layer: String, path: String)
  /// A tensor that was trained itself, by its name here.
  case trained(String, path: String)
  case unknown

  private static let wrapper = "base_model.model."

  /// Reads the names that PEFT and Earshot write, on transformers 4 and 5, for a thinker with and without its prefix.
  init(stored: String, architecture: ModelArchitecture) {
    var path = stored[...]
    if path.hasPrefix(Self.wrapper) { path.removeFirst(Self.wrapper.count) }
    for (letter, isA) in [(".lora_A", true), (".lora_B", false)] {
      // Some versions leave the adapter's name, "default", in.
      for ending in [".weight", ".default.weight"] where path.hasSuffix(letter + ending) {
        let module = String(path.dropLast((letter + ending).count))
        guard let layer = Self.engineName(module + ".weight", architecture)?.dropLast(".weight".count) else { break }
        self = isA ? .a(layer: String(layer), path: module) : .b(layer: String(layer), path: module)
        return
      }
    }
    guard !path.contains("lora_") else {
      self = .unknown
      return
    }
    var parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let place = parts.firstIndex(of: "modules_to_save") {
      parts.removeSubrange(place..<min(place + 2, parts.count - 1))
    }
    parts.removeAll { $0 == "base_layer" }
    guard let name = Self.engineName(parts.joined(separator: "."), architecture) else {
      self = .unknown
      return
    }
    self = .trained(name, path: parts.dropLast().joined(separator: "."))
  }

  private static func engineName(_ stored: String, _ architecture: ModelArchitecture) -> String? {
    guard case .weight(let name) = TensorName(stored: stored, architecture: architecture) else { return nil }
    return name
  }

  /// The name in an adapter's file of `suffix` ("lora_A.weight", "bias") of the module at `path`.
  static func stored(_ path: String, _ suffix: String) -> String { "\(wrapper)\(path).\(suffix)" }
}

extension AdapterLayout {
  /// The path that transformers has for the module `name`; `prefix` is "thinker." for a whole Qwen2.5-Omni.
  ///
  /// Version 4 has the modules where the hub's files have them; version 5 moved them into `model`.
  func path(_ name: String, architecture: ModelArchitecture, prefix: String) -> String {
    guard self == .version5, architecture != .qwen2 else {
      return TensorName.hubName(name, architecture: architecture, prefix: prefix)
    }
    guard name.hasPrefix("decoder.") else { return "model.\(name)" }
    let rest = name.dropFirst("decoder.".count)
    return rest == "lm_head" ? "lm_head" : "model.language_model.\(rest)"
  }
}
