import Foundation

extension TrainingFolder {
  /// Begins the run of `other` where this one ended: with its last checkpoint and its logs. A run there goes on with
  /// `resuming`, if its first phases are this one's.
  ///
  /// `other` appears whole or not at all, and must not be there yet.
  public func fork(to other: TrainingFolder) throws(TrainerFileError) {
    guard let last = try CheckpointStore.latest(in: checkpoints) else {
      throw .notWritten(path: other.path, reason: "there is no checkpoint in \(path) to begin with")
    }
    let partial = TrainingFolder(path: other.path + ".partial")
    try DurableFolder.remove(partial.path)
    try DurableFolder.make(partial.checkpoints)
    try Self.copy(last.folder, into: partial.checkpoints)
    for log in logs where FileManager.default.fileExists(atPath: "\(path)/\(log)") {
      try Self.copy("\(path)/\(log)", into: partial.path)
    }
    try DurableFolder.synchronize(partial.checkpoints)
    try DurableFolder.synchronize(partial.path)
    try DurableFolder.rename(partial.path, to: other.path)
  }

  private static func copy(_ path: String, into folder: String) throws(TrainerFileError) {
    let target = "\(folder)/\(name(of: path))"
    do {
      try FileManager.default.copyItem(atPath: path, toPath: target)
    } catch {
      throw .system(target, code: DurableFolder.code(of: error))
    }
  }
}
