import Tensors

extension ModelAdapter {
  /// Reads an adapter that Earshot or PEFT wrote, for a model with the layout `base`.
  ///
  /// Refused where a tensor is missing, or belongs to no layer of that model, or has another shape than it asks for.
  public init(folder: String, base: ModelConfiguration) throws(CheckpointError) {
    try Self.check(folder)
    let configuration = try AdapterConfiguration(file: "\(folder)/\(AdapterFile.settings)")
    let file = try TensorFile(path: "\(folder)/\(AdapterFile.weights)")
    let names = try AdapterTensors(file, configuration: configuration, base: base)
    var layers: [Layer] = []
    for (layer, pair) in names.factors.sorted(by: { $0.key < $1.key }) {
      layers.append(
        Layer(
          name: layer, a: try file.tensor(pair.a), b: try file.tensor(pair.b),
          alpha: configuration.alpha(of: pair.path)))
    }
    var trained: [String: Tensor] = [:]
    for (name, stored) in names.trained.sorted(by: { $0.key < $1.key }) { trained[name] = try file.tensor(stored) }
    self.init(settings: configuration.settings, layers: layers, trained: trained, baseName: configuration.baseName)
  }

  /// Whether `folder` holds an adapter rather than a model.
  public static func isAdapter(_ folder: String) -> Bool { fileExists("\(folder)/\(AdapterFile.settings)") }

  private static func check(_ folder: String) throws(CheckpointError) {
    guard fileExists(folder) else { throw .folder(folder, .missing) }
    guard isAdapter(folder) else { throw .adapter(file: folder, .noAdapter) }
    let pickled = "adapter_model.bin"
    if !fileExists("\(folder)/\(AdapterFile.weights)"), fileExists("\(folder)/\(pickled)") {
      throw .folder(folder, .otherWeights(pickled))
    }
  }
}

/// The names of an adapter's tensors, sorted out by what they mean and checked against the base model.
private struct AdapterTensors {
  struct Factors {
    var a: String
    var b: String
    /// The module's in the file.
    var path: String
  }

  private(set) var factors: [String: Factors] = [:]
  /// What the file calls the tensors that were trained themselves, by their names here.
  private(set) var trained: [String: String] = [:]
  private let file: TensorFile
  private let shapes: [String: [Int]]

  init(_ file: TensorFile, configuration: AdapterConfiguration, base: ModelConfiguration) throws(CheckpointError) {
    self.file = file
    shapes = base.expectedTensors
    try sort(architecture: base.architecture)
    guard !factors.isEmpty else { throw .adapter(file: file.path, .noLayers) }
    for (layer, factors) in factors.sorted(by: { $0.key < $1.key }) {
      try check(factors, of: layer, rank: configuration.hasRanks ? nil : configuration.settings.rank)
    }
    try checkTrained(configuration.savedModules)
    let present = Set(factors.keys)
    let expected = configuration.targets?.expectedLayers(having: present, configuration: base) ?? present
    let missing = expected.subtracting(present).sorted()
    if let first = missing.first {
      throw .adapter(file: file.path, .missing(tensor: "\(first).lora_A.weight", others: missing.count - 1))
    }
  }

  private mutating func sort(architecture: ModelArchitecture) throws(CheckpointError) {
    var a: [String: (stored: String, path: String)] = [:]
    var b: [String: (stored: String, path: String)] = [:]
    var strangers: [String] = []
    for stored in file.names {
      let other: String?
      switch AdapterName(stored: stored, architecture: architecture) {
      case .a(let layer, let path) where shapes["\(layer).weight"] != nil:
        other = a.updateValue((stored, path), forKey: layer)?.stored
      case .b(let layer, let path) where shapes["\(layer).weight"] != nil:
        other = b.updateValue((stored, path), forKey: layer)?.stored
      case .trained(let name, _) where shapes[name] != nil: other = trained.updateValue(stored, forKey: name)
      default:
        strangers.append(stored)
        other = nil
      }
      if let other { throw .adapter(file: file.path, .twice(tensor: stored, other: other)) }
    }
    if let first = strangers.first {
      throw .adapter(file: file.path, .unmatched(tensor: first, others: strangers.count - 1))
    }
    for (layer, part) in a.sorted(by: { $0.key < $1.key }) {
      guard let other = b.removeValue(forKey: layer) else { throw missingPartner(of: part.stored, "lora_A", "lora_B") }
      factors[layer] = Factors(a: part.stored, b: other.stored, path: part.path)
    }
    if let alone = b.values.map(\.stored).min() { throw missingPartner(of: alone, "lora_B", "lora_A") }
  }

  private func missingPartner(of stored: String, _ own: String, _ other: String) -> CheckpointError {
    let partner = stored.split(separator: ".", omittingEmptySubsequences: false).map { $0 == own ? other : String($0) }
    return .adapter(file: file.path, .missing(tensor: partner.joined(separator: "."), others: 0))
  }

  private func check(_ factors: Factors, of layer: String, rank: Int?) throws(CheckpointError) {
    guard let shape = shapes["\(layer).weight"], let a = file.shape(of: factors.a), let b = file.shape(of: factors.b)
    else { return }
    guard shape.count == 2, !layer.hasSuffix("embed_tokens"), !layer.hasSuffix("embed_positions") else {
      throw .adapter(file: file.path, .unmatched(tensor: factors.a, others: 0))
    }
    let rank = rank ?? max(1, a.first ?? 1)
    guard a == [rank, shape[1]] else {
      throw .adapter(file: file.path, .wrongShape(tensor: factors.a, shape: a, needed: [rank, shape[1]]))
    }
    guard b == [shape[0], rank] else {
      throw .adapter(file: file.path, .wrongShape(tensor: factors.b, shape: b, needed: [shape[0], rank]))
    }
  }

  /// Every module of `saved` has to have a tensor, every tensor the shape of the model's.
  private func checkTrained(_ saved: [String]) throws(CheckpointError) {
    for (name, stored) in trained.sorted(by: { $0.key < $1.key }) {
      guard let shape = file.shape(of: stored), let needed = shapes[name], shape != needed else { continue }
      throw .adapter(file: file.path, .wrongShape(tensor: stored, shape: shape, needed: needed))
    }
    for module in saved {
      // PEFT (0.21) takes the end of a module's path.
      let isThere = trained.values.contains { $0.dropLastPart.hasSuffix(module) }
      guard isThere else { throw .adapter(file: file.path, .missing(tensor: "\(module).weight", others: 0)) }
    }
  }
}

extension String {
  /// What stands before the last dot, without what PEFT's wrapper puts there.
  fileprivate var dropLastPart: String {
    var parts = split(separator: ".", omittingEmptySubsequences: false).dropLast()
    if let place = parts.firstIndex(of: "modules_to_save") { parts = parts[..<place] }
    return parts.joined(separator: ".")
  }
}
