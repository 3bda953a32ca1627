import Dispatch
import GRDB
import Synchronization

/// Commits what many tasks write at a time in common transactions: while one is made durable, the next one gathers.
///
/// A disk makes some hundred transactions durable in a second, an endpoint gives a thousand answers. Each caller goes on
/// once what it wrote is durable, as if it had had a transaction of its own.
final class GroupCommit: Sendable {
  private struct Job: Sendable {
    var write: @Sendable (Database) throws -> Void
    var then: @Sendable (Result<Void, any Error>) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    var isDraining = false
  }

  private let database: any DatabaseWriter
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "earshot.group-commit")
  /// More in one transaction would make the first of them wait.
  private static let largest = 512

  init(_ database: any DatabaseWriter) {
    self.database = database
  }

  /// Runs `write` in a transaction with others' and returns its value once that is durable.
  func commit<Value: Sendable>(_ write: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    let result = Written<Value>()
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      add(Job(write: { db in result.set(try write(db)) }, then: { continuation.resume(with: $0) }))
    }
    guard let value = result.value else { throw StoreError.query(path: "", reason: "a write gave no value") }
    return value
  }

  private func add(_ job: Job) {
    let isFirst = state.withLock { state in
      state.waiting.append(job)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    if isFirst { queue.async { [self] in drain() } }
  }

  private func drain() {
    while true {
      let jobs = state.withLock { state -> [Job] in
        let jobs = Array(state.waiting.prefix(Self.largest))
        state.waiting.removeFirst(jobs.count)
        state.isDraining = !jobs.isEmpty
        return jobs
      }
      guard !jobs.isEmpty else { return }
      do {
        try database.write { db in for job in jobs { try job.write(db) } }
        for job in jobs { job.then(.success(())) }
      } catch {
        writeAlone(jobs)
      }
    }
  }

  /// One that cannot be written is not to take the others with it.
  private func writeAlone(_ jobs: [Job]) {
    for job in jobs { job.then(Result { try database.write { try job.write($0) } }) }
  }
}

/// The value of a write that may be made twice: in company, and again alone.
private final class Written<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  var value: Value? { state.withLock { $0 } }

  func set(_ value: Value) { state.withLock { $0 = value } }
}
