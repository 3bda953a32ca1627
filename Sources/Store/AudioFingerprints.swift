public import Foundation
import GRDB

/// A clip's audio fingerprint, as the bytes that its maker gives and takes.
public struct FingerprintRecord: Sendable, Equatable {
  public var clip: String
  public var bytes: Data

  public init(clip: String, bytes: Data) {
    self.clip = clip
    self.bytes = bytes
  }
}

/// The fingerprint of a test set's recording, with what tells whether its file changed.
public struct ReferenceFingerprint: Sendable, Equatable {
  /// Absolute.
  public var path: String
  /// Bytes.
  public var size: Int
  /// Nanoseconds since 1970.
  public var modified: Int
  public var bytes: Data

  public init(path: String, size: Int, modified: Int, bytes: Data) {
    self.path = path
    self.size = size
    self.modified = modified
    self.bytes = bytes
  }
}

extension RunStore {
  /// Clips without a fingerprint of this version, in order of their ids, from after `clip` on.
  public func clipsWithoutFingerprint(version: Int, from clip: String, limit: Int) throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT id FROM clip WHERE id > :from AND NOT EXISTS (
            SELECT 1 FROM audio_fingerprint AS print INDEXED BY audio_fingerprint_state
            WHERE print.clip = clip.id AND version = :version)
          ORDER BY id LIMIT :limit
          """, arguments: ["from": clip, "version": version, "limit": limit])
    }
  }

  /// How many such clips there are.
  public func countWithoutFingerprint(version: Int) throws(StoreError) -> Int {
    try read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM clip WHERE NOT EXISTS (
            SELECT 1 FROM audio_fingerprint AS print INDEXED BY audio_fingerprint_state
            WHERE print.clip = clip.id AND version = ?)
          """, arguments: [version]) ?? 0
    }
  }

  /// Keeps fingerprints in place of those of other versions. They stay when their clips go: a clip is its samples, so
  /// they are right again when it comes back.
  public func commit(fingerprints: [FingerprintRecord], version: Int) throws(StoreError) {
    try write { db in
      let statement = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO audio_fingerprint (clip, version, frames, clustered) VALUES (?, ?, ?, 0)")
      for record in fingerprints { try statement.execute(arguments: [record.clip, version, record.bytes]) }
    }
  }

  /// The fingerprints of this version of the clips of the set, in order of ids, from after `clip` on.
  public func fingerprints(
    version: Int, from clip: String = "", limit: Int
  ) throws(StoreError) -> [FingerprintRecord] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT print.clip, print.frames FROM audio_fingerprint AS print JOIN clip ON clip.id = print.clip
          WHERE version = :version AND print.clip > :from ORDER BY print.clip LIMIT :limit
          """, arguments: ["version": version, "from": clip, "limit": limit]
      ).map { FingerprintRecord(clip: $0["clip"], bytes: $0["frames"]) }
    }
  }

  /// Keeps the fingerprints of test sets' recordings.
  public func commit(references: [ReferenceFingerprint], version: Int) throws(StoreError) {
    guard !references.isEmpty else { return }
    try write { db in
      let statement = try db.cachedStatement(
        sql:
          "INSERT OR REPLACE INTO reference_fingerprint (path, size, modified, version, frames) VALUES (?, ?, ?, ?, ?)")
      for file in references {
        try statement.execute(arguments: [file.path, file.size, file.modified, version, file.bytes])
      }
    }
  }

  /// Those of this version that are kept of the files, by their paths.
  public func referenceFingerprints(of paths: [String], version: Int) throws(StoreError) -> [String:
    ReferenceFingerprint]
  {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: "SELECT * FROM reference_fingerprint WHERE path IN (SELECT value FROM json_each(?)) AND version = ?",
        arguments: [try Column.text(paths), version])
      return Dictionary(
        rows.map { row in
          let print = ReferenceFingerprint(
            path: row["path"], size: row["size"], modified: row["modified"], bytes: row["frames"])
          return (print.path, print)
        }, uniquingKeysWith: { first, _ in first })
    }
  }
}
