import Chat
import Pipelines
import Store
import Transfer

/// Brings home what an ended batch came to: its files line by line, each answer raw into the store.
struct BatchFetch: Sendable {
  let desk: RequestDesk
  let client: ChatClient
  let context: StageContext
  let budget: Budget
  let panel: RequestPanel

  /// What a batch came to.
  struct Harvest {
    var answered = 0
    /// Requests without an answer that are to be made again, and why.
    var again: [String: String] = [:]
    /// Of those the ones that ask less strictly the next time.
    var otherForm = 0
    /// Requests that the endpoint will not have, and why.
    var refused: [String: String] = [:]
    var unreadableLines = 0
    var strangers = 0
  }

  /// Takes all that is there, then closes the batch. Done again after a kill it takes the rest.
  func harvest(_ batch: BatchRecord) async throws -> Harvest {
    var harvest = Harvest()
    for file in [batch.output, batch.errors].compactMap(\.self) {
      try await take(try await download(file, of: batch), of: batch, into: &harvest)
    }
    let rest = try context.store.openRequests(of: batch)
    // What a whole batch leaves out may have been worked on; one that was cut short says what was not by its state.
    let isWhole = batch.status == BatchStatus.State.completed.rawValue
    let detail = isWhole ? "not in the batch's files" : "the batch is \(batch.status ?? "over")"
    let reserved = try await context.store.close(batch, detail, mayBeBilled: isWhole)
    budget.settle(reserved, as: isWhole ? reserved.charge : Charge())
    for key in rest { harvest.again[key] = detail }
    return harvest
  }

  private func download(_ file: String, of batch: BatchRecord) async throws -> SpoolFile {
    var attempts = 0
    while true {
      let spool = try SpoolFile(in: context.folder.path)
      let isThere: Bool
      do {
        isThere = try await BatchClient(client).download(file, to: spool.sink)
      } catch {
        throw spool.failure ?? error
      }
      guard isThere else { throw StagesError.batchLost(batch.remote ?? batch.tag, endpoint: desk.endpoint.identity) }
      if spool.endsWhole { return spool }
      attempts += 1
      guard attempts < desk.endpoint.maximumAttempts else {
        throw ChatError.transfer(endpoint: desk.endpoint.identity, .cutOff(received: spool.size))
      }
    }
  }

  private func take(_ spool: SpoolFile, of batch: BatchRecord, into harvest: inout Harvest) async throws {
    let isWorking = try harvest.answered > 0 || context.store.hasCompletions(stage: context.place.name)
    let reading = BatchReading(desk: desk, client: client, batch: batch, isWorking: isWorking)
    var lines = SpoolLines(spool)
    while true {
      try Task.checkCancellation()
      let (items, unreadable, next) = try await onThread { [lines] in
        var lines = lines
        let answers = try lines.next().map { BatchAnswer($0) }
        return (answers.compactMap { $0.map(reading.item) }, answers.count { $0 == nil }, lines)
      }
      guard !items.isEmpty || unreadable > 0 else { return }
      lines = next
      harvest.unreadableLines += unreadable
      try await commit(items, of: batch, into: &harvest)
    }
  }

  private func commit(
    _ items: [BatchReading.Item], of batch: BatchRecord, into harvest: inout Harvest
  ) async throws {
    let items = try items.map { try priced($0, batch) }
    let reserved = try await context.store.collect(items.map { ($0.key, $0.outcome) }, of: batch)
    for (item, reserved) in zip(items, reserved) {
      guard let reserved else {
        // Else it was taken up before a kill.
        if try !context.store.isRequest(item.key, of: batch) { harvest.strangers += 1 }
        continue
      }
      let isBilled = if case .failed(_, true) = item.outcome { true } else { false }
      let charge = item.charge ?? (isBilled ? reserved : Charge())
      budget.settle(ReservedRequests(requests: 1, charge: reserved), as: charge)
      switch item.fate {
      case .answered:
        harvest.answered += 1
        if case .answered(let response) = item.outcome { panel.answered(response, charge) }
        panel.harvested(1)
      case .again(let reason): harvest.again[item.key] = reason
      case .otherForm: harvest.otherForm += 1
      case .refused(let reason): harvest.refused[item.key] = reason
      }
    }
  }

  /// An answer that does not tell its tokens counts as much as it may have cost.
  private func priced(_ item: BatchReading.Item, _ batch: BatchRecord) throws -> BatchReading.Item {
    guard item.charge == nil, case .answered(var response) = item.outcome,
      let worst = try context.store.reserved(for: item.key, of: batch)
    else { return item }
    var item = item
    if desk.price.isKnown() { response.usd = worst.usd }
    item.outcome = .answered(response)
    item.charge = worst
    return item
  }
}
