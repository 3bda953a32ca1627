public import Store

/// What a stage works with.
public struct StageContext: Sendable {
  public let store: RunStore
  public let folder: RunFolder
  public let place: StagePlace
  public let progress: any ProgressReporter
  /// Worker threads for work on the processor.
  public let threads: Int
  /// Take up at most this many source files.
  public let limit: Int?
  /// For a stage over the whole set: what its result must belong to, to be current.
  public let setInput: String
  public let requests: RequestPolicy

  public init(
    store: RunStore, folder: RunFolder, place: StagePlace, progress: any ProgressReporter, threads: Int,
    limit: Int? = nil, setInput: String = "", requests: RequestPolicy = RequestPolicy()
  ) {
    self.store = store
    self.folder = folder
    self.place = place
    self.progress = progress
    self.threads = threads
    self.limit = limit
    self.setInput = setInput
    self.requests = requests
  }

  /// Whether the stage's last result, over the whole set, is one of the set as it is now.
  public func isSetCurrent() throws(StoreError) -> Bool {
    try store.stage(named: place.name)?.input == setInput
  }

  /// The clips that the stage has no result for, a page at a time, in the order of their ids.
  public func pendingPages(of size: Int = 512) -> PendingClips {
    PendingClips(context: self, size: size)
  }
}

/// What a run may ask of endpoints.
public struct RequestPolicy: Sendable, Equatable {
  public var limits = SpendingLimits()
  /// Nothing goes over the network: what has its answer is made again from that, and the rest stays as it is.
  public var replaysOnly = false
  /// Nothing goes out in batches, whose answers may take a day.
  public var asksDirectly = false

  public init(limits: SpendingLimits = SpendingLimits(), replaysOnly: Bool = false) {
    self.limits = limits
    self.replaysOnly = replaysOnly
  }
}

/// Pages of clips that a stage has no result for.
public struct PendingClips: Sendable {
  let context: StageContext
  let size: Int
  private var last = ""

  init(context: StageContext, size: Int) {
    self.context = context
    self.size = size
  }

  /// The next page; empty at the end.
  public mutating func next() throws(StoreError) -> [ClipRecord] {
    let ids = try context.store.pendingClips(context.place, from: last, limit: size)
    guard let end = ids.last else { return [] }
    last = end
    return try context.store.clips(ids)
  }
}
