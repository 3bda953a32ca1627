import Glibc

/// How the learning rate changes over the steps of a training, after a linear rise from 0.
///
/// The factors are those of transformers' schedules with warm-up.
public enum LearningRateSchedule: String, Sendable, CaseIterable {
  case constant
  /// Falls in a line to 0 at the last step.
  case linear
  /// Falls to 0 along half a cosine.
  case cosine

  /// What the learning rate is multiplied with in a step, counted from 0, of `steps`, of which `warmUpSteps` come
  /// first; after the last it stays as it ends.
  public func factor(step: Int, warmUpSteps: Int, steps: Int) -> Double {
    precondition(step >= 0 && warmUpSteps >= 0 && steps >= 0, "step \(step) of \(steps), \(warmUpSteps) to warm up")
    if step < warmUpSteps { return Double(step) / Double(warmUpSteps) }
    let length = Double(max(1, steps - warmUpSteps))
    switch self {
    case .constant: return 1
    case .linear: return Double(max(0, steps - step)) / length
    case .cosine: return (1 + cos(.pi * min(1, Double(step - warmUpSteps) / length))) / 2
    }
  }
}
