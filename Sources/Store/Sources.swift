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
    let (sameFile, sameWords) = isSame(listing, as: row, labels, metadata)
    guard !sameFile || !sameWords else { return }
    change.changed += 1
    let id: Int64 = row["id"]
    try db.cachedStatement(
      sql: "UPDATE source SET size = ?, modified = ?, recording = ?, labels = ?, metadata = ? WHERE id = ?"
    ).execute(arguments: [listing.size, listing.modified, listing.recording, labels, metadata, id])
    if sameFile {
      for clip in try clips(of: id, in: db) { try refresh(clip: clip, in: db, place) }
    } else {
      try detach(source: id, in: db, place)
    }
  }

  private static func isSame(_ listing: SourceListing, as row: Row, _ labels: String, _ metadata: String)
    -> (file: Bool, words: Bool)
  {
    (
      row["size"] == listing.size && row["modified"] == listing.modified,
      row["labels"] == labels && row["metadata"] == metadata && row["recording"] == listing.recording
    )
  }

  /// A source that waits for being decoded has no clips: what it was is not in the set until it was looked at again.
  private static func detach(source: Int64, in db: Database, _ place: StagePlace) throws {
    let before = try clips(of: source, in: db)
    try db.cachedStatement(sql: "DELETE FROM clip_source WHERE source = ?").execute(arguments: [source])
    try db.cachedStatement(sql: "DELETE FROM window_rejection WHERE source = ?").execute(arguments: [source])
    try db.cachedStatement(sql: "UPDATE source SET state = 'pending', code = NULL, detail = NULL WHERE id = ?")
      .execute(arguments: [source])
    for clip in before.sorted() { try refresh(clip: clip, in: db, place) }
  }

  /// Makes every source wait again. Captions and answers stay, so that clips which come back cost nothing.
  static func detachAllSources(_ db: Database) throws {
    for table in ["question", "writing", "done", "clip_source", "window_rejection", "clip"] {
      try db.execute(sql: "DELETE FROM \(table)")
    }
    try db.execute(sql: "UPDATE caption SET current = 0 WHERE current")
    try db.execute(sql: "UPDATE source SET state = 'pending', code = NULL, detail = NULL")
    try bumpRevision(db)
  }

  /// Makes every source wait again: the audio folder is another one, where equal names and times mean nothing.
  public func renewSources() throws(StoreError) {
    try write { try RunStore.detachAllSources($0) }
  }

  /// How many of these files a scan would decode, of those in `sample`, and how many others it would find changed or
  /// gone; nothing is written.
  public func forecast(_ listings: [SourceListing], sample: Set<String>?) throws(StoreError) -> Int {
    try read { db in
      let known = try db.cachedStatement(sql: "SELECT * FROM source WHERE path = ?")
      var count = 0
      var found = 0
      for listing in listings {
        let row = try Row.fetchOne(known, arguments: [listing.path])
        found += row == nil ? 0 : 1
        let same = try row.map {
          RunStore.isSame(listing, as: $0, try Column.text(listing.labels), try Column.text(listing.metadata))
        }
        let isWaiting = row == nil || row?["state"] == "pending" || same?.file == false
        if isWaiting ? sample?.contains(listing.path) ?? true : same?.words == false { count += 1 }
      }
      return count + (try Int.fetchOne(db, sql: "SELECT count(*) FROM source") ?? 0) - found
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
}
