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
        "\(phase): \(Quantity.count(steps, "steps")), \(Quantity.count(parameters)) parameters"
          + (step > 0 ? ", from step \(step)" : ""))
    case .sample(let group): note(group.text(width: terminal.columns))
    case .answering(let phase, let part, let done, let total):
      show("\(phase): \(part) questions, \(Quantity.count(done)) of \(Quantity.count(total)) answered")
    case .evaluated(let phase, let step, let accuracy, let count, let isBest):
      let share = Quantity.fixed(accuracy * 100, 1)
      note("\(phase) \(step): \(share)% of \(count) held-out questions right\(isBest ? ", the best" : "")")
    case .tested(let accuracy, let silent, let count):
      note(
        "test: \(Quantity.fixed(accuracy * 100, 1))% of \(Quantity.count(count, "questions")) right; with silence in "
          + "place of the sound \(Quantity.fixed(silent * 100, 1))%")
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

  private func show(_ text: String) {
    let now = (clock.now - start) / .seconds(1)
    let columns = terminal.columns
    write(line.withLock { $0.update(text, columns: columns, at: now) }, to: Screen.descriptor)
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
    case .answering(let phase, let part, let done, let total):
      printNote(jsonLine(AnsweringLine(phase: phase, part: part, answered: done, questions: total)))
    case .evaluated(let phase, let step, let accuracy, let count, let isBest):
      printNote(jsonLine(EvaluationLine(phase: phase, step: step, accuracy: accuracy, count: count, best: isBest)))
    case .saved(let folder): printNote(jsonLine(["checkpoint": folder]))
    case .tested(let accuracy, let silent, let count):
      printNote(jsonLine(TestLine(accuracy: accuracy, silentAccuracy: silent, count: count)))
    case .began, .sample: return
    }
  }
}

/// How far the answers to held-out questions are, as a line of JSON.
private struct AnsweringLine: Encodable {
  var phase: String
  var part: String
  var answered: Int
  var questions: Int
}

/// An evaluation, as a line of JSON; `step` counts within the phase.
private struct EvaluationLine: Encodable {
  var phase: String
  var step: Int
  var accuracy: Double
  var count: Int
  var best: Bool
}

/// The answers to a test set, as a line of JSON.
private struct TestLine: Encodable {
  var accuracy: Double
  var silentAccuracy: Double
  var count: Int

  private enum CodingKeys: String, CodingKey {
    case accuracy = "test_accuracy"
    case silentAccuracy = "silent_accuracy"
    case count
  }
}
