import Foundation
import GRDB

/// What the store knows of a stage: what its results were made with, and how far its last pass came.
public struct StageRecord: Sendable, Equatable {
  public var name: String
  public var position: Int
  /// Everything that could change the stage's results, by name; see `RunStore.record(stage:)`.
  public var parts: [String: String]
  /// For a stage over the whole set: the set's revision that its results belong to.
  public var input: String?
  /// What the stage wants shown in a status, as its own JSON.
  public var summary: String?
  /// Seconds since 1970 of the last pass's start and end; for rates and time left alone.
  public var started: Double?
  public var finished: Double?
  /// Seconds since 1970 of the last commit of any pass.
  public var touched: Double?
  /// Items handled in the last pass.
  public var handled: Int
}

extension RunStore {
  public func stage(named name: String) throws(StoreError) -> StageRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM stage WHERE name = ?", arguments: [name]).map(RunStore.stageRecord)
    }
  }

  /// All stages that ever ran, in the order of the pipeline.
  public func stages() throws(StoreError) -> [StageRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM stage ORDER BY position").map(RunStore.stageRecord)
    }
  }

  private static func stageRecord(_ row: Row) throws -> StageRecord {
    StageRecord(
      name: row["name"], position: row["position"], parts: try Column.table(row["parts"]), input: row["input"],
      summary: row["summary"], started: row["started"], finished: row["finished"], touched: row["touched"],
      handled: row["handled"])
  }

  /// Opens a pass of a stage. Where `parts` differ from the last pass's, the stage's results are outdated:
  /// its clips are no longer done, and neither are those of the stages after it. The first stage's items are sources,
  /// which then wait again.
  public func begin(_ place: StagePlace, parts: [String: String]) throws(StoreError) {
    try write { db in
      let text = try Column.text(parts)
      let before = try String.fetchOne(db, sql: "SELECT parts FROM stage WHERE name = ?", arguments: [place.name])
      if let before, before != text {
        var outdated = 0
        for stage in [place.name] + place.followers {
          try db.execute(sql: "DELETE FROM done WHERE stage = ?", arguments: [stage])
          outdated += db.changesCount
        }
        if place.position == 0 { try RunStore.detachAllSources(db) }
        if outdated > 0 { try RunStore.bumpRevision(db) }
      }
      try db.execute(
        sql: """
          INSERT INTO stage (name, position, parts, started, handled) VALUES (?1, ?2, ?3, ?4, 0)
          ON CONFLICT (name) DO UPDATE SET position = ?2, input = CASE WHEN parts = ?3 THEN input END, parts = ?3,
            started = ?4, finished = NULL, handled = 0
          """, arguments: [place.name, place.position, text, Date().timeIntervalSince1970])
    }
  }

  /// Closes a pass that came to its end.
  public func finish(stage name: String, input: String?, summary: String?) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE stage SET input = ?2, summary = COALESCE(?3, summary), finished = ?4 WHERE name = ?1",
        arguments: [name, input, summary, Date().timeIntervalSince1970])
    }
  }

  /// Counts items of a stage that keeps its results elsewhere.
  public func handled(_ count: Int, _ place: StagePlace) throws(StoreError) {
    try write { db in try RunStore.countHandled(db, place, count) }
  }

  /// A number that grows whenever a clip or a question changes; equal numbers mean an equal set.
  public func revision() throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT value FROM setting WHERE name = 'revision'") ?? 0 }
  }

  public func setting(_ name: String) throws(StoreError) -> String? {
    try read { try String.fetchOne($0, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name]) }
  }

  /// Nil takes the setting away.
  public func set(_ name: String, to value: String?) throws(StoreError) {
    try write { db in
      if let value {
        try db.execute(sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [name, value])
      } else {
        try db.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
      }
    }
  }

  static func bumpRevision(_ db: Database) throws {
    try db.cachedStatement(sql: "UPDATE setting SET value = CAST(value AS INTEGER) + 1 WHERE name = 'revision'")
      .execute()
  }

  /// Marks a clip as done by `stage`; what later stages made of it is outdated with that.
  static func markDone(_ db: Database, _ place: StagePlace, clip: String) throws {
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO done VALUES (?, ?)").execute(arguments: [place.name, clip])
    try markUndone(db, stages: place.followers, clip: clip)
    try countHandled(db, place, 1)
    try bumpRevision(db)
  }

  static func countHandled(_ db: Database, _ place: StagePlace, _ count: Int) throws {
    try db.cachedStatement(sql: "UPDATE stage SET handled = handled + ?, touched = ? WHERE name = ?")
      .execute(arguments: [count, Date().timeIntervalSince1970, place.name])
  }

  static func markUndone(_ db: Database, stages: [String], clip: String) throws {
    let statement = try db.cachedStatement(sql: "DELETE FROM done WHERE stage = ? AND clip = ?")
    for stage in stages { try statement.execute(arguments: [stage, clip]) }
  }
}
