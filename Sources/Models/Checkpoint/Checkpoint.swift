public import Tensors

/// A model's folder with files as on the Hugging Face hub: config.json, and weights in safetensors.
///
/// Opening one maps the files and checks all that can be checked without computing: headers, configuration, and that
/// the tensors are those of the configuration, no more and no less. Values are checked for NaN when a tensor is first
/// asked for. The files must not be cut shorter while a checkpoint or a matrix of it is in use (see ``MappedFile``).
public struct Checkpoint: Sendable {
  public let folder: String
  public let configuration: ModelConfiguration
  public let generation: GenerationDefaults
  /// The files with weights, in the order of their names.
  let files: [SafetensorsFile]
  /// Where each tensor is that the model has, by its name here.
  let entries: [String: TensorEntry]

  public init(folder: String) throws(CheckpointError) {
    try ModelFolder.check(folder)
    var configuration = try ModelConfiguration(file: "\(folder)/config.json")
    let files = try ModelFolder.weightFiles(in: folder)
    let catalogue = try TensorCatalogue(files, architecture: configuration.architecture)
    configuration.decoder.tiedEmbeddings = catalogue.hasTiedEmbeddings(configuration)
    entries = try catalogue.entries(of: configuration, folder: folder)
    generation = try GenerationDefaults(
      file: "\(folder)/generation_config.json", vocabularySize: configuration.decoder.vocabularySize)
    self.folder = folder
    self.configuration = configuration
    self.files = files
  }

  /// The names of all tensors of the model, in alphabetical order.
  public var names: [String] { entries.keys.sorted() }

  /// Whether the model has the tensor `name`; names as in ``ModelConfiguration/expectedTensors``.
  public func contains(_ name: String) -> Bool { entries[name] != nil }

  /// Whether the tensor `name` has two axes.
  package func isMatrix(_ name: String) -> Bool { entries[name]?.shape.count == 2 }

  /// Whether the folder holds matrices that Earshot packed in int8 or int4, so that no finer weights can be had from it.
  public var isQuantized: Bool { entries.values.contains { $0.scales != nil } }

  /// The tensor `name` in float32; refused when it has a NaN or an infinity.
  public func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    let entry = try entry(name)
    guard entry.scales == nil else {
      let matrix = try self.matrix(name)
      return Tensor(shape: [matrix.outputs, matrix.inputs]) { elements in
        for row in 0..<matrix.outputs {
          let range = row * matrix.inputs..<(row + 1) * matrix.inputs
          matrix.copyRow(row, to: UnsafeMutableBufferPointer(rebasing: elements[range]))
        }
      }
    }
    try entry.values.checkFinite()
    return entry.values.floats()
  }

  /// The matrix `name` in the format of the file, where it stays; refused when it has a NaN or an infinity.
  public func matrix(_ name: String) throws(CheckpointError) -> WeightMatrix {
    let entry = try entry(name)
    guard entry.shape.count == 2 else { throw entry.values.error(.notAMatrix) }
    let (outputs, inputs) = (entry.shape[0], entry.shape[1])
    if let scales = entry.scales {
      try scales.part.checkFinite()
      let (values, factors) = (entry.values.bytes, scales.part.bytes)
      return scales.format == .int4
        ? WeightMatrix(int4: values, scales: factors, outputs: outputs, inputs: inputs)
        : WeightMatrix(int8: values, scales: factors, outputs: outputs, inputs: inputs)
    }
    try entry.values.checkFinite()
    switch entry.values.stored.type {
    case .bfloat16: return WeightMatrix(bfloat16: entry.values.bytes, outputs: outputs, inputs: inputs)
    case .float16: return WeightMatrix(float16: entry.values.bytes, outputs: outputs, inputs: inputs)
    default: return WeightMatrix(float32: entry.values.bytes, outputs: outputs, inputs: inputs)
    }
  }

  private func entry(_ name: String) throws(CheckpointError) -> TensorEntry {
    guard let entry = entries[name] else { throw .tensor(name: name, file: folder, .missing(others: 0)) }
    return entry
  }
}
