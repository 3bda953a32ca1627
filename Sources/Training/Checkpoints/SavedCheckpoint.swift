import Models

/// A checkpoint of a training run, on the disk.
public struct SavedCheckpoint: Equatable, Sendable {
  /// As in "runs/x/checkpoints/checkpoint-000100".
  public let folder: String
  public let step: Int

  private static let prefix = "checkpoint-"

  static func name(step: Int) -> String {
    let digits = "\(step)"
    return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// nil where `name` is not that of a checkpoint's folder.
  init?(name: String, in parent: String) {
    guard name.hasPrefix(Self.prefix), let step = Int(name.dropFirst(Self.prefix.count)), step >= 0,
      name == Self.name(step: step), DurableFolder.isFolder("\(parent)/\(name)")
    else { return nil }
    folder = "\(parent)/\(name)"
    self.step = step
  }

  /// The checkpoint in `folder`, which somebody named; its step is that of its state.
  public init(folder: String) throws(TrainerFileError) {
    self.folder = folder
    step = try TrainerState(file: "\(folder)/\(CheckpointStore.stateName)").step
  }

  /// The file with the trainer's state.
  public var stateFile: String { "\(folder)/\(CheckpointStore.stateName)" }

  /// Whether it has an adapter's weights, and not those of a whole model.
  public var isAdapter: Bool { ModelAdapter.isAdapter(folder) }

  public func state() throws(TrainerFileError) -> TrainerState { try TrainerState(file: stateFile) }

  /// The optimizer's moments of `parameters`, in their order.
  public func moments(
    of parameters: [(name: String, shape: [Int])]
  ) throws(TrainerFileError) -> [OptimizerMoments] {
    try OptimizerFile.read("\(folder)/\(OptimizerFile.name)", parameters: parameters)
  }
}
