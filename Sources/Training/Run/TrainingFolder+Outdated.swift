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
    let names = Set(checkpoints.map { Self.name(of: $0.folder) })
    let rest = try CheckpointStore.checkpoints(in: self.checkpoints).filter {
      !names.contains(Self.name(of: $0.folder))
    }
    for log in logs {
      // What is missing was never written; the checkpoints are what counts.
      try? FileManager.default.copyItem(atPath: "\(path)/\(log)", toPath: "\(aside.path)/\(log)")
    }
    let used = (try? FileManager.default.destinationOfSymbolicLink(atPath: model)).map(Self.name)
    if let used, names.contains(used) {
      // Before the checkpoint goes: the link never leads nowhere.
      if let last = rest.last { point(to: last.folder) } else { unlink(model) }
    }
    for checkpoint in checkpoints {
      try DurableFolder.rename(checkpoint.folder, to: "\(aside.checkpoints)/\(Self.name(of: checkpoint.folder))")
    }
    if let used, names.contains(used) { aside.point(to: used) }
    // The next run's are not to be mixed with them.
    if rest.isEmpty { for log in logs { try DurableFolder.remove("\(path)/\(log)") } }
    try DurableFolder.synchronize(aside.checkpoints)
    try DurableFolder.synchronize(self.checkpoints)
    return aside.path
  }

  /// Gives logs that no checkpoint belongs to other names, and returns what each is called now; a run that begins
  /// anew is not to write over them. Of runs that were killed before their first checkpoint, or whose checkpoints were
  /// removed.
  func setLogsAside() throws(TrainerFileError) -> [(log: String, kept: String)] {
    let old = logs.filter { log in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(log)")
      return attributes.map { $0[.size] as? Int != 0 } ?? false
    }
    guard !old.isEmpty else { return [] }
    var number = 1
    let isTaken = { (name: String) in FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    while logs.contains(where: { isTaken(Self.numbered($0, number)) }) { number += 1 }
    var moved: [(log: String, kept: String)] = []
    for log in old {
      try DurableFolder.rename("\(path)/\(log)", to: "\(path)/\(Self.numbered(log, number))")
      moved.append((log, Self.numbered(log, number)))
    }
    return moved
  }

  /// The names of what is written step by step, and of what the finished model answers.
  var logs: [String] { [metrics, completions, tensorBoard, answers].map(Self.name) }

  /// "metrics-1.jsonl"
  private static func numbered(_ name: String, _ number: Int) -> String {
    let parts = name.split(separator: ".", maxSplits: 1)
    return (["\(parts[0])-\(number)"] + parts.dropFirst().map(String.init)).joined(separator: ".")
  }

  /// "runs/x/train-1", or what is free.
  private func unusedPath() -> String {
    var number = 1
    while FileManager.default.fileExists(atPath: "\(path)-\(number)") { number += 1 }
    return "\(path)-\(number)"
  }

  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
