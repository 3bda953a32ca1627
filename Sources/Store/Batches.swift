import Foundation
import GRDB

/// A batch of requests at an endpoint, and how far it came.
public struct BatchRecord: Sendable, Equatable {
  public enum State: String, Sendable {
    /// Its requests are being written down; nothing is at the endpoint that could cost anything.
    case gathering
    /// The endpoint has its file, and may have made the batch.
    case uploaded
    /// The endpoint made it, under the id `remote`.
    case created
    /// Nothing more comes of it; its answers are being fetched.
    case ended
    /// All that there is of it is in the store.
    case closed
  }

  public var id: Int64
  public var stage: String
  /// The endpoint's identity.
  public var endpoint: String
  public var model: String
  /// Which form of structured output its requests ask for.
  public var format: String
  /// Whether the limit of tokens in its requests is called `max_tokens`.
  public var limitsByOldName: Bool
  /// What it is marked with at the endpoint.
  public var tag: String
  /// Seconds since 1970.
  public var made: Double
  public var state: State
  /// What the endpoint calls its file, the batch, and the files of its answers and failures.
  public var file: String?
  public var remote: String?
  public var output: String?
  public var errors: String?
  /// The endpoint's last word on how it stands.
  public var status: String?
}

/// What became of a request of a batch.
public enum BatchOutcome: Sendable, Equatable {
  case answered(ResponseRecord)
  /// Without an answer; it may be made again.
  case failed(String, mayBeBilled: Bool)
}

/// Requests, and what they may cost at most together.
public struct ReservedRequests: Sendable, Equatable {
  public var requests = 0
  public var charge = Charge(usd: 0)

  public init(requests: Int = 0, charge: Charge = Charge(usd: 0)) {
    (self.requests, self.charge) = (requests, charge)
  }
}

// A batch's way
extension RunStore {
  /// Notes a batch before its first request. `tag` has to be one that no other batch anywhere has.
  public func beginBatch(
    stage: String, endpoint: String, model: String, format: String, limitsByOldName: Bool, tag: String, made: Double
  ) async throws(StoreError) -> BatchRecord {
    try await commit { db in
      try db.execute(
        sql: """
          INSERT INTO batch (stage, endpoint, model, format, old_limit_name, tag, made, state)
          VALUES (?, ?, ?, ?, ?, ?, ?, 'gathering')
          """, arguments: [stage, endpoint, model, format, limitsByOldName, tag, made])
      return BatchRecord(
        id: db.lastInsertedRowID, stage: stage, endpoint: endpoint, model: model, format: format,
        limitsByOldName: limitsByOldName, tag: tag, made: made, state: .gathering)
    }
  }

  /// Adds requests to a batch that is being gathered, each with what it may cost at most; from now on that counts as
  /// spent.
  public func add(
    _ requests: [(request: RequestRecord, charge: Charge)], to batch: BatchRecord
  ) async throws(StoreError) {
    try await commit { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR IGNORE INTO request (key, stage, clip, body, model, endpoint) VALUES (?, ?, ?, ?, ?, ?)")
      let attempt = try db.cachedStatement(
        sql: "INSERT INTO attempt (request, stage, state, tokens, usd) VALUES (?, ?, 'sent', ?, ?)")
      let member = try db.cachedStatement(sql: "INSERT INTO batch_request (request, batch, attempt) VALUES (?, ?, ?)")
      for (request, charge) in requests {
        try insert.execute(
          arguments: [
            request.key, batch.stage, request.clip, Data(request.body), request.model, request.endpoint,
          ])
        try attempt.execute(arguments: [request.key, batch.stage, charge.tokens, charge.usd ?? 0])
        try member.execute(arguments: [request.key, batch.id, db.lastInsertedRowID])
      }
    }
  }

  /// Takes down how far a batch came; its requests stay as they are.
  public func keep(_ batch: BatchRecord) async throws(StoreError) {
    try await commit { db in
      try db.cachedStatement(
        sql: "UPDATE batch SET state = ?, file = ?, remote = ?, status = ?, output = ?, errors = ? WHERE id = ?"
      ).execute(
        arguments: [
          batch.state.rawValue, batch.file, batch.remote, batch.status, batch.output, batch.errors, batch.id,
        ])
    }
  }

  /// Commits what became of some of a batch's requests: answers raw, before anybody looks into them. Returns what was
  /// reserved for each; nil for a request whose outcome was known, or that is not of the batch.
  public func collect(
    _ outcomes: [(request: String, outcome: BatchOutcome)], of batch: BatchRecord
  ) async throws(StoreError) -> [Charge?] {
    try await commit { db in
      try outcomes.map { key, outcome in
        guard let (attempt, charge) = try RunStore.openAttempt(at: key, of: batch.id, db) else { return nil }
        switch outcome {
        case .answered(let response): try RunStore.insert(response, to: key, stage: batch.stage, attempt: attempt, db)
        case .failed(let detail, let mayBeBilled):
          try RunStore.fail(attempt: attempt, detail, mayBeBilled: mayBeBilled, db)
        }
        return charge
      }
    }
  }

  /// Ends a batch, and with it what its other requests waited for. Returns what was reserved for those.
  public func close(
    _ batch: BatchRecord, _ detail: String, mayBeBilled: Bool
  ) async throws(StoreError) -> ReservedRequests {
    try await commit { db in
      let rest = try RunStore.reserved(by: batch.id, db)
      let free = mayBeBilled ? "" : ", tokens = 0, usd = 0"
      try db.execute(
        sql: """
          UPDATE attempt SET state = 'failed', detail = ?\(free)
          WHERE state = 'sent' AND id IN (SELECT attempt FROM batch_request WHERE batch = ?)
          """, arguments: [detail, batch.id])
      try db.execute(sql: "UPDATE batch SET state = 'closed' WHERE id = ?", arguments: [batch.id])
      return rest
    }
  }

