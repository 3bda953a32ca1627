import Foundation

/// Work on the processor over pages of items, on threads of its own: nothing that blocks belongs in a task.
///
/// Items go to the workers in chunks; their results come back to one committing thread in batches, so that a slow disk
/// costs one wait per batch. Memory holds a few chunks per worker, however many items there are.
public struct ParallelWork<Item: Sendable, Output: Sendable>: Sendable {
  public var threads: Int
  /// Items handed to a worker at once.
  public var chunk: Int
  /// Results gathered before a commit, unless there is nothing else to do or `patience` is over.
  public var batch = 64
  /// Seconds that a result waits for others before it is committed: what a kill may cost.
  public var patience = 0.5

  public init(threads: Int, chunk: Int) {
    self.threads = max(threads, 1)
    self.chunk = max(chunk, 1)
  }

  /// Calls `work` on all that `page` gives until it gives an empty page, and `commit` on what comes out.
  /// `page` and `commit` are called on one thread. Ends early when the task is cancelled, after committing what is
  /// done.
  public func run(
    page: sending @escaping () throws -> [Item],
    work: @escaping @Sendable ([Item]) throws -> [Output],
    commit: sending @escaping ([Output]) throws -> Void
  ) async throws {
    let state = ParallelState<Item, Output>()
    let threads = threads
    let coordinator = Coordinator(
      state: state, chunk: chunk, batch: batch, patience: patience, depth: threads * 2, page: page, commit: commit)
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        for _ in 0..<threads { Thread { state.serve(work) }.start(named: "earshot.worker") }
        Thread { continuation.resume(with: coordinator.result()) }.start(named: "earshot.commit")
      }
    } onCancel: {
      state.stop(CancellationError())
    }
  }
}

extension Thread {
  fileprivate func start(named name: String) {
    self.name = name
    stackSize = 4 << 20
    start()
  }
}

/// What the threads share.
// @unchecked because every access to the variables is inside `condition`.
private final class ParallelState<Item: Sendable, Output: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var chunks: [[Item]] = []
  private var outputs: [Output] = []
  private var working = 0
  private var isClosed = false
  private var failure: (any Error)?
  private var handedOver = Date()

  /// A worker's life: take a chunk, work on it, hand in the results.
  func serve(_ work: ([Item]) throws -> [Output]) {
    while let items = take() {
      let result = Result { try work(items) }
      condition.withLock {
        working -= 1
        switch result {
        case .success(let made): outputs += made
        case .failure(let error): failure = failure ?? error
        }
        condition.broadcast()
      }
    }
  }

  private func take() -> [Item]? {
    condition.withLock {
      while chunks.isEmpty && !isClosed && failure == nil { condition.wait() }
      guard failure == nil, !chunks.isEmpty else { return nil }
      working += 1
      return chunks.removeFirst()
    }
  }

  func stop(_ error: any Error) {
    condition.withLock {
      failure = failure ?? error
      condition.broadcast()
    }
  }

  func add(_ new: [[Item]]) {
    condition.withLock {
      chunks += new
      condition.broadcast()
    }
  }

  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  /// Waits until there are `batch` results, or some that waited long enough, or fewer than `depth` chunks are left to
  /// hand out, or all is done.
  func gather(batch: Int, patience: Double, depth: Int, isExhausted: Bool) -> Gathered<Output> {
    condition.withLock {
      var isOverdue = false
      while failure == nil && outputs.count < batch && !isIdle && !isOverdue
        && (isExhausted || chunks.count >= depth)
      {
        if outputs.isEmpty {
          condition.wait()
        } else {
          isOverdue = !condition.wait(until: handedOver.addingTimeInterval(patience))
        }
      }
      // On failure the chunks at work are waited for: what they made is committed too.
      while failure != nil && working > 0 { condition.wait() }
      let ready = outputs.count >= batch || isIdle || isOverdue || failure != nil ? outputs : []
      if !ready.isEmpty {
        outputs = []
        handedOver = Date()
      }
      return Gathered(outputs: ready, isIdle: isIdle, wantsMore: chunks.count < depth, failure: failure)
    }
  }

  private var isIdle: Bool { chunks.isEmpty && working == 0 }
}

private struct Gathered<Output> {
  var outputs: [Output]
  var isIdle: Bool
  var wantsMore: Bool
  var failure: (any Error)?
}

/// The thread that fetches pages and commits results.
// @unchecked because it is handed to one thread and used by it alone.
private final class Coordinator<Item: Sendable, Output: Sendable>: @unchecked Sendable {
  private let state: ParallelState<Item, Output>
  private let chunk: Int
  private let batch: Int
  private let patience: Double
  private let depth: Int
  private let page: () throws -> [Item]
  private let commit: ([Output]) throws -> Void

  init(
    state: ParallelState<Item, Output>, chunk: Int, batch: Int, patience: Double, depth: Int,
    page: @escaping () throws -> [Item],
    commit: @escaping ([Output]) throws -> Void
  ) {
    self.state = state
    self.chunk = chunk
    self.batch = batch
    self.patience = patience
    self.depth = depth
    self.page = page
    self.commit = commit
  }

  func result() -> Result<Void, any Error> {
    defer { state.close() }
    do {
      try loop()
      return .success(())
    } catch {
      state.stop(error)
      return .failure(error)
    }
  }

  private func loop() throws {
    var isExhausted = false
    while true {
      if !isExhausted {
        let items = try page()
        isExhausted = items.isEmpty
        state.add(
          stride(from: 0, to: items.count, by: chunk).map { Array(items[$0..<min($0 + chunk, items.count)]) })
      }
      while true {
        let gathered = state.gather(batch: batch, patience: patience, depth: depth, isExhausted: isExhausted)
        if !gathered.outputs.isEmpty { try commit(gathered.outputs) }
        if let failure = gathered.failure { throw failure }
        if isExhausted && gathered.isIdle { return }
        if !isExhausted && gathered.wantsMore { break }
      }
    }
  }
}
