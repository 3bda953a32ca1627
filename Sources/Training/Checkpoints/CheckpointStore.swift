import Foundation
import Glibc
public import Models
public import Tensors

/// The checkpoints of one training run: folders `checkpoint-000100` by the number of steps done.
///
/// Such a folder is a model's (or an adapter's) and can be used as one; beside the weights it has the optimizer's
/// moments and the trainer's state. It appears under its name whole and on the disk: a program that is killed at any moment
/// leaves the checkpoints before it as they were. One program at a time writes to the folder.
public final class CheckpointStore: Sendable {
  /// Where the checkpoints are, as in "runs/x/checkpoints".
  public let folder: String
  private let lock: Int32

  private static let temporaryPrefix = ".earshot-"
  private static let temporarySuffix = ".partial"
  /// Of a checkpoint that makes room for another of the same step.
  private static let replacedSuffix = ".replaced"
  private static let lockName = ".lock"
  static let stateName = "trainer_state.json"

  /// Makes the folder, takes it for this program, and removes what one that was killed left unfinished.
  public init(folder: String) throws(TrainerFileError) {
    try DurableFolder.make(folder)
    let path = "\(folder)/\(Self.lockName)"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(path, code: errno) }
    // Where the file system has no locks, nothing keeps two runs apart.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw .locked(folder: folder)
    }
    self.folder = folder
    lock = descriptor
    try removeLeftovers()
  }

  deinit { close(lock) }

  private func removeLeftovers() throws(TrainerFileError) {
    let names = try withCheckpointErrors { () throws(CheckpointError) in try ModelFolder.fileNames(in: folder) }
    for name in names {
      let path = "\(folder)/\(name)"
      if name.hasPrefix(Self.temporaryPrefix) && name.hasSuffix(Self.temporarySuffix) {
        try DurableFolder.remove(path)
      } else if name.hasSuffix(Self.replacedSuffix) {
        let successor = String(path.dropLast(Self.replacedSuffix.count))
        if DurableFolder.isFolder(successor) {
          try DurableFolder.remove(path)
        } else {
          try DurableFolder.rename(path, to: successor)
        }
      }
    }
  }

  private func temporaryPath() -> String {
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    return "\(folder)/\(Self.temporaryPrefix)\(name)\(Self.temporarySuffix)"
  }

  // MARK: Writing

  /// Writes the checkpoint of `state.step` and returns its folder; one of the same step is replaced.
  @discardableResult
  public func save(
    _ state: TrainerState, weights: CheckpointWeights, moments: [OptimizerMoments]
  ) throws(TrainerFileError) -> String {
    try save(state, moments: moments) { path throws(CheckpointError) in try weights.write(to: path) }
  }

  /// The same; `write` writes the weights into the folder it is given.
  func save(
    _ state: TrainerState, moments: [OptimizerMoments], writingWeights write: (String) throws(CheckpointError) -> Void
  ) throws(TrainerFileError) -> String {
    let path = "\(folder)/\(SavedCheckpoint.name(step: state.step))"
    let temporary = temporaryPath()
    try DurableFolder.make(temporary)
    do throws(TrainerFileError) {
      try withCheckpointErrors { () throws(CheckpointError) in
        try write(temporary)
        try OptimizerFile.write(moments, to: "\(temporary)/\(OptimizerFile.name)")
        try CheckpointOutput.write(Array(state.text.utf8), to: "\(temporary)/\(Self.stateName)")
      }
      try DurableFolder.synchronize(temporary)
      try replace(path, by: temporary)
    } catch {
      try? DurableFolder.remove(temporary)
      throw error
    }
    return path
  }

  /// Writes another state into the checkpoint of `state.step`, whose weights and moments stay. A kill leaves either.
  func update(_ state: TrainerState) throws(TrainerFileError) {
    let path = "\(folder)/\(SavedCheckpoint.name(step: state.step))"
    let temporary = temporaryPath()
    do throws(TrainerFileError) {
      try withCheckpointErrors { () throws(CheckpointError) in
        try CheckpointOutput.write(Array(state.text.utf8), to: temporary)
      }
      try DurableFolder.rename(temporary, to: "\(path)/\(Self.stateName)")
    } catch {
      try? DurableFolder.remove(temporary)
      throw error
    }
    try DurableFolder.synchronize(path)
  }

  /// Gives the folder `temporary` the name `path`. A kill between leaves either under that name, or what was there
  /// under another that the next start gives it back.
  private func replace(_ path: String, by temporary: String) throws(TrainerFileError) {
    let replaced = path + Self.replacedSuffix
    let isThere = DurableFolder.isFolder(path)
    if isThere { try DurableFolder.rename(path, to: replaced) }
    try DurableFolder.rename(temporary, to: path)
    try DurableFolder.synchronize(folder)
    if isThere { try DurableFolder.remove(replaced) }
  }

  /// Removes all checkpoints but the last `count`, and those of `steps`; returns the folders that are gone.
  @discardableResult
  public func keep(last count: Int, and steps: Set<Int> = []) throws(TrainerFileError) -> [String] {
    precondition(count > 0, "the last checkpoint stays")
    let old = try Self.checkpoints(in: folder).dropLast(count).filter { !steps.contains($0.step) }
    for checkpoint in old {
      // No half of it is to be found under its name.
      let temporary = temporaryPath()
      try DurableFolder.rename(checkpoint.folder, to: temporary)
      try DurableFolder.remove(temporary)
    }
    return old.map(\.folder)
  }

  // MARK: Reading

  /// The checkpoints in `folder`, by their steps; none where there is no such folder.
  public static func checkpoints(in folder: String) throws(TrainerFileError) -> [SavedCheckpoint] {
    guard DurableFolder.isFolder(folder) else { return [] }
    let names = try withCheckpointErrors { () throws(CheckpointError) in try ModelFolder.fileNames(in: folder) }
    return names.compactMap { SavedCheckpoint(name: $0, in: folder) }.sorted { $0.step < $1.step }
  }

  /// The checkpoint with the most steps; nil where there is none.
  public static func latest(in folder: String) throws(TrainerFileError) -> SavedCheckpoint? {
    try checkpoints(in: folder).last
  }
}

/// What a checkpoint's folder has of the model.
public enum CheckpointWeights {
  /// A whole model: `base` with `tensors` in place of its own, in float32. `base` is the model that the run began with,
  /// whose folder has to stay.
  case model(base: Checkpoint, tensors: [String: Tensor])
  /// An adapter; `name` is what its file calls the base model.
  case adapter(ModelAdapter, base: Checkpoint, name: String, layout: AdapterLayout)

  fileprivate func write(to folder: String) throws(CheckpointError) {
    switch self {
    case .model(let base, let tensors): try base.writeCopy(to: folder, replacing: tensors)
    case .adapter(let adapter, let base, let name, let layout):
      try adapter.write(to: folder, base: base, name: name, layout: layout)
    }
  }
}
