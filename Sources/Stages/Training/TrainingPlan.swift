import Dataset
import Foundation
import Models
public import Pipelines
public import Training

/// A training file with its data read: what a run needs to begin.
public struct TrainingPlan: Sendable {
  public var settings: TrainingSettings
  /// Of each phase.
  public var data: [PhaseData]
  public var folder: TrainingFolder

  /// Reads the file's prompts and data. `output` is where the run is kept, if not where the file says; `steps` cuts every
  /// phase to at most so many.
  public init(file: PipelineFile, output: String? = nil, steps: Int? = nil) throws {
    var settings = try TrainingSettings(file: file)
    if let steps { settings = settings.limited(toSteps: steps) }
    try self.init(settings: settings, output: output ?? settings.output ?? "runs/\(file.name)")
  }

  /// Reads the prompts and data of settings, for a run in the folder `output`. `features` is where what a frozen encoder
  /// makes is kept, if not there.
  public init(settings: TrainingSettings, output: String, features: String? = nil) throws {
    self.settings = settings
    folder = TrainingFolder(path: output, features: features)
    let read = try settings.phases.map { phase in
      var data = try PhaseData(
        phase.data, composer: try ExampleComposer(phase, seed: settings.seed), use: phase.use, phase: phase.name)
      try data.fit(phase)
      return data
    }
    data = try HeldOutCheck.separated(read, phases: settings.phases.map(\.name))
  }
}

extension ExampleComposer {
  init(_ phase: TrainingPhase, seed: UInt64) throws {
    var rejectsDistractor = false
    if case .dpo(let settings) = phase.method { rejectsDistractor = settings.pairs == .distractor }
    let data = phase.data
    self.init(
      prompt: try QuestionPrompt(path: data.prompt), audio: data.audio, form: data.form,
      shufflesChoices: data.shufflesChoices, replacesVideo: data.replacesVideo, rejectsDistractor: rejectsDistractor,
      seed: seed)
  }
}
