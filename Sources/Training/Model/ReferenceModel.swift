import Models
import Tensors

/// The model that the policy is not to leave too far behind.
enum ReferenceModel {
  /// The policy without its adapters.
  case withoutAdapters
  /// A model of its own, as a folder has it.
  case model(PolicyGraph)

  /// The model in an open folder.
  init(checkpoint: Checkpoint) throws {
    let model = try AudioLanguageModel(checkpoint: checkpoint, weights: nil)
    let weights = PolicyWeights(
      source: WeightSource(checkpoint: checkpoint, format: nil), parameters: [:], adapters: [:])
    self = .model(try PolicyGraph(model: model, weights: weights))
  }

  /// The policy with adapters as a checkpoint of it has them.
  init(start: SavedCheckpoint, policy: Policy) throws {
    let adapter = try ModelAdapter(folder: start.folder, base: policy.base.configuration)
    self = .model(try policy.frozenGraph(at: adapter, file: start.folder))
  }

  /// The log-probabilities of all completions, a row each.
  func score(_ groups: [PolicyGroup], policy: Policy, options: PassOptions) throws -> [[Double]] {
    switch self {
    case .withoutAdapters: try policy.score(groups, options: options, withoutAdapters: true).logProbabilities
    case .model(let graph): try policy.score(groups, options: options, graph: graph).logProbabilities
    }
  }
}
