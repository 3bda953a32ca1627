import Foundation

/// The folder of one run: its database, and what can be rebuilt from it.
public struct RunFolder: Sendable, Equatable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  public var database: String { path + "/run.sqlite" }
  public var exports: String { path + "/export" }
  /// Checkpoints and logs of the run's own training.
  public var training: String { path + "/train" }
  /// What the audio libraries had to say of damaged files, in their own words.
  public var messages: String { path + "/messages.log" }

  func create() throws(PipelineError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreateRun(path: path, reason: String(cString: strerror(errno)))
    }
  }
}

/// The right to write to a run folder, held by one process at a time and given back by the system when it dies.
public struct RunLock: ~Copyable {
  private let descriptor: Int32

  public init(_ folder: RunFolder) throws(PipelineError) {
    try folder.create()
    let file = open(folder.path + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw .cannotCreateRun(path: folder.path, reason: String(cString: strerror(errno)))
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw .runLocked(path: folder.path)
    }
    descriptor = file
  }

  deinit { close(descriptor) }
}
