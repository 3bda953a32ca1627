import Tensors

extension ModelAdapter {
  /// Writes the adapter into the new or empty folder `folder`, as PEFT reads it for the model of `base`.
  ///
  /// A module of which one tensor was trained is written whole, the others as `base` has them. `name` is what the file
  /// calls the base model: its name on the hub, or a path.
  public func write(
    to folder: String, base: Checkpoint, name: String, layout: AdapterLayout = .version5
  ) throws(CheckpointError) {
    let modules = Set(trained.keys.map(\.splitAtLastDot.module))
    if let layer = layers.first(where: { modules.contains($0.name) }) {
      throw .adapter(file: folder, .trainedTwice(layer: layer.name))
    }
    try CheckpointOutput.makeFolder(folder)
    let architecture = base.configuration.architecture
    let tensors = try wholeModules(of: base)
    func path(_ module: String) -> String {
      layout.path(module, architecture: architecture, prefix: layout == .version4 ? base.hubPrefix : "")
    }
    var contents: [(name: String, tensor: Tensor)] = []
    for layer in layers {
      contents.append((AdapterName.stored(path(layer.name), "lora_A.weight"), layer.a))
      contents.append((AdapterName.stored(path(layer.name), "lora_B.weight"), layer.b))
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let (module, leaf) = name.splitAtLastDot
      contents.append((AdapterName.stored(path(module), leaf), tensor))
    }
    try write(contents, to: "\(folder)/\(AdapterFile.weights)")
    let targets = AdapterTargets(
      layers.map(\.name), configuration: base.configuration, layout: layout,
      prefix: layout == .version4 ? base.hubPrefix : "")
    let text = settingsText(baseName: name, targets: targets, modules: modules.map(path), path: path)
    try CheckpointOutput.write(Array((text + "\n").utf8), to: "\(folder)/\(AdapterFile.settings)")
  }

  private func write(_ contents: [(name: String, tensor: Tensor)], to path: String) throws(CheckpointError) {
    let plans = contents.map { SafetensorsWriter.Plan(name: $0.name, type: .float32, shape: $0.tensor.shape) }
    var writer = try SafetensorsWriter(path: path, tensors: plans)
    for (name, tensor) in contents {
      if let index = tensor.bytes(as: .float32).firstNonfinite(type: .float32) {
        throw .tensor(name: name, file: path, .wouldNotBeFinite(index: index))
      }
      try writer.write(name, tensor)
    }
    try writer.finish()
  }

  /// The tensors that were trained themselves, with the others of their modules.
  private func wholeModules(of base: Checkpoint) throws(CheckpointError) -> [String: Tensor] {
    var whole = trained
    let modules = Set(trained.keys.map { $0.splitAtLastDot.module })
    for name in base.names where whole[name] == nil && modules.contains(name.splitAtLastDot.module) {
      whole[name] = try base.tensor(name)
    }
    return whole
  }

  private func settingsText(
    baseName: String, targets: AdapterTargets, modules: [String], path: (String) -> String
  ) -> String {
    let others = layers.filter { $0.rank != settings.rank }
    let alphas = layers.filter { $0.alpha != nil && $0.alpha != settings.alpha }
    let members: [(String, CheckpointJSON)] = [
      ("alpha_pattern", .object(alphas.map { .init(name: path($0.name), value: .number($0.alpha ?? 0)) })),
      ("base_model_name_or_path", .string(baseName)),
      ("bias", .string("none")),
      ("fan_in_fan_out", .bool(false)),
      ("inference_mode", .bool(true)),
      ("lora_alpha", .number(settings.alpha)),
      ("lora_dropout", .number(settings.dropout)),
      ("modules_to_save", modules.isEmpty ? .null : .array(modules.map(Self.distinctEnd).sorted().map { .string($0) })),
      ("peft_type", .string("LORA")),
      ("r", .number("\(settings.rank)")),
      ("rank_pattern", .object(others.map { .init(name: path($0.name), value: .number("\($0.rank)")) })),
      ("target_modules", targets.json),
      ("task_type", .string("CAUSAL_LM")),
      ("use_dora", .bool(false)),
      ("use_rslora", .bool(settings.isRankStabilized)),
    ]
    return CheckpointJSON.object(members.map { .init(name: $0.0, value: $0.1) }).text()
  }

  /// The end of a module's path by which PEFT finds it, and no other: without a "model." in front, which only some
  /// versions have, where the rest tells the module.
  private static func distinctEnd(_ path: String) -> String {
    let rest = path.hasPrefix("model.") ? String(path.dropFirst("model.".count)) : path
    let isDistinct = ["audio_tower.", "multi_modal_projector.", "language_model."].contains { rest.hasPrefix($0) }
    return isDistinct ? rest : path
  }
}

extension AdapterTargets {
  fileprivate var json: CheckpointJSON {
    switch self {
    case .pattern(let pattern): .string(pattern)
    case .paths(let paths): .array(paths.map { .string($0) })
    }
  }
}

extension CheckpointJSON {
  /// A number in the shortest spelling that reads back as the same; whole ones without a point.
  fileprivate static func number(_ value: Double) -> CheckpointJSON {
    precondition(value.isFinite, "a setting of \(value)")
    return .number(Int(exactly: value).map { "\($0)" } ?? "\(value)")
  }
}

extension String {
  /// The module and the leaf of a tensor's name.
  fileprivate var splitAtLastDot: (module: String, leaf: String) {
    guard let dot = lastIndex(of: ".") else { return ("", self) }
    return (String(self[..<dot]), String(self[index(after: dot)...]))
  }
}
