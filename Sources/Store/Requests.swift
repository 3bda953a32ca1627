import Foundation
import GRDB

/// A request to an endpoint, known by the digest of everything in it.
public struct RequestRecord: Sendable, Equatable {
  public var key: String
  public var clip: String
  public var body: [UInt8]

  public init(key: String, clip: String, body: [UInt8]) {
    self.key = key
    self.clip = clip
    self.body = body
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

  public init(
    status: Int, isUsable: Bool = true, promptTokens: Int, completionTokens: Int, seconds: Double, format: String,
    headers: String,
    body: [UInt8]
  ) {
    self.status = status
    self.isUsable = isUsable
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.seconds = seconds
    self.format = format
    self.headers = headers
    self.body = body
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
        db, sql: "SELECT EXISTS (SELECT 1 FROM response WHERE stage = ? AND completion_tokens > 0)", arguments: [stage])
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
          body: [UInt8](row["body"] as Data))
      }
    }
  }

  public func request(key: String) throws(StoreError) -> RequestRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM request WHERE key = ?", arguments: [key]).map { row in
        RequestRecord(key: row["key"], clip: row["clip"], body: [UInt8](row["body"] as Data))
      }
    }
  }

  /// Notes, before anything goes over the wire, that `request` is about to be sent. Returns the attempt's number.
  public func sending(_ request: RequestRecord, stage: String) throws(StoreError) -> Int64 {
    try write { db in
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO request VALUES (?, ?, ?, ?)")
        .execute(arguments: [request.key, stage, request.clip, Data(request.body)])
      try db.cachedStatement(sql: "INSERT INTO attempt (request, stage, state) VALUES (?, ?, 'sent')")
        .execute(arguments: [request.key, stage])
      return db.lastInsertedRowID
    }
  }

  /// Notes that an attempt ended without an answer.
  public func failed(attempt: Int64, _ detail: String) throws(StoreError) {
    try write { db in
      try db.cachedStatement(sql: "UPDATE attempt SET state = 'failed', detail = ? WHERE id = ?")
        .execute(arguments: [detail, attempt])
    }
  }

  /// Commits an answer, raw and durable, before anybody looks into it.
  public func answered(attempt: Int64?, key: String, stage: String, _ response: ResponseRecord) throws(StoreError) {
    try write { db in
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO response VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(
        arguments: [
          key, stage, response.status, response.isUsable, response.promptTokens, response.completionTokens,
          response.seconds,
          response.format, response.headers, Data(response.body),
        ])
      if let attempt {
        try db.cachedStatement(sql: "UPDATE attempt SET state = 'answered' WHERE id = ?").execute(arguments: [attempt])
      }
    }
  }

  /// Makes the answers to these requests the ones that the clips' questions are read from. A clip that nothing can be
  /// asked about has no request.
  public func commit(writings: [(clip: String, request: String?)], _ place: StagePlace) throws(StoreError) {
    try write { db in
      let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO writing (clip, request) VALUES (?, ?)")
      for (clip, request) in writings {
        try insert.execute(arguments: [clip, request ?? ""])
        try RunStore.markDone(db, place, clip: clip)
      }
    }
  }

  /// The key of the request whose answer a clip's questions are read from, if there is one.
  public func writing(of clip: String) throws(StoreError) -> String? {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT request FROM writing WHERE clip = ?")
      return try String.fetchOne(statement, arguments: [clip]).flatMap { $0.isEmpty ? nil : $0 }
    }
  }
}
