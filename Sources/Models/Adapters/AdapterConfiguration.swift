/// An adapter_config.json of PEFT, as far as it says what an adapter computes.
struct AdapterConfiguration {
  let settings: ModelAdapter.Settings
  let baseName: String?
  /// nil where modules are chosen in a way that is not followed here.
  let targets: AdapterTargets?
  let savedModules: [String]
  /// Whether layers may have other ranks than that of the settings.
  let hasRanks: Bool
  private let alphas: [(module: String, alpha: Double)]
  private let file: String

  /// What changes an adapter's meaning, and is refused unless it is off.
  private static let refused = ["use_dora", "fan_in_fan_out", "lora_bias", "use_qalora"]
  private static let refusedLists = [
    "layer_replication", "trainable_token_indices", "target_parameters", "alora_invocation_tokens", "use_bdlora",
    "arrow_config", "kasa_config", "monteclora_config",
  ]
  /// Starts that leave the base model as it is; others change it.
  private static let harmlessStarts = ["gaussian", "eva", "orthogonal"]
  private static let mostRank = 1 << 16

  init(file: String) throws(CheckpointError) {
    let section = try ConfigurationSection(file: file)
    self.file = file
    try Self.refuse(section)
    guard let rank = try section.integer("r", in: 1...Self.mostRank) else { throw section.error("r", .missing) }
    guard let alpha = try section.number("lora_alpha", in: -1e9...1e9) else {
      throw section.error("lora_alpha", .missing)
    }
    settings = ModelAdapter.Settings(
      rank: rank, alpha: alpha, dropout: try section.number("lora_dropout", in: 0...1) ?? 0,
      isRankStabilized: try section.bool("use_rslora") ?? false)
    baseName = try section.string("base_model_name_or_path")
    savedModules = try section.strings("modules_to_save") ?? []
    targets = try Self.targets(section)
    hasRanks = try section.section("rank_pattern").map { $0.value != .object([]) } ?? false
    alphas = try Self.alphas(section)
  }

  private static func refuse(_ section: ConfigurationSection) throws(CheckpointError) {
    guard let type = try section.string("peft_type") else { throw section.error("peft_type", .missing) }
    guard type == "LORA" else { throw section.unsupported("peft_type", type) }
    for name in refused where try section.bool(name) == true { throw section.unsupported(name, "true") }
    for name in refusedLists {
      guard let value = section[name], ![.array([]), .object([]), .bool(false)].contains(value) else { continue }
      throw section.unsupported(name, "set")
    }
    if case .string(let start)? = section["init_lora_weights"], !harmlessStarts.contains(start) {
      throw section.unsupported("init_lora_weights", start)
    }
  }

  private static func targets(_ section: ConfigurationSection) throws(CheckpointError) -> AdapterTargets? {
    // Further conditions on the modules.
    for name in ["layers_to_transform", "layers_pattern", "exclude_modules"] where section[name] != nil { return nil }
    if case .string(let pattern)? = section["target_modules"] { return .pattern(pattern) }
    return try section.strings("target_modules").map { .paths($0) }
  }

  private static func alphas(
    _ section: ConfigurationSection
  ) throws(CheckpointError) -> [(module: String, alpha: Double)] {
    guard let pattern = try section.section("alpha_pattern"), case .object(let members) = pattern.value else {
      return []
    }
    var alphas: [(module: String, alpha: Double)] = []
    for member in members {
      // PEFT takes the name for a regular expression.
      guard !member.name.contains(where: { "*+?^$|()[]{}\\".contains($0) }) else {
        throw pattern.unsupported(member.name, "a regular expression")
      }
      guard let alpha = try pattern.number(member.name, in: -1e9...1e9) else { continue }
      alphas.append((member.name, alpha))
    }
    return alphas
  }

  /// The alpha of the module at `path`; nil where it is that of the settings.
  func alpha(of path: String) -> Double? {
    alphas.first { path == $0.module || path.hasSuffix(".\($0.module)") }?.alpha
  }
}

extension ConfigurationSection {
  /// A list of texts; nil where it is absent.
  fileprivate func strings(_ name: String) throws(CheckpointError) -> [String]? {
    guard let member = self[name] else { return nil }
    guard case .array(let elements) = member else { throw error(name, .wrongKind(needed: "a list of texts")) }
    var strings: [String] = []
    for element in elements {
      guard case .string(let text) = element else { throw error(name, .wrongKind(needed: "a list of texts")) }
      strings.append(text)
    }
    return strings
  }

  fileprivate func unsupported(_ name: String, _ value: String) -> CheckpointError {
    .adapter(file: file, .unsupported(setting: (path + [name]).joined(separator: "."), value: value))
  }
}
