import Chat
import Pipelines
import Store
import Transfer

/// Batches on their way: from gathered to begun, looked at, and closed.
extension BatchRun {
  /// Uploads what was gathered and has its batch begun, once there are fewer under way than there may be.
  mutating func begin() async throws {
    guard var gathered = gathering else { return }
    try await gathered.flush()
    while followed.count >= limits.atOnce { try await waitForOne() }
    gathering = gathered
    var batch = gathered.batch
    let (api, spool) = (api, gathered.spool)
    batch.file = try await patiently {
      try await api.upload(spool.source, boundary: "earshot-\(batch.tag)")
    }
    batch.state = .uploaded
    try await store.keep(batch)
    gathering = nil
    var calls = 0
    let begun = try await patiently {
      calls += 1
      return try await create(batch, mayExist: calls > 1, requests: gathered.count)
    }
    followed.append(begun)
  }

  /// Has a batch begun whose file is uploaded. Once that is asked for, nothing but a kill keeps it from being taken down.
  private func create(_ batch: BatchRecord, mayExist: Bool, requests: Int) async throws -> BatchRecord {
    let (api, store, file) = (api, store, batch.file ?? "")
    let creation = Task {
      let status = try await api.create(file: file, tag: batch.tag, mayExist: mayExist, since: Int(batch.made))
      return (try await Self.created(batch, status, in: store), status)
    }
    let (created, status) = try await creation.value
    panel.batch(created.id, status, requests: requests)
    return created
  }

  private static func created(
    _ batch: BatchRecord, _ status: BatchStatus, in store: RunStore
  ) async throws -> BatchRecord {
    var batch = batch
    (batch.state, batch.remote, batch.status) = (.created, status.id, status.state.rawValue)
    try await store.keep(batch)
    return batch
  }

  /// Looks after a batch that an earlier process left.
  mutating func takeOver(_ batch: BatchRecord) async throws {
    let reserved = try store.reserved(by: batch)
    budget.adopt(reserved)
    switch batch.state {
    case .created, .ended: followed.append(batch)
    case .uploaded:
      var begun = try await found(batch)
      if begun == nil { begun = try await begunLate(batch, reserved.requests) }
      if let begun {
        followed.append(begun)
      } else {
        fallthrough
      }
    case .gathering, .closed:
      try await store.forget(batch)
      budget.settle(reserved, as: Charge(), wasSent: false)
      claims.release(batch.id)
    }
  }

  /// The batch at the endpoint, where it was made although this was not taken down.
  private func found(_ batch: BatchRecord) async throws -> BatchRecord? {
    let api = api
    guard let status = try await patiently({ try await api.find(tag: batch.tag, since: Int(batch.made)) }) else {
      return nil
    }
    return try await Self.created(batch, status, in: store)
  }

  /// Begins the batch of a file that was uploaded, unless the endpoint does not have that any more.
  private func begunLate(_ batch: BatchRecord, _ requests: Int) async throws -> BatchRecord? {
    guard begins else { return nil }
    do {
      return try await patiently { try await create(batch, mayExist: true, requests: requests) }
    } catch ChatError.rejected {
      return nil
    }
  }

  /// What a look at batches under way showed.
  struct Sight {
    var closed = 0
    /// Whether any is in another state than before.
    var changed = false
    /// Seconds until the endpoint wants to be asked again.
    var advice: Double?
  }

  /// Asks how the batches under way stand, and takes up those that ended.
  mutating func look() async throws -> Sight {
    var sight = Sight()
    for batch in followed {
      try Task.checkCancellation()
      try await look(at: batch, &sight)
    }
    panel.showBatches(RequestPanel.Failures(kinds: failures.counts, givenUp: 0))
    return sight
  }

  private mutating func look(at batch: BatchRecord, _ sight: inout Sight) async throws {
    let (api, before) = (api, sight.closed)
    sight.closed += 1
    guard batch.state == .created, let remote = batch.remote else { return try await end(batch) }
    guard let status = try await patiently({ try await api.status(of: remote) }) else { return try await giveUp(batch) }
    sight.advice = max(sight.advice ?? 0, status.retryAfter ?? 0)
    let isNews = status.state.rawValue != batch.status
    sight.changed = sight.changed || isNews
    let noted = isNews || status.state.isLast ? try await note(status, of: batch) : batch
    panel.batch(batch.id, status, requests: status.total)
    switch status.state {
    case .failed: try await refuse(noted, status)
    case let state where state.isLast: try await end(noted)
    default: sight.closed = before
    }
  }

  private mutating func note(_ status: BatchStatus, of batch: BatchRecord) async throws -> BatchRecord {
    var batch = batch
    batch.status = status.state.rawValue
    if status.state.isLast, status.state != .failed {
      (batch.state, batch.output, batch.errors) = (.ended, status.outputFile, status.errorFile)
    }
    try await store.keep(batch)
    if let place = followed.firstIndex(where: { $0.id == batch.id }) { followed[place] = batch }
    return batch
  }

  /// Takes up what a batch came to that has ended.
  private mutating func end(_ batch: BatchRecord) async throws {
    let fetch = BatchFetch(desk: desk, client: client, context: context, budget: budget, panel: panel)
    let harvest: BatchFetch.Harvest
    do {
      harvest = try await patiently { try await fetch.harvest(batch) }
    } catch StagesError.batchLost {
      return try await giveUp(batch)
    }
    drop(batch)
    note(harvest)
    tell(harvest, of: batch)
    let isWorking = try harvest.answered > 0 || store.hasCompletions(stage: stage)
    if !isWorking, harvest.refused.count >= Self.mostRefusals, let last = harvest.refused.values.max() {
      throw StagesError.endpointFailing(failures: harvest.refused.count, last: last)
    }
  }

