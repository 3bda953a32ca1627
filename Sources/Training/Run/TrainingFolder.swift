import Foundation

/// Where a training run keeps what it makes.
public struct TrainingFolder: Sendable, Equatable {
  public let path: String
  /// What a frozen encoder made of clips; several runs may have one.
  public let features: String

  /// `features` is a folder of its own in the run's where none is given.
  public init(path: String, features: String? = nil) {
    self.path = path
    self.features = features ?? "\(path)/features"
  }

  public var checkpoints: String { "\(path)/checkpoints" }
  /// A line of JSON for each logged step.
  public var metrics: String { "\(path)/metrics.jsonl" }
  /// Completions and what they earned.
  public var completions: String { "\(path)/completions.jsonl" }
  /// What the finished model answers to the test set's questions.
  public var answers: String { "\(path)/answers.jsonl" }
  public var tensorBoard: String { "\(path)/tensorboard" }
  /// Points to the checkpoint to use: that with the best score on held-out questions, else the last.
  public var model: String { "\(path)/model" }

  /// Whether ``model`` leads to a checkpoint.
  var hasModel: Bool { DurableFolder.isFolder(model) }

  /// Lets ``model`` point to a checkpoint of the folder; at no moment to nothing.
  func point(to checkpoint: String) {
    let name = checkpoint.split(separator: "/").last.map(String.init) ?? ""
    let temporary = "\(path)/.model-new"
    unlink(temporary)
    // Without it, the checkpoint is there all the same.
    guard symlink("checkpoints/\(name)", temporary) == 0 else { return }
    if rename(temporary, model) != 0 { unlink(temporary) }
  }
}
