import Tensors

/// The tensors of all files of a checkpoint, sorted out by what their names mean.
struct TensorCatalogue {
  private var weights: [String: StoredPart] = [:]
  private var strangers: [StoredPart] = []

  init(_ files: [SafetensorsFile], architecture: ModelArchitecture) throws(CheckpointError) {
    for file in files {
      for stored in file.header.tensors {
        let part = StoredPart(file: file, stored: stored)
        switch TensorName(stored: stored.name, architecture: architecture) {
        case .ignored: continue
        case .unknown: strangers.append(part)
        case .weight(let name):
          if let other = weights.updateValue(part, forKey: name) {
            throw part.error(.twice(other: other.stored.name))
          }
        }
      }
    }
  }

  /// Whether the logits come from the embeddings: there is no matrix of their own, and there need not be.
  func hasTiedEmbeddings(_ configuration: ModelConfiguration) -> Bool {
    // Qwen2.5-Omni's configurations contradict themselves about it.
    let mayBeTied = configuration.decoder.tiedEmbeddings || configuration.architecture == .qwen25Omni
    return mayBeTied && weights["decoder.lm_head.weight"] == nil
  }

  /// The tensors of the configuration, none missing, none left over, all of the right shape.
  func entries(of configuration: ModelConfiguration, folder: String) throws(CheckpointError) -> [String: TensorEntry] {
    let expected = configuration.expectedTensors
    let missing = expected.keys.filter { weights[$0] == nil }.sorted()
    // A file with packed weights of another program lacks some names and has others: those say more.
    var leftOver = strangers
    for (name, part) in weights where expected[name] == nil {
      let matrix = name.hasSuffix(TensorName.scalesSuffix) ? String(name.dropLast(TensorName.scalesSuffix.count)) : ""
      if expected[matrix] == nil { leftOver.append(part) }
    }
    if let first = leftOver.min(by: { $0.stored.name < $1.stored.name }) {
      throw first.error(.unexpected(others: leftOver.count - 1))
    }
    if let first = missing.first {
      throw .tensor(name: spelling(of: first), file: folder, .missing(others: missing.count - 1))
    }
    var entries: [String: TensorEntry] = [:]
    for name in expected.keys.sorted() {
      guard let shape = expected[name], let part = weights[name] else { continue }
      entries[name] = try entry(name, shape: shape, part: part)
    }
    return entries
  }

  /// The name that a tensor which is missing would have in these files, by that of its neighbours.
  private func spelling(of name: String) -> String {
    guard name.hasPrefix("decoder.") else { return prefix(dropping: 0) { !$0.hasPrefix("decoder.") } + name }
    let body = prefix(dropping: "decoder.".count) { $0.hasPrefix("decoder.") && !$0.hasPrefix("decoder.lm_head.") }
    let rest = name.dropFirst("decoder.".count)
    guard rest.hasPrefix("lm_head.") else { return body + rest }
    // A head stands beside "model.", not in it; transformers 5 has it at the top.
    let isNested = body.hasSuffix("model.") && !body.hasSuffix("language_model.")
    return (isNested ? String(body.dropLast("model.".count)) : "") + rest
  }

  /// What the files put before the names of the first weight that `isNeighbour` knows, less `dropping` characters.
  private func prefix(dropping count: Int, of isNeighbour: (String) -> Bool) -> String {
    guard let name = weights.keys.filter(isNeighbour).min(), let stored = weights[name]?.stored.name else { return "" }
    return String(stored.dropLast(name.count - count))
  }

  private func entry(_ name: String, shape: [Int], part: StoredPart) throws(CheckpointError) -> TensorEntry {
    let scales = weights[name + TensorName.scalesSuffix]
    switch part.stored.type {
    case .float32, .bfloat16, .float16:
      if let scales { throw scales.error(.needlessScales) }
      guard part.stored.shape == shape else { throw part.error(.wrongShape(part.stored.shape, needed: shape)) }
      return TensorEntry(shape: shape, values: part, scales: nil)
    case .uint8 where shape.count == 2:
      guard let scales else { throw part.error(.withoutScales) }
      return try packedEntry(shape: shape, values: part, scales: scales)
    case let other: throw part.error(.unsupportedType(other.name))
    }
  }

  /// A matrix that Earshot packed: the format is the one whose shapes these are.
  private func packedEntry(
    shape: [Int], values: StoredPart, scales: StoredPart
  ) throws(CheckpointError) -> TensorEntry {
    let layout = values.file.header.metadata[CheckpointQuantization.layoutKey] ?? ""
    guard layout == "\(CheckpointQuantization.layout)" else { throw values.error(.unknownLayout(layout)) }
    guard scales.stored.type == .float16 else { throw scales.error(.unsupportedType(scales.stored.type.name)) }
    for format in [WeightFormat.int8, .int4] {
      let packed = WeightMatrix.packedShape(format: format, outputs: shape[0], inputs: shape[1])
      guard packed.values == values.stored.shape else { continue }
      guard packed.scales == scales.stored.shape else {
        throw scales.error(.wrongShape(scales.stored.shape, needed: packed.scales))
      }
      return TensorEntry(shape: shape, values: values, scales: (scales, format))
    }
    let needed = WeightMatrix.packedShape(format: .int8, outputs: shape[0], inputs: shape[1]).values
    throw values.error(.wrongShape(values.stored.shape, needed: needed))
  }
}
