import GRDB

/// A file as a scan lists it, before anything of it is decoded.
public struct SourceListing: Sendable, Equatable {
  /// Relative to the audio folder, with `/` between its parts.
  public var path: String
  /// Bytes; -1 where the file is missing.
  public var size: Int
  /// Nanoseconds since 1970.
  public var modified: Int
  /// What the clip was cut from: clips of one recording stay in one split.
  public var recording: String
  public var labels: [String]
  public var metadata: [String: String]

  public init(
    path: String, size: Int, modified: Int, recording: String, labels: [String], metadata: [String: String]
  ) {
    self.path = path
    self.size = size
    self.modified = modified
    self.recording = recording
    self.labels = labels
    self.metadata = metadata
  }
}

/// A source that waits for being decoded.
public struct PendingSource: Sendable, Equatable {
  public var id: Int64
  public var path: String
}

/// What a listing changed.
public struct ListingChange: Sendable, Equatable {
  public var listed = 0
  public var new = 0
  public var changed = 0
  public var gone = 0
}

extension RunStore {
  /// Makes the store's sources equal to `listings`: new and changed files wait for being decoded, files that are gone
  /// leave with the clips that nothing else holds, and clips whose labels changed are outdated.
  public func list(_ listings: some Sequence<SourceListing>, _ place: StagePlace) throws(StoreError) -> ListingChange {
    try write { db in
      var change = ListingChange()
      try db.execute(sql: "CREATE TEMP TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY); DELETE FROM seen")
      let seen = try db.cachedStatement(sql: "INSERT OR IGNORE INTO seen VALUES (?)")
      for listing in listings {
        try seen.execute(arguments: [listing.path])
        try RunStore.list(listing, in: db, place, &change)
        change.listed += 1
      }
      let gone = try Int64.fetchAll(db, sql: "SELECT id FROM source WHERE path NOT IN (SELECT path FROM seen)")
      for source in gone { try RunStore.remove(source: source, from: db, place) }
      change.gone = gone.count
      if change.changed + change.gone > 0 { try RunStore.bumpRevision(db) }
      return change
    }
  }

  private static func list(
    _ listing: SourceListing, in db: Database, _ place: StagePlace, _ change: inout ListingChange
  ) throws {
    let labels = try Column.text(listing.labels)
    let metadata = try Column.text(listing.metadata)
    let known = try db.cachedStatement(sql: "SELECT * FROM source WHERE path = ?")
    guard let row = try Row.fetchOne(known, arguments: [listing.path]) else {
      change.new += 1
      try db.cachedStatement(
        sql: """
          INSERT INTO source (path, size, modified, recording, labels, metadata, state)
          VALUES (?, ?, ?, ?, ?, ?, 'pending')
          """
      ).execute(arguments: [listing.path, listing.size, listing.modified, listing.recording, labels, metadata])
      return
    }
    let sameFile = row["size"] == listing.size && row["modified"] == listing.modified
    let sameWords = row["labels"] == labels && row["metadata"] == metadata && row["recording"] == listing.recording
    guard !sameFile || !sameWords else { return }
    change.changed += 1
    let id: Int64 = row["id"]
    try db.cachedStatement(
      sql: """
        UPDATE source SET size = ?, modified = ?, recording = ?, labels = ?, metadata = ?,
          state = CASE WHEN ? THEN state ELSE 'pending' END WHERE id = ?
        """
    ).execute(
      arguments: [listing.size, listing.modified, listing.recording, labels, metadata, sameFile, id])
    if !sameWords {
      for clip in try clips(of: id, in: db) { try refresh(clip: clip, in: db, place) }
    }
  }

  public func pendingSources(from path: String, limit: Int) throws(StoreError) -> [PendingSource] {
    try read { db in
      let sql = "SELECT id, path FROM source WHERE state = 'pending' AND path > ? ORDER BY path LIMIT ?"
      return try Row.fetchAll(db, sql: sql, arguments: [path, limit])
        .map { PendingSource(id: $0["id"], path: $0["path"]) }
    }
  }

  public func pendingSourceCount() throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM source WHERE state = 'pending'") ?? 0 }
  }

  /// Size and modification time of every source, by path: what a rehearsal compares a folder with.
  public func sourceStamps() throws(StoreError) -> [String: [Int]] {
    try read { db in
      var stamps: [String: [Int]] = [:]
      let rows = try Row.fetchCursor(db, sql: "SELECT path, size, modified FROM source WHERE state != 'pending'")
      while let row = try rows.next() { stamps[row["path"]] = [row["size"], row["modified"]] }
      return stamps
    }
  }
}
