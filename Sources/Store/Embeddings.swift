import Foundation
import GRDB

/// An answer with embeddings that was not read yet.
public struct UnreadAnswer: Sendable, Equatable {
  public var request: String
  /// As it was sent.
  public var asked: [UInt8]
  public var answered: [UInt8]
}

extension RunStore {
  /// Which of these texts, by their digests, have a vector.
  public func embedded(among texts: [String]) throws(StoreError) -> Set<String> {
    try read { db in
      try Set(
        String.fetchAll(
          db, sql: "SELECT text FROM embedding WHERE text IN (SELECT value FROM json_each(?))",
          arguments: [try Column.text(texts)]))
    }
  }

  /// The vectors of these texts, as far as there are any.
  public func embeddings(of texts: [String]) throws(StoreError) -> [String: [Float]] {
    try read { db in
      var vectors: [String: [Float]] = [:]
      let statement = try db.cachedStatement(sql: "SELECT vector FROM embedding WHERE text = ?")
      for text in texts {
        if let data = try Data.fetchOne(statement, arguments: [text]) { vectors[text] = RunStore.floats(data) }
      }
      return vectors
    }
  }

  /// Usable answers of a stage to requests at `endpoint` that no vectors were read from yet; `limit` of them, as each may
  /// be large.
  public func unreadEmbeddings(stage: String, endpoint: String, limit: Int) throws(StoreError) -> [UnreadAnswer] {
    try read { db in
      let sql = """
        SELECT request.key, request.body AS asked, response.body AS answered
        FROM response JOIN request ON request.key = response.request
        WHERE response.stage = ? AND request.endpoint = ? AND usable
          AND NOT EXISTS (SELECT 1 FROM embedding_read WHERE embedding_read.request = response.request)
        ORDER BY request.key LIMIT ?
        """
      return try Row.fetchAll(db, sql: sql, arguments: [stage, endpoint, limit]).map { row in
        UnreadAnswer(
          request: row["key"], asked: [UInt8](row["asked"] as Data), answered: [UInt8](row["answered"] as Data))
      }
    }
  }

  /// Keeps the vectors that were read from an answer.
  public func commit(embeddings: [(text: String, vector: [Float])], of request: String) throws(StoreError) {
    try write { db in
      let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO embedding VALUES (?, ?)")
      for (text, vector) in embeddings { try insert.execute(arguments: [text, RunStore.bytes(vector)]) }
      try db.execute(sql: "INSERT OR IGNORE INTO embedding_read VALUES (?)", arguments: [request])
    }
  }

  private static func bytes(_ vector: [Float]) -> Data {
    var data = Data(capacity: vector.count * 4)
    for number in vector { withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }

  private static func floats(_ data: Data) -> [Float] {
    data.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }
}
