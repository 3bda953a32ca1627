import Foundation

extension TrainingFolder {
  /// Moves checkpoints that a run is not to go on from to a new folder beside this one, and returns it. Nothing is lost:
  /// the checkpoints stay usable there, with copies of the logs as they were.
  ///
  /// A kill between leaves some here, which the next call moves.
  public func setAside(_ checkpoints: [SavedCheckpoint]) throws(TrainerFileError) -> String {
    // No other run writes meanwhile.
    let store = try CheckpointStore(folder: self.checkpoints)
    defer { withExtendedLifetime(store) {} }
    let aside = TrainingFolder(path: unusedPath())
    try DurableFolder.make(aside.checkpoints)
    for log in [(metrics, aside.metrics), (completions, aside.completions), (tensorBoard, aside.tensorBoard)] {
      // What is missing was never written; the checkpoints are what counts.
      try? FileManager.default.copyItem(atPath: log.0, toPath: log.1)
    }
    let used = (try? FileManager.default.destinationOfSymbolicLink(atPath: model)).map(Self.name)
    for checkpoint in checkpoints {
      try DurableFolder.rename(checkpoint.folder, to: "\(aside.checkpoints)/\(Self.name(of: checkpoint.folder))")
    }
    if let used, checkpoints.contains(where: { Self.name(of: $0.folder) == used }) {
      aside.point(to: used)
      if let last = try CheckpointStore.latest(in: self.checkpoints) { point(to: last.folder) } else { unlink(model) }
    }
    try DurableFolder.synchronize(aside.checkpoints)
    try DurableFolder.synchronize(self.checkpoints)
    return aside.path
  }

  /// "runs/x/train-1", or what is free.
  private func unusedPath() -> String {
    var number = 1
    while FileManager.default.fileExists(atPath: "\(path)-\(number)") { number += 1 }
    return "\(path)-\(number)"
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
