import Foundation
import Synchronization
import Training

/// Shows a training run: one line that is redrawn, and above it what is worth keeping.
final class TrainingScreen: Sendable {
  private let json: Bool
  private let terminal = Terminal.standardError
  private let line: Mutex<ProgressLine>
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  init(json: Bool) {
    self.json = json
    line = Mutex(ProgressLine(isInteractive: Terminal.standardError.isInteractive && !json))
    start = clock.now
  }

  func show(_ event: TrainingEvent) {
    if json { return showJSON(event) }
    switch event {
    case .progress(let progress): update(progress, isUrgent: progress.step == progress.total)
    case .note(let text): note(text)
    case .began(let phase, let step, let steps, let parameters):
      note(
        "\(phase): \(Quantity.count(steps, "step")), \(Quantity.count(parameters)) parameters"
          + (step > 0 ? ", from step \(step)" : ""))
    case .sample(let group): note(group.text(width: terminal.columns))
    case .evaluated(let phase, let step, let accuracy, let count, let isBest):
      let share = Quantity.fixed(accuracy * 100, 1)
      note("\(phase) \(step): \(share)% of \(count) held-out questions right\(isBest ? ", the best" : "")")
    case .saved: return
    }
  }

  func note(_ text: String) {
    guard !json else { return showJSON(.note(text)) }
    write(line.withLock { $0.clear() } + text + "\n", to: Screen.descriptor)
  }

  func finish() {
    if !json { write(line.withLock { $0.clear() }, to: Screen.descriptor) }
  }

  private func update(_ progress: TrainingProgress, isUrgent: Bool) {
    let now = (clock.now - start) / .seconds(1)
    let columns = terminal.columns
    write(
      line.withLock { $0.update(progress, columns: columns, at: now, urgent: isUrgent) }, to: Screen.descriptor)
  }

  private func showJSON(_ event: TrainingEvent) {
    switch event {
    case .note(let text): printNote(jsonLine(["note": text]))
    case .progress(let progress): printNote(progress.metrics.line)
    case .evaluated(let phase, let step, let accuracy, _, _):
      printNote(jsonLine(["phase": phase, "step": "\(step)", "eval_accuracy": "\(accuracy)"]))
    case .saved(let folder): printNote(jsonLine(["checkpoint": folder]))
    case .began, .sample: return
    }
  }
}
