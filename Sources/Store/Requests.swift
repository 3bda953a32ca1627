import Foundation
import GRDB

/// A request to an endpoint, known by the digest of everything in it.
public struct RequestRecord: Sendable, Equatable {
  public var key: String
  public var clip: String
  public var body: [UInt8]
  /// The model that is asked, and where; nil in runs from before these were kept.
  public var model: String?
  public var endpoint: String?

  public init(key: String, clip: String, body: [UInt8], model: String? = nil, endpoint: String? = nil) {
    self.key = key
    self.clip = clip
    self.body = body
    self.model = model
    self.endpoint = endpoint
  }
}

/// An answer as it came: bytes, untouched.
public struct ResponseRecord: Sendable, Equatable {
  public var status: Int
  /// Whether it is a chat completion, or the endpoint's last word on the request, so that asking again is pointless.
  public var isUsable: Bool
  public var promptTokens: Int
  public var completionTokens: Int
  /// From the first byte sent to the last received.
  public var seconds: Double
  /// Which form of structured output was asked for in the end.
  public var format: String
  /// Those headers that matter, as a JSON object.
  public var headers: String
  public var body: [UInt8]
  /// What it cost in US dollars; nil where no price was known.
  public var usd: Double?

  public init(
    status: Int, isUsable: Bool = true, promptTokens: Int, completionTokens: Int, seconds: Double, format: String,
    headers: String, body: [UInt8], usd: Double? = nil
  ) {
    self.status = status
    self.isUsable = isUsable
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.seconds = seconds
    self.format = format
    self.headers = headers
    self.body = body
    self.usd = usd
  }
}

/// Which answer a clip's questions are read from.
public struct WritingRecord: Sendable, Equatable {
  public var clip: String
  /// The key of the request; nil for a clip that nothing was asked about.
  public var request: String?
  /// Why there are no questions in the answer, or no request.
  public var code: String?
  public var detail: String?

  public init(clip: String, request: String?, code: String? = nil, detail: String? = nil) {
    (self.clip, self.request, self.code, self.detail) = (clip, request, code, detail)
  }
}

extension RunStore {
  /// Whether a request has an answer, and whether that is one to work with; nil where there is none.
  public func hasUsableResponse(to key: String) throws(StoreError) -> Bool? {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT usable FROM response WHERE request = ?")
      return try Bool.fetchOne(statement, arguments: [key])
    }
  }

  /// Whether `stage` ever had a completion.
  public func hasCompletions(stage: String) throws(StoreError) -> Bool {
    try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM response WHERE stage = ? AND usable AND status < 400)",
        arguments: [stage])
        ?? false
    }
  }

  public func response(to key: String) throws(StoreError) -> ResponseRecord? {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT * FROM response WHERE request = ?")
      return try Row.fetchOne(statement, arguments: [key]).map { row in
        ResponseRecord(
          status: row["status"], isUsable: row["usable"], promptTokens: row["prompt_tokens"],
          completionTokens: row["completion_tokens"],
          seconds: row["seconds"], format: row["format"], headers: row["headers"],
          body: [UInt8](row["body"] as Data), usd: row["usd"])
      }
    }
  }

  public func request(key: String) throws(StoreError) -> RequestRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM request WHERE key = ?", arguments: [key]).map { row in
        RequestRecord(
          key: row["key"], clip: row["clip"], body: [UInt8](row["body"] as Data), model: row["model"],
          endpoint: row["endpoint"])
      }
    }
  }

  /// Notes, before anything goes over the wire, that `request` is about to be sent, and what it may cost at most; that
  /// counts as spent until it is known better. Returns the attempt's number.
  public func sending(
    _ request: RequestRecord, stage: String, reserving charge: Charge = Charge()
  ) async throws(StoreError) -> Int64 {
    try await commit { db in
      try db.cachedStatement(
        sql: "INSERT OR IGNORE INTO request (key, stage, clip, body, model, endpoint) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(
        arguments: [request.key, stage, request.clip, Data(request.body), request.model, request.endpoint])
      try db.cachedStatement(
        sql: "INSERT INTO attempt (request, stage, state, tokens, usd) VALUES (?, ?, 'sent', ?, ?)"
      )
      .execute(arguments: [request.key, stage, charge.tokens, charge.usd ?? 0])
      return db.lastInsertedRowID
    }
  }

  /// Notes that an attempt ended without an answer. Unless it `mayBeBilled`, it cost nothing.
  public func failed(attempt: Int64, _ detail: String, mayBeBilled: Bool = false) async throws(StoreError) {
    try await commit { db in try RunStore.fail(attempt: attempt, detail, mayBeBilled: mayBeBilled, db) }
  }

  static func fail(attempt: Int64, _ detail: String, mayBeBilled: Bool, _ db: Database) throws {
    let free = mayBeBilled ? "" : ", tokens = 0, usd = 0"
    try db.cachedStatement(sql: "UPDATE attempt SET state = 'failed', detail = ?\(free) WHERE id = ?")
      .execute(arguments: [detail, attempt])
  }

  /// Commits an answer, raw and durable, before anybody looks into it.
  public func answered(
    attempt: Int64?, key: String, stage: String, _ response: ResponseRecord
  ) async throws(StoreError) {
    try await commit { db in
      try RunStore.insert(response, to: key, stage: stage, attempt: attempt, db)
    }
  }

  static func insert(
    _ response: ResponseRecord, to key: String, stage: String, attempt: Int64?, _ db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO response (request, stage, status, usable, prompt_tokens, completion_tokens, seconds,
          format, headers, body, usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        key, stage, response.status, response.isUsable, response.promptTokens, response.completionTokens,
        response.seconds, response.format, response.headers, Data(response.body), response.usd,
      ])
    guard let attempt else { return }
    // An answer that does not tell its tokens counts as many as it may have had, also for a later process; a refusal had
    // none.
    let isTold = response.promptTokens + response.completionTokens > 0 || response.status >= 400
    let tokens = isTold ? "0" : "tokens"
    try db.cachedStatement(sql: "UPDATE attempt SET state = 'answered', tokens = \(tokens), usd = 0 WHERE id = ?")
      .execute(arguments: [attempt])
  }

  /// Makes the answers to these requests the ones that the clips' questions are read from.
  public func commit(writings: [WritingRecord], _ place: StagePlace) throws(StoreError) {
    try write { db in try RunStore.insert(writings, place, db) }
  }

  /// As `commit`, in a transaction with what other tasks write at the same time.
  public func settle(writings: [WritingRecord], _ place: StagePlace) async throws(StoreError) {
    try await commit { db in try RunStore.insert(writings, place, db) }
  }

  private static func insert(_ writings: [WritingRecord], _ place: StagePlace, _ db: Database) throws {
    let insert = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO writing (clip, request, code, detail) VALUES (?, ?, ?, ?)")
    for writing in writings {
      try insert.execute(arguments: [writing.clip, writing.request ?? "", writing.code, writing.detail])
      try RunStore.markDone(db, place, clip: writing.clip)
    }
  }

  /// Which answer a clip's questions are read from; nil for a clip that was not come to yet.
  public func writing(of clip: String) throws(StoreError) -> WritingRecord? {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT * FROM writing WHERE clip = ?")
      return try Row.fetchOne(statement, arguments: [clip]).map { row in
        let request: String = row["request"]
        return WritingRecord(
          clip: clip, request: request.isEmpty ? nil : request, code: row["code"], detail: row["detail"])
      }
    }
  }
}
