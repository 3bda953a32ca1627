import Chat
import Pipelines
import Store

/// Puts requests of one stage to an endpoint in batches, several under way at a time, until all are settled.
///
/// It goes over the requests that have no answer in passes. A pass gathers batches and has them begun; when all of them
/// have ended, the next one takes up what their answers lead to and what has to be asked again. Everything that it goes
/// by is in the store, so that a later process goes on where this one ended: a request that is in a batch under way is
/// never put into another one.
struct BatchRun {
  /// The requests of a pass, one after the other, nil after the last.
  typealias Source = () async throws -> RequestDesk.Open?

  let settings: BatchSettings
  let client: ChatClient
  let context: StageContext
  let budget: Budget
  let panel: RequestPanel
  let claims: BatchClaims
  /// Whether batches are begun, or only those that are under way waited for.
  let begins: Bool
  /// With the price of requests in batches.
  let desk: RequestDesk
  /// With that of others.
  private let directDesk: RequestDesk
  var limits: BatchLimits
  var pace: PollPace
  /// Batches under way that are waited for.
  var followed: [BatchRecord] = []
  var gathering: BatchGathering?
  let failures = Tally()
  /// The batch that ended this, for it is not at the endpoint any more.
  var lost: Int64?
  private var isReached = false
  /// How often a request came back without an answer.
  private var tries: [String: Int] = [:]
  /// Requests of this pass that went into a batch, or that wait for one that another looks after.
  private var begun = 0
  private var elsewhere = 0

  var store: RunStore { context.store }
  var stage: String { context.place.name }
  var api: BatchClient { BatchClient(client) }

  init(
    _ desk: RequestDesk, _ settings: BatchSettings?, client: ChatClient, context: StageContext, budget: Budget,
    panel: RequestPanel, claims: BatchClaims
  ) {
    directDesk = desk
    var desk = desk
    desk.price = desk.price.inBatches
    begins = settings != nil
    self.desk = desk
    self.settings = settings ?? BatchSettings()
    (self.client, self.context, self.budget, self.panel, self.claims) = (client, context, budget, panel, claims)
    limits = BatchLimits(self.settings)
    pace = PollPace(longest: self.settings.poll)
  }

  /// Goes on until a pass finds nothing more to ask, or to wait for.
  mutating func run(_ makeSource: () -> Source) async throws {
    do {
      repeat {
        (begun, elsewhere) = (0, 0)
        try await pass(makeSource())
        while !followed.isEmpty { try await waitForOne() }
        if elsewhere > 0, begun == 0 { try await api.wait(seconds: pace.wait(changed: false, advice: nil)) }
      } while begun + elsewhere > 0
      try await lookAfterOthers()
    } catch {
      // Nothing of it is at the endpoint that could cost anything.
      if let batch = gathering?.batch { try? await store.forget(batch) }
      leave()
      if case ChatError.cancelled = error { throw CancellationError() }
      throw error
    }
    report()
  }

  private mutating func pass(_ source: Source) async throws {
    while let request = try await source()?.next {
      try Task.checkCancellation()
      if try await isUnderWay(request) { continue }
      guard begins, tries[request.key, default: 0] < desk.endpoint.maximumAttempts else { continue }
      try await put(request)
    }
    try await begin()
  }

  /// Whether a request is in a batch that is not closed, which is then waited for.
  private mutating func isUnderWay(_ request: EndpointRequest) async throws -> Bool {
    while let batch = try store.openBatch(of: request.key) {
      if followed.contains(where: { $0.id == batch.id }) || gathering?.batch.id == batch.id {
        begun += 1
        return true
      }
      guard claims.claim(batch.id) else {
        elsewhere += 1
        return true
      }
      try await reach()
      try await takeOver(batch)
    }
    return false
  }

  /// Adds a request to the batch that is being gathered, once there is room for what it may cost.
  private mutating func put(_ request: EndpointRequest) async throws {
    try await reach()
    let (body, spelling) = client.batched(request.chat)
    let line = BatchLine.bytes(customID: request.key, body: body)
    let worst = request.worst(at: desk.price)
    guard line.count <= limits.bytes else {
      tries[request.key] = desk.endpoint.maximumAttempts
      return failures.add("it takes \(line.count) bytes, more than a batch may have (batch.megabytes)")
    }
    try await makeRoom(for: worst)
    if let open = gathering, !open.takes(line.count, model: request.chat.model, spelling, limits) {
      try await begin()
    }
    if gathering == nil {
      let batch = try await BatchGathering(
        desk, model: request.chat.model, spelling, stage: stage, in: context.folder.path, store)
      _ = claims.claim(batch.batch.id)
      gathering = batch
    }
    let record = request.record(at: desk)
    try await gathering?.add(record, line: line, worst)
    begun += 1
  }

  /// Reserves what a request may cost. Where it does not fit, what is gathered goes out, since batches that end cost less
  /// than they may.
  private mutating func makeRoom(for worst: Charge) async throws {
    while try !budget.reserveAtOnce(worst) {
      try await begin()
      if followed.isEmpty {
        try await api.wait(seconds: pace.wait(changed: false, advice: nil))
      } else {
        try await waitForOne()
      }
    }
  }

  /// Ends the stage at once where there is no server; later it is waited for. Finds out how it wants to be asked.
  private mutating func reach() async throws {
    guard !isReached else { return }
    try await Preparation(directDesk, client: client, context: context, flight: Flight(budget)).run()
    isReached = true
  }

  /// Waits until one of the batches under way is closed.
  mutating func waitForOne() async throws {
    while !followed.isEmpty {
      let sight = try await look()
      if sight.closed > 0 { return }
      try await api.wait(seconds: pace.wait(changed: sight.changed, advice: sight.advice))
    }
  }

  /// Takes note of requests that came back without an answer.
  mutating func note(_ harvest: BatchFetch.Harvest) {
    for (key, reason) in harvest.again {
      tries[key, default: 0] += 1
      if tries[key, default: 0] >= desk.endpoint.maximumAttempts { failures.add(reason) }
    }
    for (key, reason) in harvest.refused {
      tries[key] = desk.endpoint.maximumAttempts
      failures.add(reason)
    }
  }

  /// Says what goes on without this process.
  private func leave() {
    for batch in followed { claims.release(batch.id) }
    let here = try? store.openBatches(stage: stage).filter { $0.endpoint == desk.endpoint.identity && $0.id != lost }
    guard let open = here?.count(where: { $0.state == .created }), open > 0 else { return }
    context.progress.note(
      stage: stage,
      "\(batchCount(open)) under way at \(desk.endpoint.identity) \(open == 1 ? "goes" : "go") on there; the next run "
        + "takes up what comes of \(open == 1 ? "it" : "them")")
  }

  private func report() {
    for (reason, count) in failures.counts {
      context.progress.note(
        stage: stage, counted(count, "request") + " without an answer, to be made again by the next run: \(reason)")
    }
  }
}

/// A number of batches, in words.
func batchCount(_ count: Int) -> String { count == 1 ? "1 batch" : "\(count) batches" }
