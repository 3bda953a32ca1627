import CKernels
import Glibc
public import Tensors

/// Rewrites a model's folder with smaller weights that are mapped and used as they are.
///
/// All matrices that multiply activations are quantised, in decoder, encoder and projection. With int4 the embeddings
/// and the matrix of the logits keep 8 bits: errors in logits are not averaged out by later layers. Embeddings in int8
/// take half the bytes of bfloat16 for an error a few times as large, about 0.5 % of a row's deviation, and serve as the
/// logits' matrix where the two are tied. Convolutions, norms, biases and positions stay as they are.
///
/// In the file a matrix `X.weight` is a tensor of U8 of that name with its scales, F16, as `X.weight.scales`, in the
/// shapes of ``WeightMatrix/packedShape(format:outputs:inputs:)``; the version of the packing is in the file's metadata
/// and in config.json.
public struct CheckpointQuantization: Sendable {
  /// What stands as `quant_method` in the config.json of a quantised folder, so that other programs refuse it by name.
  static let methodName = "earshot"
  /// The version of the packing of int8 and int4 matrices.
  static let layout = 1
  /// The entry of a file's metadata that holds the version of the packing.
  static let layoutKey = "earshot.layout"

  private let checkpoint: Checkpoint
  private let format: WeightFormat

  /// `format` is `.int8`, `.int4`, or `.bfloat16` to halve a float32 model.
  public init(_ checkpoint: Checkpoint, format: WeightFormat) throws(CheckpointError) {
    precondition(format != .float32, "float32 is no smaller format")
    guard !checkpoint.isQuantized else { throw .folder(checkpoint.folder, .alreadyQuantized) }
    self.checkpoint = checkpoint
    self.format = format
  }

  /// Writes the model into the new or empty folder `folder`, with the tokenizer and the other files of the model.
  ///
  /// One tensor is in memory at a time; `progress` hears of the bytes written and to write. config.json comes last: a
  /// folder without it is one whose writing was cut short.
  public func write(
    to folder: String, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    try CheckpointOutput.makeFolder(folder)
    let weights = checkpoint.entries.sorted { $0.key < $1.key }
    let plans = weights.flatMap { self.plans(for: $0.key, entry: $0.value) }
    let total = plans.reduce(0) { $0 + ($1.type.byteCount(of: $1.shape) ?? 0) }
    var metadata: [String: String] = [:]
    if format != .bfloat16 { metadata[Self.layoutKey] = "\(Self.layout)" }
    var writer = try SafetensorsWriter(
      path: "\(folder)/\(ModelFolder.singleFile)", tensors: plans, metadata: metadata)
    var written = 0
    for (name, entry) in weights {
      written += try write(name, entry: entry, to: &writer)
      progress(written, total)
    }
    try writer.finish()
    try ModelFiles.copy(from: checkpoint.folder, to: folder)
    try ModelFiles.write(configuration: try configuration(), to: folder)
  }

  /// The format of the tensor `name` in the new file; nil where it stays as it is.
  func targetFormat(_ name: String, entry: TensorEntry) -> WeightFormat? {
    guard entry.shape.count == 2, name != "audio_tower.embed_positions.weight" else { return nil }
    let isVocabulary = name == "decoder.embed_tokens.weight" || name == "decoder.lm_head.weight"
    let wanted = format == .int4 && isVocabulary ? .int8 : format
    let bits = entry.values.stored.type.bits
    return wanted == .bfloat16 && bits <= 16 ? nil : wanted
  }

  private func plans(for name: String, entry: TensorEntry) -> [SafetensorsWriter.Plan] {
    let stored = entry.values.stored
    switch targetFormat(name, entry: entry) {
    case nil: return [.init(name: stored.name, type: stored.type, shape: stored.shape)]
    case .bfloat16?: return [.init(name: stored.name, type: .bfloat16, shape: stored.shape)]
    case let packed?:
      let shapes = WeightMatrix.packedShape(format: packed, outputs: entry.shape[0], inputs: entry.shape[1])
      return [
        .init(name: stored.name, type: .uint8, shape: shapes.values),
        .init(name: stored.name + TensorName.scalesSuffix, type: .float16, shape: shapes.scales),
      ]
    }
  }

  /// Writes one weight and returns its bytes.
  private func write(
    _ name: String, entry: TensorEntry, to writer: inout SafetensorsWriter
  ) throws(CheckpointError) -> Int {
    let stored = entry.values.stored
    guard let target = targetFormat(name, entry: entry) else {
      try entry.values.checkFinite()
      try writer.write(stored.name, entry.values.bytes.bytes)
      return stored.range.count
    }
    let packed = try checkpoint.matrix(name).converted(to: target).packedBytes
    try writer.write(stored.name, packed.values.bytes)
    guard let scales = packed.scales?.bytes else { return packed.values.bytes.count }
    // Half floats end at 65,504.
    guard files_first_nonfinite16(scales.baseAddress, scales.count / 2, 0x7C00) < 0 else {
      throw entry.values.error(.tooLargeToQuantize)
    }
    try writer.write(stored.name + TensorName.scalesSuffix, scales)
    return packed.values.bytes.count + scales.count
  }

  /// The model's config.json with a note of what was done.
  private func configuration() throws(CheckpointError) -> [CheckpointJSON.Member] {
    var members = try ModelFiles.configuration(in: checkpoint.folder)
    if format == .bfloat16 {
      members.setWeightType("bfloat16")
    } else {
      members.removeAll { $0.name == "quantization_config" }
      members.append(.init(name: "quantization_config", value: .object(note)))
    }
    return members
  }

  private var note: [CheckpointJSON.Member] {
    [
      .init(name: "quant_method", value: .string(Self.methodName)),
      .init(name: "format", value: .string(format.rawValue)),
      .init(name: "layout", value: .number("\(Self.layout)")),
    ]
  }
}
