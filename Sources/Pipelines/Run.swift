import Foundation
public import Store

/// A pipeline on a run folder: its stages, run one after the other, each on what it has no result for.
public struct Run: Sendable {
  public let folder: RunFolder
  public let stages: [any Stage]
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  public var limit: Int?
  public var requests = RequestPolicy()

  public init(folder: RunFolder, stages: [any Stage]) {
    self.folder = folder
    self.stages = stages
  }

  /// Throws where there is no stage named `last`.
  public func check(until last: String?) throws(PipelineError) {
    _ = try range(until: last)
  }

  /// Runs all stages up to the one named `last`, or all.
  public func execute(in store: RunStore, until last: String?, progress: any ProgressReporter) async throws {
    let range = try range(until: last)
    for stage in stages { try stage.remember(in: store) }
    for index in range {
      try Task.checkCancellation()
      try await execute(index, in: store, progress)
    }
  }

  private func execute(_ index: Int, in store: RunStore, _ progress: any ProgressReporter) async throws {
    let stage = stages[index]
    let parts = fullParts(of: index)
    let earlier = try store.stage(named: stage.name)
    let isChanged = earlier.map { $0.parts != parts } ?? true
    if let earlier, isChanged, !requests.replaysOnly {
      try await tellCost(of: stage, PartChange.between(earlier.parts, and: parts), context(for: index, store, progress))
    }
    if isChanged { try store.begin(place(of: index, in: store), parts: parts) }
    let context = try context(for: index, store, progress)
    let pending = try stage.pending(context)
    guard isChanged || pending > 0 || stage.scope == .sources else {
      progress.upToDate(stage: stage.name)
      return
    }
    if !isChanged { try store.begin(context.place, parts: parts) }
    progress.started(stage: stage.name, total: pending, unit: stage.unit)
    let summary = try await stage.run(context)
    try store.finish(
      stage: stage.name, input: stage.scope == .set ? context.setInput : nil, summary: summary)
    progress.finished(stage: stage.name, summary: summary)
  }

  /// Says what a change costs before it does.
  private func tellCost(of stage: any Stage, _ changes: [PartChange], _ context: StageContext) async throws {
    let forecast = try await stage.forecast(context, changed: true)
    guard let text = forecast.text, forecast.usd != nil else { return }
    context.progress.note(stage: stage.name, "\(changes.map(\.name).joined(separator: ", ")) changed: \(text)")
  }

  /// What a run would do, stage by stage, without doing any of it.
  public func rehearse(in store: RunStore, until last: String?, progress: any ProgressReporter) async throws
    -> [Rehearsal]
  {
    var rehearsals: [Rehearsal] = []
    for index in try range(until: last) {
      let stage = stages[index]
      let record = try store.stage(named: stage.name)
      let parts = fullParts(of: index)
      let reasons = record.map { PartChange.between($0.parts, and: parts) } ?? []
      let forecast = try await stage.forecast(
        try context(for: index, store, progress), changed: record != nil && !reasons.isEmpty)
      let earlier = rehearsals.filter { $0.forecast.count > 0 || !$0.changes.isEmpty }.map(\.stage)
      rehearsals.append(
        Rehearsal(
          stage: stage.name, scope: stage.scope, forecast: forecast, isNew: record == nil, changes: reasons,
          follows: earlier))
    }
    return rehearsals
  }

  private func range(until last: String?) throws(PipelineError) -> Range<Int> {
    guard let last else { return 0..<stages.count }
    guard let index = stages.firstIndex(where: { $0.name == last }) else {
      throw .unknownStage(last, known: stages.map(\.name))
    }
    return 0..<index + 1
  }

  /// Stages that an earlier pipeline had and this one has not count as later ones: what they rejected is in again.
  private func place(of index: Int, in store: RunStore) throws(StoreError) -> StagePlace {
    let names = Set(stages.map(\.name))
    let gone = try store.stages().map(\.name).filter { !names.contains($0) }
    return StagePlace(
      name: stages[index].name, position: index, upstream: stages[..<index].last { $0.scope == .clips }?.name,
      followers: stages[(index + 1)...].map(\.name) + gone)
  }

  private func context(for index: Int, _ store: RunStore, _ progress: any ProgressReporter) throws(StoreError)
    -> StageContext
  {
    StageContext(
      store: store, folder: folder, place: try place(of: index, in: store), progress: progress, threads: threads,
      limit: limit,
      setInput: try store.setInput(), requests: requests)
  }

  /// A stage over the set depends on what the earlier ones over the set are made with.
  private func fullParts(of index: Int) -> [String: String] {
    var parts = stages[index].parts
    guard stages[index].scope == .set else { return parts }
    for earlier in stages[..<index] where earlier.scope == .set {
      for (name, value) in earlier.parts { parts["\(earlier.name): \(name)"] = value }
    }
    return parts
  }
}

extension RunStore {
  /// What a result over the whole set must belong to, to be one of the set as it is now.
  public func setInput() throws(StoreError) -> String {
    "revision \(try revision())"
  }
}

/// What a stage would do, and why.
public struct Rehearsal: Sendable {
  public var stage: String
  public var scope: StageScope
  public var forecast: StageForecast
  /// The stage never ran in this folder.
  public var isNew: Bool
  public var changes: [PartChange]
  /// Earlier stages with work or changes of their own, whose results this one would take up.
  public var follows: [String]
}

/// A part of a stage's fingerprint that is not what it was.
public struct PartChange: Sendable, Equatable {
  public var name: String
  public var before: String?
  public var after: String?

  static func between(_ before: [String: String], and after: [String: String]) -> [PartChange] {
    Set(before.keys).union(after.keys).sorted().compactMap { name in
      before[name] == after[name] ? nil : PartChange(name: name, before: before[name], after: after[name])
    }
  }
}
