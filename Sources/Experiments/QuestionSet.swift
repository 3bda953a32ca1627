/// A set of questions that an experiment trains on or asks.
public struct QuestionSet: Sendable, Equatable {
  /// Where its rows come from.
  public enum Source: Sendable, Equatable {
    /// Made by a pipeline from a folder of audio, in the experiment's folder.
    case pipeline(file: String, overrides: [String])
    /// The folder of a run or of an export of Earshot's.
    case run(String)
    /// Files of rows.
    case files(train: [String], dev: [String], test: [String])
  }

  /// Safe as the name of a folder.
  public var name: String
  public var source: Source
}

/// The files of a set, there to be read.
public struct QuestionFiles: Sendable, Equatable {
  public var train: [String]
  public var dev: [String]
  public var test: [String]
}
