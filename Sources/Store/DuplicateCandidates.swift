import Foundation
import GRDB

/// What the search for duplicates over the whole set needs of a question.
public struct DuplicateCandidate: Sendable, Equatable {
  public var id: String
  public var clip: String
  public var ordinal: Int
  public var stem: String
  public var correct: String
  public var distractors: [String]
  /// Its keys, where they are stored.
  public var signature: [UInt32]?
}

extension RunStore {
  /// The next questions that no stage before `place` rejected, nor this one by a reason other than `codes`, by clip and
  /// place in the writer's answer.
  public func duplicateCandidates(
    _ place: StagePlace, codes: [String], after last: (clip: String, ordinal: Int)?, limit: Int
  ) throws(StoreError) -> [DuplicateCandidate] {
    try read { db in
      let sql = """
        SELECT id, clip, ordinal, stem, correct, distractors, keys
        FROM question LEFT JOIN duplicate_signature ON duplicate_signature.question = question.id
        WHERE (clip, ordinal) > (:clip, :ordinal) AND (
          rejected_by IS NULL OR rejected_by IN (SELECT value FROM json_each(:later))
          OR rejected_by = :stage AND code IN (SELECT value FROM json_each(:codes)))
        ORDER BY clip, ordinal LIMIT :limit
        """
      let arguments: StatementArguments = [
        "clip": last?.clip ?? "", "ordinal": last?.ordinal ?? -1, "later": try Column.text(place.followers),
        "stage": place.name, "codes": try Column.text(codes), "limit": limit,
      ]
      return try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments).map { row in
        DuplicateCandidate(
          id: row["id"], clip: row["clip"], ordinal: row["ordinal"], stem: row["stem"], correct: row["correct"],
          distractors: try Column.strings(row["distractors"]),
          signature: (row["keys"] as Data?).map(RunStore.numbers))
      }
    }
  }

  /// Keeps signatures, made as `settings` say; those made otherwise go.
  public func commit(
    signatures: [(question: String, keys: [UInt32])], settings: String
  ) throws(StoreError) {
    try write { db in
      try RunStore.useSignatures(of: settings, in: db)
      let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO duplicate_signature VALUES (?, ?)")
      for (question, keys) in signatures { try insert.execute(arguments: [question, RunStore.bytes(keys)]) }
    }
  }

  /// Takes away signatures that were made otherwise than `settings` say, and those of questions that are gone.
  public func cleanSignatures(settings: String) throws(StoreError) {
    try write { db in
      try RunStore.useSignatures(of: settings, in: db)
      try db.execute(sql: "DELETE FROM duplicate_signature WHERE question NOT IN (SELECT id FROM question)")
    }
  }

  private static func useSignatures(of settings: String, in db: Database) throws {
    let name = "duplicate signatures"
    let known = try String.fetchOne(
      try db.cachedStatement(sql: "SELECT value FROM setting WHERE name = ?"), arguments: [name])
    guard known != settings else { return }
    try db.execute(sql: "DELETE FROM duplicate_signature")
    try db.execute(sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [name, settings])
  }

  /// Clips that sound the same as others: for each of them the name that all of its group share. Empty where nobody
  /// looked.
  public func soundGroups() throws(StoreError) -> [String: String] {
    try read { db in
      let sql = """
        SELECT clip, cluster FROM audio_cluster
        WHERE cluster IN (SELECT cluster FROM audio_cluster GROUP BY cluster HAVING count(*) > 1)
        """
      var clusters: [String: String] = [:]
      for row in try Row.fetchAll(db, sql: sql) {
        clusters[row["clip"]] = row["cluster"]
      }
      return clusters
    }
  }

  /// Little-endian, on every machine.
  private static func bytes(_ keys: [UInt32]) -> Data {
    var data = Data(capacity: keys.count * 4)
    for key in keys { withUnsafeBytes(of: key.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }

  private static func numbers(_ data: Data) -> [UInt32] {
    data.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
      }
    }
  }
}
