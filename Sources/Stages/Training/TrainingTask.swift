import Dataset
import Models
import Training

/// Phases on their data, to be trained to the end of the last one.
public struct TrainingTask: Sendable {
  public let plan: TrainingPlan
  public let modelFolder: String
  /// Changes with everything that the weights at the end depend on, and with what picks the best checkpoint.
  public let fingerprint: String
  public let examples: Int
  /// Of the last phase, as are its examples.
  public let steps: Int

  public init(plan: TrainingPlan, modelFolder: String, revision: String) {
    self.plan = plan
    self.modelFolder = modelFolder
    let phases = zip(plan.settings.phases, plan.data)
    let texts = phases.flatMap { phase, data in [phase.length, data.train.digest, data.dev?.digest ?? ""] }
    fingerprint = ContentID.make(domain: "earshot trained phases 2", [revision, plan.settings.identity] + texts)
    examples = plan.data.last?.train.count ?? 0
    steps = zip(plan.settings.phases, plan.data).suffix(1).reduce(0) { $1.0.stepCount(on: $1.1.train) }
  }
}

extension TrainingPhase {
  var length: String { optimizer.steps.map { counted($0, "step") } ?? "\(optimizer.epochs) epochs" }
}
