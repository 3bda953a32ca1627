import Foundation
public import Store
import Training

/// How far a stage that trains has come: what a run knows of it beside the checkpoints, and a status shows.
public struct TrainingMark: Codable, Sendable, Equatable {
  /// Of all that the weights at its end depend on.
  var fingerprint: String
  public var examples: Int
  /// Of the phase.
  public var steps: Int
  /// Of them, those that are done.
  public var done: Int
  /// The training's step that the phase's last checkpoint is of, once it is there.
  var end: Int?
  /// The best share of held-out questions that was answered right.
  public var accuracy: Double?

  init(_ task: TrainingTask) {
    (fingerprint, examples, steps) = (task.fingerprint, task.examples, task.steps)
    done = 0
  }

  /// Nil where the stage never trained.
  public init?(of stage: String, in store: RunStore) throws {
    guard let text = try store.setting(Self.key(stage)),
      let mark = try? JSONDecoder().decode(TrainingMark.self, from: Data(text.utf8))
    else { return nil }
    self = mark
  }

  func save(_ stage: String, in store: RunStore) throws {
    try store.set(Self.key(stage), to: String(decoding: try JSONEncoder().encode(self), as: UTF8.self))
  }

  private static func key(_ stage: String) -> String { "training \(stage)" }

  /// Whether the phase came to its end, and the checkpoint of it is still there.
  func isDone(in folder: TrainingFolder) throws -> Bool {
    guard let end else { return false }
    return try CheckpointStore.checkpoints(in: folder.checkpoints).contains { $0.step == end }
  }
}
