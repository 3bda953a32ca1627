import Judging
import Pipelines
import Store

/// Has judges answer the questions without their sound, and says which of them need it.
///
/// The choices are rotated, so that each comes to each place once and no judge's favourite place counts. Answers are kept
/// under keys of all that was asked, so that a set that grows asks about what is new.
struct DependenceStage: Stage {
  let name = "dependence"
  let scope = StageScope.set
  let unit = "answers"
  private let settings: DependenceSettings

  init(_ section: Section) throws {
    settings = try DependenceSettings(section)
  }

  var parts: [String: String] { settings.parts }

  var weak: WeakQuestions { settings.weak }

  /// Questions whose answers are not all there are asked about again by every run.
  func pending(_ context: StageContext) throws -> Int {
    guard try context.isSetCurrent() else { return max(1, try missing(context)) }
    let counts = try context.store.contributionCounts()
    return counts["", default: 0] > 0 ? try missing(context) : 0
  }

  /// In words, since what is not written yet cannot be counted. With what it will cost, where answers so far and a price
  /// tell.
  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    let count = try missing(context)
    guard count > 0 else { return StageForecast(count: 0, unit: unit, text: changed ? nil : settings.plan) }
    let spent = try context.store.spending(stage: name)
    guard spent.answers > 0, spent.usd > 0 else {
      return StageForecast(count: count, unit: unit, text: counted(count, "answer") + " of judges")
    }
    let usd = spent.usd / Double(spent.answers) * Double(count)
    let text = counted(count, "answer") + " of judges, about \(dollars(usd)) at what the others cost"
    return StageForecast(count: count, unit: unit, text: text, usd: usd)
  }

  /// Answers that the set as it is would need, and that are not there.
  private func missing(_ context: StageContext) throws -> Int {
    let questions = try questions(context)
    return try settings.judges.reduce(0) { count, judge in
      guard case .classifier = judge.kind else {
        return count + (try JudgeAsks(questions, judge, in: context.store).missingCount())
      }
      return count
    }
  }

  private func questions(_ context: StageContext) throws -> DependenceQuestions {
    DependenceQuestions(
      try context.store.judgedQuestions(context.place), recordings: try context.store.recordings(),
      seed: settings.seed)
  }

  func run(_ context: StageContext) async throws -> String {
    try settings.checkPrices(name, usd: context.requests.limits.usd)
    let questions = try questions(context)
    try await DependenceRun(settings: settings, questions: questions, context: context).ask()
    let (settings, store) = (settings, context.store)
    let records = try await onThread { try DependenceResults(settings, questions, store).records() }
    try store.commit(dependence: records, input: context.setInput, context.place)
    return try summary(records, store)
  }

  private func summary(_ records: [DependenceRecord], _ store: RunStore) throws -> String {
    let strong = records.count { $0.contribution == "strong" }
    let weak = records.count { $0.contribution == "weak" }
    let rejected = try StageSummary(of: name, in: store).text(else: "")
    return "\(strong) strong, \(weak) weak" + (rejected.isEmpty ? "" : "; \(rejected)")
  }
}
