import Dataset
import Evaluation
import Foundation
import Judging
import Models
import Stages
import Training

/// Has models answer the test rows of an experiment's sets.
struct ArmEvaluator {
  let settings: ExperimentEvaluation
  let folder: ExperimentFolder
  let program: String
  let files: [String: QuestionFiles]
  let tell: @Sendable (ExperimentEvent) -> Void

  /// A set whose test rows are asked.
  struct Asked {
    var name: String
    var set: TestSet

    /// What the user should know of it, a line each.
    var notes: [String] {
      guard let first = set.missing.first else { return set.notes }
      return set.notes + [
        "\(name): \(set.missing.count) of \(set.items.count) sounds that are asked about are not there, and are left out "
          + "of the scores; the first is \(first.path)"
      ]
    }
  }

  /// The test sets, read once for all arms. Throws where a set that is asked has no test rows.
  func testSets() throws -> [Asked] {
    let prompts = try prompts
    return try settings.sets.flatMap { name in
      let paths = files[name]?.test ?? []
      guard !paths.isEmpty else { throw ExperimentError.noTestRows(set: name) }
      return try paths.enumerated().map { place, path in
        Asked(
          name: paths.count == 1 ? name : "\(name)-\(place + 1)",
          set: try TestSet(
            path: path, limit: settings.limit, tasks: settings.tasks, prompts: prompts, way: settings.way))
      }
    }
  }

  /// All answers of an arm, in the order of the hearings; what was answered before is not asked again. `model` is what
  /// its training left: a model, or an adapter to `base`.
  func evaluate(_ arm: String, base: String, model: String, _ sets: [Asked]) async throws -> [EvaluationResult] {
    let isAdapter = ModelAdapter.isAdapter(model)
    let opened = try AudioLanguageModel(folder: isAdapter ? base : model, adapter: isAdapter ? model : nil)
    var results: [EvaluationResult] = []
    for hearing in settings.hearings where opened.encoder != nil || !hearing.needsSound {
      for asked in sets {
        let answerer = try settings.way.answerer(
          opened, prompts: try prompts, kinds: asked.set.kinds, maximumTokens: settings.maximumTokens,
          identity: ["arm": arm])
        let place = ResultFolder(path: folder.answers(arm: arm, hearing: hearing.rawValue, set: asked.name))
        let run = EvaluationRun(
          try asked.set.questions(hearing, seed: 0),
          settings: asked.set.settings(hearing, orders: settings.orders, seed: 0), answerer: answerer, folder: place,
          program: program)
        results.append(
          try await run.run(earlier: .setAsideIfOther) { [tell] done, total in
            tell(.answering(arm: arm, hearing: hearing, set: asked.name, done: done, total: total))
          })
      }
    }
    return results
  }

  private var prompts: AskPrompts { get throws { AskPrompts(try QuestionPrompt(path: settings.prompt)) } }
}

extension Hearing {
  /// Whether the model is given a sound.
  fileprivate var needsSound: Bool {
    switch self {
    case .audio, .silence, .noise, .swap: true
    case .none, .captions: false
    }
  }
}
