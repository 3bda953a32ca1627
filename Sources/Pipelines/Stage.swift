public import Store

/// What a stage has one result for.
public enum StageScope: Sendable {
  /// Each source file.
  case sources
  /// Each clip.
  case clips
  /// The whole set.
  case set
}

/// One step of a pipeline. It asks the store for the items that have no result, works on them, and commits each
/// result in a transaction: that is all there is to resuming.
public protocol Stage: Sendable {
  /// As the pipeline file and the screen name it.
  var name: String { get }
  var scope: StageScope { get }
  /// What the items are called on screen.
  var unit: String { get }
  /// Everything that could change the results, by name: versions, settings, digests of prompts and models. Nothing that
  /// could not, such as concurrency. Names are shown to the user when a part changed.
  var parts: [String: String] { get }

  /// Stores the settings that no result depends on and a status shows; called by every run, even where there is no
  /// work.
  func remember(in store: RunStore) throws
  /// Items that have no result yet.
  func pending(_ context: StageContext) throws -> Int
  /// What a run would have to do, without doing it. `changed` tells that `parts` are not those of the last pass.
  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast
  /// Works on all pending items; returns the result in a few words.
  func run(_ context: StageContext) async throws -> String
}

/// What a stage would do.
public struct StageForecast: Sendable, Equatable {
  public var count: Int
  public var unit: String
  /// The work in words, where count and unit do not tell it.
  public var text: String?
  /// US dollars, where the work costs some and it can be told.
  public var usd: Double?

  public init(count: Int, unit: String, text: String? = nil, usd: Double? = nil) {
    self.count = count
    self.unit = unit
    self.text = text
    self.usd = usd
  }
}

extension Stage {
  public var unit: String { "clips" }

  public func remember(in store: RunStore) throws {}

  public func pending(_ context: StageContext) throws -> Int {
    switch scope {
    case .sources: try context.store.pendingSourceCount()
    case .clips: try context.store.pendingCount(context.place)
    case .set: try context.isSetCurrent() ? 0 : 1
    }
  }

  public func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    guard changed else { return StageForecast(count: try pending(context), unit: unit) }
    return StageForecast(count: scope == .set ? 1 : try context.store.clipCount(), unit: unit)
  }
}
