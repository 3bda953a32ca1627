import Audio
import Judging
import Pipelines
import Store

/// One pass of the `dependence` stage: endpoints all at once, then one model after the other.
struct DependenceRun: Sendable {
  let settings: DependenceSettings
  let questions: DependenceQuestions
  let context: StageContext

  func ask() async throws {
    try await askEndpoints()
    for judge in settings.judges {
      guard case .model(let model) = judge.kind else { continue }
      try await ModelJudging(judge: judge, model: model, questions: questions, context: context).ask()
    }
  }

  private func askEndpoints() async throws {
    let budget = Budget(context.requests.limits, spent: try context.store.spending())
    let total = try settings.judges.reduce(0) { count, judge in
      guard case .endpoint = judge.kind else { return count }
      return count + (try JudgeAsks(questions, judge, in: context.store).missingCount())
    }
    guard total > 0 else { return }
    let panel = RequestPanel(context, total: total, budget: budget, unit: "answers")
    let left = try await withThrowingTaskGroup(of: Int.self) { group in
      for judge in settings.judges {
        guard case .endpoint(let endpoint) = judge.kind else { continue }
        let judging = EndpointJudging(
          judge: judge, endpoint: endpoint, questions: questions, context: context, budget: budget, panel: panel)
        group.addTask { try await judging.ask() }
      }
      return try await group.reduce(0, +)
    }
    if left > 0 {
      context.progress.note(
        stage: context.place.name,
        "\(counted(left, "question")) to judges have no stored answer; what they are about stays out of the set")
    }
  }
}

/// The sounds of clips, as judges hear them.
struct JudgeSounds: Sendable {
  private let store: RunStore
  private let root: AudioRoot

  init(_ store: RunStore) throws {
    self.store = store
    root = try AudioRoot(store)
  }

  /// Nil where the clip is gone.
  func sound(_ heard: JudgeAsk.Heard) throws -> Sound? {
    guard let clip = try store.clips([heard.clip]).first else { return nil }
    // A clip is a stretch of its file, counted at the file's own rate.
    let rate = clip.seconds > 0 ? Double(clip.frames) / clip.seconds : 0
    let start = clip.startFrame > 0 && rate > 0 ? Double(clip.startFrame) / rate : nil
    return Sound(
      AudioReference(path: root.file(clip.path), start: start, duration: clip.seconds), content: heard.content)
  }
}