  /// Forgets a batch that the endpoint never made: nothing of it went out.
  public func forget(_ batch: BatchRecord) async throws(StoreError) {
    try await commit { db in try RunStore.forget(batch.id, db) }
  }

  /// Forgets the batches of a stage that were being gathered when a process ended. Not to be called while any is.
  public func forgetUnsentBatches(stage: String) throws(StoreError) {
    try write { db in
      let sql = "SELECT id FROM batch WHERE stage = ? AND state = 'gathering'"
      for id in try Int64.fetchAll(db, sql: sql, arguments: [stage]) { try RunStore.forget(id, db) }
    }
  }

  private static func forget(_ batch: Int64, _ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM attempt WHERE id IN (SELECT attempt FROM batch_request WHERE batch = ?)", arguments: [batch])
    try db.execute(sql: "DELETE FROM batch WHERE id = ?", arguments: [batch])
  }

  private static func openAttempt(at request: String, of batch: Int64, _ db: Database) throws -> (Int64, Charge)? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT attempt.id, attempt.tokens, attempt.usd FROM batch_request
        JOIN attempt ON attempt.id = batch_request.attempt
        WHERE batch_request.request = ? AND batch_request.batch = ? AND attempt.state = 'sent'
        """)
    return try Row.fetchOne(statement, arguments: [request, batch]).map { row in
      (row["id"], Charge(usd: row["usd"], tokens: row["tokens"]))
    }
  }

  private static func reserved(by batch: Int64, _ db: Database) throws -> ReservedRequests {
    let sql = """
      SELECT count(*) AS n, total(tokens) AS t, total(usd) AS u FROM attempt
      WHERE state = 'sent' AND id IN (SELECT attempt FROM batch_request WHERE batch = ?)
      """
    guard let row = try Row.fetchOne(db, sql: sql, arguments: [batch]) else { return ReservedRequests() }
    return ReservedRequests(requests: row["n"], charge: Charge(usd: row["u"], tokens: Int(row["t"] as Double)))
  }
}

// What there is
extension RunStore {
  /// The batch that a request is in and that is not closed.
  public func openBatch(of request: String) throws(StoreError) -> BatchRecord? {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT batch.* FROM batch_request JOIN batch ON batch.id = batch_request.batch
          WHERE batch_request.request = ? AND batch.state != 'closed'
          """)
      return try Row.fetchOne(statement, arguments: [request]).map(RunStore.batchRecord)
    }
  }

  /// The batches of a stage that are not closed, in the order they were made.
  public func openBatches(stage: String) throws(StoreError) -> [BatchRecord] {
    try read { db in
      let sql = "SELECT * FROM batch WHERE stage = ? AND state != 'closed' ORDER BY id"
      return try Row.fetchAll(db, sql: sql, arguments: [stage]).map(RunStore.batchRecord)
    }
  }

  /// The requests of a batch whose outcome is not known.
  public func reserved(by batch: BatchRecord) throws(StoreError) -> ReservedRequests {
    try read { db in try RunStore.reserved(by: batch.id, db) }
  }

  /// How many batches are under way at endpoints, and how many requests of theirs have no outcome yet.
  public func batchesUnderWay() throws(StoreError) -> (batches: Int, requests: Int) {
    try read { db in
      let sql = """
        SELECT count(DISTINCT batch.id) AS b, count(*) AS r FROM batch
        JOIN batch_request ON batch_request.batch = batch.id JOIN attempt ON attempt.id = batch_request.attempt
        WHERE batch.state IN ('created', 'ended') AND attempt.state = 'sent'
        """
      return try Row.fetchOne(db, sql: sql).map { ($0["b"], $0["r"]) } ?? (0, 0)
    }
  }

  /// What is reserved for one request of a batch; nil once its outcome is known.
  public func reserved(for request: String, of batch: BatchRecord) throws(StoreError) -> Charge? {
    try read { db in try RunStore.openAttempt(at: request, of: batch.id, db)?.1 }
  }

  /// Whether a request is one of a batch's, whatever became of it.
  public func isRequest(_ key: String, of batch: BatchRecord) throws(StoreError) -> Bool {
    try read { db in
      let sql = "SELECT EXISTS (SELECT 1 FROM batch_request WHERE request = ? AND batch = ?)"
      return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [key, batch.id]) ?? false
    }
  }

  /// The keys of a batch's requests whose outcome is not known, in their order.
  public func openRequests(of batch: BatchRecord) throws(StoreError) -> [String] {
    try read { db in
      let sql = """
        SELECT batch_request.request FROM batch_request JOIN attempt ON attempt.id = batch_request.attempt
        WHERE batch_request.batch = ? AND attempt.state = 'sent' ORDER BY batch_request.request
        """
      return try String.fetchAll(db, sql: sql, arguments: [batch.id])
    }
  }

  private static func batchRecord(_ row: Row) throws -> BatchRecord {
    let name: String = row["state"]
    guard let state = BatchRecord.State(rawValue: name) else {
      throw StoreError.query(path: "", reason: "a batch is in the state '\(name)', which is not known")
    }
    return BatchRecord(
      id: row["id"], stage: row["stage"], endpoint: row["endpoint"], model: row["model"], format: row["format"],
      limitsByOldName: row["old_limit_name"], tag: row["tag"], made: row["made"], state: state, file: row["file"],
      remote: row["remote"],
      output: row["output"], errors: row["errors"], status: row["status"])
  }
}
