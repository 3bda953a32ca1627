import Foundation
import Training

/// What is known of a training of an experiment's tree when it is done; kept beside its checkpoints.
struct TrainedNode: Codable, Equatable {
  /// Of all that the weights depend on.
  var fingerprint: String
  var isDone: Bool
  /// Optimizer steps from the model on, those of the nodes before included.
  var steps: Int
  /// The best share of held-out questions answered right, where that was measured.
  var accuracy: Double?

  private static func path(_ folder: TrainingFolder) -> String { "\(folder.path)/experiment.json" }

  init(fingerprint: String) {
    self.fingerprint = fingerprint
    isDone = false
    steps = 0
  }

  /// Nil where there is none, or none that can be read.
  init?(in folder: TrainingFolder) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: Self.path(folder))),
      let node = try? JSONDecoder().decode(TrainedNode.self, from: data)
    else { return nil }
    self = node
  }

  func save(in folder: TrainingFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try encoder.encode(self).write(to: URL(fileURLWithPath: Self.path(folder)), options: .atomic)
  }
}
