import Foundation

/// The files and batches of a stand-in server. They live as long as it does, so a client may come back to them.
actor BatchBook {
  /// The one endpoint that batches are for.
  static let endpoint = "/v1/chat/completions"

  private struct Batch {
    var id: String
    var inputFile: String
    var metadata: [String: String]?
    var input: BatchInput
    var state: BatchState
    /// Polls since the last step.
    var polls = 0
    /// When the last step was due, seconds since 1970.
    var moved: Double
    var work: Task<BatchWork.Results, Never>?
    var counts: BatchObject.Counts?
    var outputFile: String?
    var errorFile: String?
  }

  private let settings: StandInBatches
  private let work: BatchWork
  private let clock: StandInClock
  private var files: [String: StoredFile] = [:]
  private var batches: [String: Batch] = [:]
  /// The ids of batches, the oldest first.
  private var order: [String] = []
  private var issued = 0

  init(settings: StandInBatches, desk: AnswerDesk, ledger: RequestLedger, clock: StandInClock) {
    self.settings = settings
    self.clock = clock
    work = BatchWork(desk: desk, ledger: ledger)
  }

  /// Ends work that is under way.
  func stop() {
    for batch in batches.values { batch.work?.cancel() }
  }
}

// Files
extension BatchBook {
  func add(_ content: Data, name: String, purpose: String) -> FileObject {
    let file = StoredFile(
      id: newID("file-"), name: name, purpose: purpose, created: Int(clock.now()), content: content)
    files[file.id] = file
    return file.description
  }

  func file(_ id: String) -> StoredFile? { files[id] }

  /// Whether there was such a file.
  func removeFile(_ id: String) -> Bool { files.removeValue(forKey: id) != nil }

  private func newID(_ prefix: String) -> String {
    issued += 1
    // The time is in it, so that a server started anew does not give out the ids of the one before.
    return prefix + StableHash.hex(StableHash.mix(UInt64(issued), clock.now().bitPattern))
  }
}

// Batches
extension BatchBook {
  /// Begins a batch of the file `inputFile`; nil where there is none.
  func begin(inputFile: String, metadata: [String: String]?) async -> BatchObject? {
    guard let file = files[inputFile] else { return nil }
    let input = await Self.read(file.content, mostRequests: settings.mostRequests, seed: settings.seed)
    let now = clock.now()
    let state = BatchState(
      total: input.items.count, isValid: input.problems.isEmpty, settings: settings, at: Int(now))
    let batch = Batch(
      id: newID("batch_"), inputFile: inputFile, metadata: metadata, input: input, state: state, moved: now)
    batches[batch.id] = batch
    order.append(batch.id)
    return object(batch)
  }

  /// How a batch stands, after the steps that are due; nil where there is none.
  func poll(_ id: String) async -> BatchObject? {
    batches[id]?.polls += 1
    while isStepDue(id) { await advance(id) }
    return batches[id].map(object)
  }

  /// Cancels a batch; there is no object where it is too late.
  func cancel(_ id: String) -> (found: Bool, object: BatchObject?) {
    guard var batch = batches[id] else { return (false, nil) }
    guard batch.state.cancel(at: Int(clock.now())) else { return (true, nil) }
    // What is done by now stays done.
    (batch.polls, batch.moved) = (0, clock.now())
    batches[id] = batch
    return (true, object(batch))
  }

  /// The newest first, as the API lists them, beginning behind the batch `after`.
  func list(limit: Int, after: String?) -> BatchList {
    let newest = order.reversed()
    let rest =
      after.flatMap { id in newest.firstIndex(of: id).map { newest[newest.index(after: $0)...] } } ?? newest[...]
    let page = rest.prefix(limit).compactMap { batches[$0] }.map(object)
    return BatchList(data: page, firstID: page.first?.id, lastID: page.last?.id, hasMore: rest.count > page.count)
  }

  /// Reads a file away from the actor, since a long one takes a while; the items in the order in which they are
  /// answered.
  @concurrent private static func read(_ file: Data, mostRequests: Int, seed: UInt64) async -> BatchInput {
    var input = BatchInput(file, endpoint: endpoint, mostRequests: mostRequests)
    var random = SplitMix64(seed: StableHash.mix(seed, UInt64(input.items.count)))
    input.items = random.shuffled(input.items)
    return input
  }

  private func isStepDue(_ id: String) -> Bool {
    guard let batch = batches[id], !batch.state.status.isLast else { return false }
    return switch settings.pace {
    case .polls(let count): batch.polls >= max(1, count)
    case .seconds(let seconds): clock.now() >= batch.moved + max(0, seconds)
    }
  }

  private func advance(_ id: String) async {
    batches[id]?.polls = 0
    if case .seconds(let seconds) = settings.pace { batches[id]?.moved += max(0, seconds) }
    switch batches[id]?.state.status {
    case .finalizing: await finish(id)
    case .cancelling:
      startWork(id, rest: ("batch_cancelled", "This request was not executed before the batch was cancelled."))
      await finish(id)
    default:
      step(id)
      guard batches[id]?.state.status == .finalizing else { return }
      startWork(
        id, rest: ("batch_expired", "This request could not be executed before the completion window expired."))
    }
  }

  private func step(_ id: String) {
    batches[id]?.state.advance(at: Int(clock.now()))
  }

  /// - Parameter rest: what becomes of the requests that are not worked on.
  private func startWork(_ id: String, rest: (code: String, message: String)) {
    guard let batch = batches[id], batch.work == nil else { return }
    batches[id]?.work = Task { [work] in await work.results(batch.input.items, done: batch.state.done, rest: rest) }
  }

  /// Waits for the work, keeps its files, and takes the last step, unless another did meanwhile.
  private func finish(_ id: String) async {
    guard let batch = batches[id], let results = await batch.work?.value,
      batches[id]?.state.status == batch.state.status
    else { return }
    batches[id]?.counts = BatchObject.Counts(
      total: batch.state.total, completed: results.completed, failed: results.failed)
    if !results.output.isEmpty {
      batches[id]?.outputFile = add(results.output, name: "\(id)_output.jsonl", purpose: "batch_output").id
    }
    if !results.errors.isEmpty {
      batches[id]?.errorFile = add(results.errors, name: "\(id)_error.jsonl", purpose: "batch_output").id
    }
    step(id)
  }

  private func object(_ batch: Batch) -> BatchObject {
    let isFailed = batch.state.status == .failed
    let counts = BatchObject.Counts(total: isFailed ? 0 : batch.state.total, completed: batch.state.done, failed: 0)
    return BatchObject(
      id: batch.id, endpoint: Self.endpoint, window: "24h", inputFile: batch.inputFile, status: batch.state.status,
      times: batch.state.times, problems: isFailed ? batch.input.problems : [], outputFile: batch.outputFile,
      errorFile: batch.errorFile, counts: batch.counts ?? counts, metadata: batch.metadata)
  }
}
