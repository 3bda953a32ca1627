public import Tensors

/// A copy of a model's folder in which some tensors have other values.
///
/// Tensors have the names of the hub's files, which transformers reads; what is not replaced is copied as it is,
/// pictures and speech output included, and so are tokenizer and settings. One tensor is in memory at a time.
public struct ModelCopy: Sendable {
  private let base: Checkpoint
  private let replaced: Set<String>
  private let type: StoredType?
  /// What the new file holds, in the order of the names.
  private let contents: [(plan: SafetensorsWriter.Plan, source: Source)]

  private enum Source {
    /// The value of the tensor of this name, given by the caller.
    case value(String)
    /// As it is, refused when it is not finite.
    case weight(StoredPart)
    /// As it is: of a part of the model that is not computed here.
    case idle(StoredPart)
  }

  /// `names` are those of ``ModelConfiguration/expectedTensors``, all of them tensors of `base`. Their values are stored
  /// as `type`: float32, bfloat16 or float16; `nil` is the type that each has in `base`.
  public init(of base: Checkpoint, replacing names: some Sequence<String>, as type: StoredType?) {
    self.base = base
    self.type = type
    replaced = Set(names)
    for name in replaced { precondition(base.contains(name), "the model has no tensor \(name)") }
    contents = Self.contents(of: base, replaced: replaced, type: type)
  }

  /// Writes the model into the new or empty folder `folder`. `value` gives each tensor to replace, in the shape it has
  /// in `base`, once; `progress` hears of the bytes written and to write.
  ///
  /// config.json comes last: a folder without it is one whose writing was cut short.
  public func write(
    to folder: String, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in },
    value: (_ name: String) throws(CheckpointError) -> Tensor
  ) throws(CheckpointError) {
    try CheckpointOutput.makeFolder(folder)
    let path = "\(folder)/\(ModelFolder.singleFile)"
    let total = contents.reduce(0) { $0 + ($1.plan.type.byteCount(of: $1.plan.shape) ?? 0) }
    var writer = try SafetensorsWriter(path: path, tensors: contents.map(\.plan), metadata: metadata)
    var written = 0
    for (plan, source) in contents {
      written += try write(plan, from: source, path: path, to: &writer, value: value)
      progress(written, total)
    }
    try writer.finish()
    try ModelFiles.copy(from: base.folder, to: folder)
    try ModelFiles.write(configuration: try configuration(), to: folder)
  }

  private func write(
    _ plan: SafetensorsWriter.Plan, from source: Source, path: String, to writer: inout SafetensorsWriter,
    value: (String) throws(CheckpointError) -> Tensor
  ) throws(CheckpointError) -> Int {
    let bytes: StoredBytes
    switch source {
    case .idle(let part): bytes = part.bytes
    case .weight(let part):
      // Packed numbers are all finite but for their scales.
      if part.stored.type != .uint8 { try part.checkFinite() }
      bytes = part.bytes
    case .value(let name):
      let tensor = try value(name)
      precondition(tensor.shape == plan.shape, "\(name) has the shape \(plan.shape), not \(tensor.shape)")
      bytes = tensor.bytes(as: plan.type)
      if let index = bytes.firstNonfinite(type: plan.type) {
        throw .tensor(name: plan.name, file: path, .wouldNotBeFinite(index: index))
      }
    }
    defer { withExtendedLifetime(bytes) {} }
    try writer.write(plan.name, bytes.bytes)
    return bytes.bytes.count
  }

  // MARK: The plan

  private static func contents(
    of base: Checkpoint, replaced: Set<String>, type: StoredType?
  ) -> [(plan: SafetensorsWriter.Plan, source: Source)] {
    let prefix = base.hubPrefix
    var contents: [(plan: SafetensorsWriter.Plan, source: Source)] = []
    for (name, entry) in base.entries {
      let hubName = TensorName.hubName(name, architecture: base.configuration.architecture, prefix: prefix)
      let stored = entry.values.stored
      if replaced.contains(name) {
        // A packed matrix has no type of its own.
        let type = type ?? (entry.scales == nil ? stored.type : .float32)
        contents.append((.init(name: hubName, type: type, shape: entry.shape), .value(name)))
        continue
      }
      contents.append((.init(name: hubName, type: stored.type, shape: stored.shape), .weight(entry.values)))
      guard let scales = entry.scales?.part else { continue }
      let scaleName = hubName + TensorName.scalesSuffix
      contents.append((.init(name: scaleName, type: .float16, shape: scales.stored.shape), .weight(scales)))
    }
    for part in base.idleParts {
      let stored = part.stored
      contents.append((.init(name: stored.name, type: stored.type, shape: stored.shape), .idle(part)))
    }
    return contents.sorted { $0.plan.name < $1.plan.name }
  }

  /// Whether matrices that Earshot packed are among the copied ones.
  private var hasPackedMatrices: Bool {
    base.entries.contains { $0.value.scales != nil && !replaced.contains($0.key) }
  }

  private var metadata: [String: String] {
    hasPackedMatrices ? [CheckpointQuantization.layoutKey: "\(CheckpointQuantization.layout)"] : [:]
  }

  private func configuration() throws(CheckpointError) -> [CheckpointJSON.Member] {
    var members = try ModelFiles.configuration(in: base.folder)
    if !hasPackedMatrices { members.removeAll { $0.name == "quantization_config" } }
    members.setWeightType(weightType)
    let isUntied = base.contains("decoder.lm_head.weight")
    // A file with both matrices that is marked as one with a single one: once they differ, the mark would lose one.
    if isUntied, base.configuration.architecture != .qwen25Omni {
      members.replaceSettings(["tie_word_embeddings"], with: .bool(false))
    }
    return members
  }

  /// The smallest type that holds all weights as they are, as transformers calls it.
  private var weightType: String {
    var types: Set<String> = []
    for (plan, source) in contents {
      if case .idle = source { continue }
      if !plan.name.hasSuffix(TensorName.scalesSuffix), plan.type != .uint8 { types.insert(plan.type.name) }
    }
    guard types.count == 1 else { return "float32" }
    return types.contains(StoredType.bfloat16.name)
      ? "bfloat16" : types.contains(StoredType.float16.name) ? "float16" : "float32"
  }
}

extension Checkpoint {
  /// Writes a copy of the model into the new or empty folder `folder`, with `tensors` in place of those of their names.
  public func writeCopy(
    to folder: String, replacing tensors: [String: Tensor], as type: StoredType? = .float32,
    progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    let copy = ModelCopy(of: self, replacing: tensors.keys, as: type)
    try copy.write(to: folder, progress: progress) { name throws(CheckpointError) in
      if let tensor = tensors[name] { tensor } else { try tensor(name) }
    }
  }

  /// What stands before the names of the model's tensors: "thinker." in a whole Qwen2.5-Omni.
  var hubPrefix: String {
    let isPart = entries.values.contains { $0.values.stored.name.hasPrefix(TensorName.thinkerPrefix) }
    return isPart ? TensorName.thinkerPrefix : ""
  }

  /// The tensors of the files that are not computed here.
  fileprivate var idleParts: [StoredPart] {
    files.flatMap { file in
      file.header.tensors.filter {
        TensorName(stored: $0.name, architecture: configuration.architecture) == .ignored
      }.map { StoredPart(file: file, stored: $0) }
    }
  }
}