  /// So many refusals, and no answer to anything: the endpoint will have none, rather than one request.
  private static var mostRefusals: Int { 8 }

  private func tell(_ harvest: BatchFetch.Harvest, of batch: BatchRecord) {
    let name = "batch \(batch.remote ?? batch.tag)"
    if !harvest.again.isEmpty, let status = batch.status {
      let (left, all) = (harvest.again.count, harvest.again.count + harvest.answered + harvest.refused.count)
      let way = begins ? "go into another one" : "are made directly"
      context.progress.note(
        stage: stage, "\(name) is \(status), with \(left) of \(all) requests left; those \(way)")
    }
    if harvest.otherForm > 0 {
      let others = "\(counted(harvest.otherForm, "request")) of \(name)"
      context.progress.note(stage: stage, "\(others) have a form that is refused, and will be put in another")
    }
    let odd = harvest.unreadableLines + harvest.strangers
    if odd > 0 { context.progress.note(stage: stage, "\(name): \(counted(odd, "line")) answer nothing that was asked") }
  }

  /// A batch that failed as a whole: smaller ones may do, or nothing will.
  private mutating func refuse(_ batch: BatchRecord, _ status: BatchStatus) async throws {
    let reason = status.reason
    let reserved = try await store.close(batch, reason, mayBeBilled: false)
    budget.settle(reserved, as: Charge())
    drop(batch)
    guard status.isTooMuch, limits.shrink(after: reserved.requests, besides: followed.count) else {
      throw StagesError.batchRefused(status.id, endpoint: desk.endpoint.identity, reason: reason)
    }
    let next =
      followed.isEmpty
      ? "at most \(counted(limits.requests, "request")) a batch from now on"
      : "at most \(batchCount(limits.atOnce)) at a time from now on"
    context.progress.note(stage: stage, "batch \(status.id) is more than the endpoint takes (\(reason)); \(next)")
  }

  /// A batch that the endpoint does not know any more, or whose files are gone.
  private mutating func giveUp(_ batch: BatchRecord) async throws {
    let name = batch.remote ?? batch.tag
    guard settings.replacesLost else {
      lost = batch.id
      throw StagesError.batchLost(name, endpoint: desk.endpoint.identity)
    }
    let reserved = try await store.close(batch, "the endpoint does not know the batch any more", mayBeBilled: true)
    budget.settle(reserved, as: reserved.charge)
    drop(batch)
    context.progress.note(
      stage: stage, "batch \(name) is no longer there; \(counted(reserved.requests, "request")) of it are asked again")
  }

  private mutating func drop(_ batch: BatchRecord) {
    followed.removeAll { $0.id == batch.id }
    claims.release(batch.id)
    panel.batchEnded(batch.id)
  }

  /// Takes up what came of batches that nobody waits for any more, such as those of earlier prompts: it is paid for.
  /// What cannot be learned of them now, the next run may.
  mutating func lookAfterOthers() async throws {
    let identity = desk.endpoint.identity
    for batch in try store.openBatches(stage: stage) where batch.endpoint == identity && claims.claim(batch.id) {
      defer { claims.release(batch.id) }
      do {
        try await lookAfter(batch)
      } catch let error as ChatError {
        context.progress.note(stage: stage, "batch \(batch.remote ?? batch.tag), which is not needed now: \(error)")
      }
    }
  }

  private mutating func lookAfter(_ batch: BatchRecord) async throws {
    var batch = batch
    if batch.state == .uploaded {
      guard let status = try await api.find(tag: batch.tag, since: Int(batch.made)) else {
        let reserved = try store.reserved(by: batch)
        budget.adopt(reserved)
        try await store.forget(batch)
        return budget.settle(reserved, as: Charge(), wasSent: false)
      }
      batch = try await Self.created(batch, status, in: store)
    }
    guard batch.state == .created || batch.state == .ended, let remote = batch.remote,
      let status = try await api.status(of: remote)
    else { return }
    guard status.state.isLast else {
      return context.progress.note(
        stage: stage, "batch \(remote) is under way, with requests whose answers nothing waits for now")
    }
    budget.adopt(try store.reserved(by: batch))
    if status.state == .failed {
      let reserved = try await store.close(batch, status.reason, mayBeBilled: false)
      return budget.settle(reserved, as: Charge())
    }
    followed = [batch]
    _ = try await look()
  }

  /// Does what may fail because the endpoint is away for a while, again and again as long as the endpoint's patience
  /// goes.
  private func patiently<Value>(_ work: () async throws -> Value) async throws -> Value {
    let start = ContinuousClock.now
    while true {
      do {
        return try await work()
      } catch let error as ChatError {
        switch error {
        case .unreachable(_, _, .tls): throw error
        case .unreachable, .exhausted, .transfer(_, .cutOff): break
        default: throw error
        }
        guard start.duration(to: .now) < .seconds(desk.endpoint.patience) else { throw error }
        try await api.wait(seconds: min(settings.poll, 10))
      }
    }
  }
}

extension BatchStatus {
  /// Why it failed, as far as it is told.
  var reason: String {
    let told = problems.prefix(3).map { problem in
      let text = [problem.code, problem.message].filter { !$0.isEmpty }.joined(separator: ": ")
      return text + (problem.line.map { " (line \($0) of its file)" } ?? "")
    }
    let more = problems.count > 3 ? ", and \(problems.count - 3) more" : ""
    return told.isEmpty ? "no reason is told" : told.joined(separator: "; ") + more
  }
}
