/// Where an experiment keeps what it makes.
public struct ExperimentFolder: Sendable, Equatable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The fresh model that arms begin with, made with a seed.
  public func model(seed: UInt64) -> String { "\(path)/model-\(seed)" }
  /// Checkpoints and logs of a training.
  public func training(_ node: String) -> String { "\(path)/training/\(node)" }
  /// What a frozen encoder made of clips, for all trainings.
  public var features: String { "\(path)/features" }
  /// The run that makes a set.
  public func set(_ name: String) -> String { "\(path)/sets/\(name)" }
  /// What an arm answers to a set's test rows under a hearing.
  public func answers(arm: String, hearing: String, set: String) -> String {
    "\(path)/evaluation/\(arm)/\(hearing)/\(set)"
  }
  /// The page, and its tables as CSV and Markdown.
  public var report: String { "\(path)/report" }
  /// What the audio libraries had to say of damaged files, in their own words.
  public var messages: String { "\(path)/messages.log" }
}
