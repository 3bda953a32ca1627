import Foundation
import Pipelines
import Store
import Synchronization
import Training

/// Tells the user and the database how far a phase is, while it is trained.
final class TrainingWatch: Sendable {
  private struct State {
    var mark: TrainingMark
    /// Steps that the database counted.
    var stored: Int
    var storedAt: ContinuousClock.Instant
  }

  private let context: StageContext
  private let state: Mutex<State>
  private var stage: String { context.place.name }

  init(_ mark: TrainingMark, _ context: StageContext) {
    self.context = context
    state = Mutex(State(mark: mark, stored: mark.done, storedAt: .now))
  }

  var mark: TrainingMark { state.withLock { $0.mark } }

  func take(_ event: TrainingEvent) {
    switch event {
    case .note(let text): context.progress.note(stage: stage, text)
    case .began(let phase, let step, let steps, let parameters):
      // A phase that is done is told of too, when the next one goes on from it.
      guard phase == stage else { return }
      context.progress.learned(stage: stage, total: steps)
      let from = step > 0 ? ", from step \(step) of the training" : ""
      context.progress.note(stage: stage, counted(steps, "step") + ", " + counted(parameters, "parameter") + from)
    case .progress(let progress): advance(progress)
    case .answering(_, let part, let done, let total):
      context.progress.shows(stage: stage, "\(part): \(done) of \(counted(total, "answer"))")
    case .evaluated(_, let step, let accuracy, let count, let isBest):
      let share = String(format: "%.1f%%", accuracy * 100)
      context.progress.note(
        stage: stage,
        "step \(step): \(share) of " + counted(count, "held-out question") + " right\(isBest ? ", the best" : "")")
    case .saved: store()
    case .tested(let accuracy, let silent, let count):
      let shares = [accuracy, silent].map { String(format: "%.1f%%", $0 * 100) }
      context.progress.note(
        stage: stage,
        "test: \(shares[0]) of " + counted(count, "question")
          + " right; with silence in place of the sound \(shares[1])")
    case .sample: return
    }
  }

  private func advance(_ progress: TrainingProgress) {
    let (count, isDue) = state.withLock { state in
      let count = progress.step - state.mark.done
      state.mark.done = progress.step
      return (count, state.storedAt.duration(to: .now) > .seconds(5))
    }
    var shown = progress
    shown.phase = "step"
    // What fits a line of 80 columns behind the stage's name.
    context.progress.shows(stage: stage, shown.text(width: 68))
    context.progress.advanced(stage: stage, by: max(0, count))
    if isDue { store() }
  }

  /// What a status shows of a training that goes on. The checkpoints are what counts, so nothing is lost without it.
  private func store() {
    let (mark, count) = state.withLock { state in
      defer { (state.stored, state.storedAt) = (state.mark.done, .now) }
      return (state.mark, state.mark.done - state.stored)
    }
    try? mark.save(stage, in: context.store)
    if count > 0 { try? context.store.handled(count, context.place) }
  }
}
