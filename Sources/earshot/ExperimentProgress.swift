import Experiments
import Foundation
import Judging
import Synchronization
import Training

/// Shows an experiment as it goes on: trainings as `train` shows them, answers as `eval` does.
final class ExperimentProgress: Sendable {
  private let json: Bool
  private let training: TrainingScreen
  private let answering = Mutex<(name: String, progress: EvalProgress)?>(nil)

  init(json: Bool) {
    self.json = json
    training = TrainingScreen(json: json)
  }

  func show(_ event: ExperimentEvent) {
    switch event {
    case .note(let text): note(text)
    case .began(let part, let name): note("\(part) \(name)")
    case .upToDate(let part, let name): note("\(part) \(name): done before")
    case .training(_, let event): show(event)
    case .answering(let arm, let hearing, let set, let done, let total):
      progress("\(arm), \(hearing.rawValue), \(set)").show(done, of: total)
    }
  }

  func note(_ text: String) { training.note(text) }

  func finish() { training.finish() }

  private func show(_ event: TrainingEvent) {
    // Completions of every few steps would bury what the experiment says; they are in the training's log.
    if case .sample = event { return }
    training.show(event)
  }

  private func progress(_ name: String) -> EvalProgress {
    answering.withLock { current in
      if let current, current.name == name { return current.progress }
      training.finish()
      let progress = EvalProgress(hearing: name, json: json)
      current = (name, progress)
      return progress
    }
  }
}
