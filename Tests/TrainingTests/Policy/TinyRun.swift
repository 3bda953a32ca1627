import Dataset
import Foundation
import Models

@testable import Training

/// A training run of one phase on the tiny model, in folders of its own.
final class TinyRun {
  let model = TrainerFolder()
  let output = TrainerFolder()
  private let phase: TrainingPhase
  private let data: PhaseData

  init(_ phase: TrainingPhase, questions: [ImportedQuestion]) throws {
    self.phase = phase
    try TinyTraining.write(to: model.path)
    let rows = questions.map { question in
      #"{"id":"\#(question.id)","question":"\#(question.question)","choices":["#
        + question.choices.map { "\"\($0)\"" }.joined(separator: ",") + #"],"answer":\#(question.answer ?? 0)}"#
    }
    try output.write(rows.joined(separator: "\n") + "\n", to: "rows.jsonl")
    data = try PhaseData(
      DataSettings(train: [output("rows.jsonl")]), composer: ExampleComposer(prompt: plainPrompt, audio: .none),
      use: phase.use, phase: phase.name)
  }

  func run() throws -> TrainingResult {
    let settings = TrainingSettings(name: "tiny", model: model.path, phases: [phase])
    return try TrainingRun(
      settings: settings, data: [data], folder: TrainingFolder(path: output("run")), modelFolder: model.path
    ).run(resuming: false)
  }
}
