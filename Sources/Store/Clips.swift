import GRDB

/// A stretch of a source that became a clip.
public struct ScannedClip: Sendable, Equatable {
  /// The clip's identity: from the hash of its samples.
  public var id: String
  /// SHA-256 of the decoded samples, hexadecimal.
  public var sha256: String
  public var seconds: Double
  /// In frames of the file, at its own rate.
  public var startFrame: Int
  public var frames: Int

  public init(id: String, sha256: String, seconds: Double, startFrame: Int, frames: Int) {
    self.id = id
    self.sha256 = sha256
    self.seconds = seconds
    self.startFrame = startFrame
    self.frames = frames
  }
}

/// Why a source, or a window of one, is not used.
public struct Rejection: Sendable, Equatable {
  public var startFrame: Int
  public var code: String
  public var detail: String?

  public init(startFrame: Int = 0, code: String, detail: String?) {
    self.startFrame = startFrame
    self.code = code
    self.detail = detail
  }
}

/// What decoding one source gave: clips, and windows that are not used; or nothing but a reason.
public struct ScannedSource: Sendable, Equatable {
  public var id: Int64
  public var clips: [ScannedClip]
  public var rejectedWindows: [Rejection]
  public var rejection: Rejection?

  public init(id: Int64, clips: [ScannedClip] = [], rejectedWindows: [Rejection] = [], rejection: Rejection? = nil) {
    self.id = id
    self.clips = clips
    self.rejectedWindows = rejectedWindows
    self.rejection = rejection
  }
}

/// A clip and where its samples are.
public struct ClipRecord: Sendable, Equatable {
  public var id: String
  public var sha256: String
  public var seconds: Double
  public var labels: [String]
  public var metadata: [String: String]
  public var split: String?
  /// Relative to the audio folder; where the clip has several sources, the first by name.
  public var path: String
  public var startFrame: Int
  public var frames: Int
  /// How far its captions can be trusted, 0...1; nil until they were checked.
  public var trust: Double?
}

extension RunStore {
  /// Commits what decoding gave, in one transaction.
  public func commit(_ scanned: [ScannedSource], _ place: StagePlace) throws(StoreError) {
    try write { db in
      for source in scanned { try RunStore.commit(source, in: db, place) }
      try RunStore.countHandled(db, place, scanned.count)
      try RunStore.bumpRevision(db)
    }
  }

  private static func commit(_ source: ScannedSource, in db: Database, _ place: StagePlace) throws {
    let before = try clips(of: source.id, in: db)
    try db.cachedStatement(sql: "DELETE FROM clip_source WHERE source = ?").execute(arguments: [source.id])
    try db.cachedStatement(sql: "DELETE FROM window_rejection WHERE source = ?").execute(arguments: [source.id])
    for clip in source.clips {
      try db.cachedStatement(
        sql: "INSERT OR IGNORE INTO clip (id, sha256, seconds, labels, metadata) VALUES (?, ?, ?, '[]', '{}')"
      ).execute(arguments: [clip.id, clip.sha256, clip.seconds])
      try db.cachedStatement(sql: "INSERT INTO clip_source VALUES (?, ?, ?, ?)")
        .execute(arguments: [source.id, clip.startFrame, clip.frames, clip.id])
    }
    for window in source.rejectedWindows {
      try db.cachedStatement(sql: "INSERT INTO window_rejection VALUES (?, ?, ?, ?)")
        .execute(arguments: [source.id, window.startFrame, window.code, window.detail])
    }
    try db.cachedStatement(sql: "UPDATE source SET state = ?, code = ?, detail = ? WHERE id = ?").execute(
      arguments: [
        source.rejection == nil ? "ready" : "rejected", source.rejection?.code, source.rejection?.detail, source.id,
      ])
    for clip in before.union(source.clips.map(\.id)).sorted() { try refresh(clip: clip, in: db, place) }
  }

  static func clips(of source: Int64, in db: Database) throws -> Set<String> {
    let statement = try db.cachedStatement(sql: "SELECT clip FROM clip_source WHERE source = ?")
    return try Set(String.fetchAll(statement, arguments: [source]))
  }

  static func remove(source: Int64, from db: Database, _ place: StagePlace) throws {
    let orphans = try clips(of: source, in: db)
    try db.execute(sql: "DELETE FROM source WHERE id = ?", arguments: [source])
    for clip in orphans.sorted() { try refresh(clip: clip, in: db, place) }
  }

  /// Brings a clip's labels and metadata up to date with its sources, in the order of their names so that the order
  /// of decoding does not show. A clip with no source left is gone, with its questions; its captions and paid answers
  /// stay.
  static func refresh(clip: String, in db: Database, _ place: StagePlace) throws {
    let sql = """
      SELECT source.labels, source.metadata FROM clip_source JOIN source ON source.id = clip_source.source
      WHERE clip_source.clip = ? ORDER BY source.path, clip_source.start_frame
      """
    let rows = try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: [clip])
    guard !rows.isEmpty else { return try remove(clip: clip, from: db, place) }
    let labels = try Column.text(try Set(rows.flatMap { try Column.strings($0["labels"]) }).sorted())
    var metadata: [String: String] = [:]
    for row in rows { metadata.merge(try Column.table(row["metadata"])) { first, _ in first } }
    let metadataText = try Column.text(metadata)
    try db.cachedStatement(
      sql: "UPDATE clip SET labels = ?1, metadata = ?2 WHERE id = ?3 AND (labels != ?1 OR metadata != ?2)"
    ).execute(arguments: [labels, metadataText, clip])
    if db.changesCount > 0 { try markUndone(db, stages: place.followers, clip: clip) }
  }

  static func remove(clip: String, from db: Database, _ place: StagePlace) throws {
    try markUndone(db, stages: place.followers, clip: clip)
    for table in ["question", "writing", "measurement"] {
      try db.cachedStatement(sql: "DELETE FROM \(table) WHERE clip = ?").execute(arguments: [clip])
    }
    try db.cachedStatement(sql: "UPDATE caption SET current = 0 WHERE clip = ?").execute(arguments: [clip])
    try db.cachedStatement(sql: "DELETE FROM clip WHERE id = ?").execute(arguments: [clip])
  }

  static let clipColumns = """
    SELECT clip.*, source.path AS path, place.start_frame AS start_frame, place.frames AS frames FROM clip
    JOIN clip_source AS place ON place.clip = clip.id JOIN source ON source.id = place.source
    """

  /// The clips with these ids that are still in the set, in the order of the ids.
  public func clips(_ ids: [String]) throws(StoreError) -> [ClipRecord] {
    try read { db in
      try ids.compactMap { id in
        let statement = try db.cachedStatement(
          sql: RunStore.clipColumns + " WHERE clip.id = ? ORDER BY source.path, start_frame LIMIT 1")
        return try Row.fetchOne(statement, arguments: [id]).map(RunStore.clipRecord)
      }
    }
  }

  static func clipRecord(_ row: Row) throws -> ClipRecord {
    ClipRecord(
      id: row["id"], sha256: row["sha256"], seconds: row["seconds"], labels: try Column.strings(row["labels"]),
      metadata: try Column.table(row["metadata"]), split: row["split"], path: row["path"],
      startFrame: row["start_frame"], frames: row["frames"], trust: row["trust"])
  }

  /// All names under which a clip was found. Those that imported sets know of have no frames.
  public func sources(of clip: String) throws(StoreError) -> [(path: String, startFrame: Int, frames: Int)] {
    try read { db in
      let own = try Row.fetchAll(
        db,
        sql: """
          SELECT source.path, start_frame, frames FROM clip_source JOIN source ON source.id = clip_source.source
          WHERE clip = ? ORDER BY source.path, start_frame
          """, arguments: [clip]
      ).map { ($0["path"] as String, $0["start_frame"] as Int, $0["frames"] as Int) }
      return own + (try RunStore.importedNames(of: clip, in: db)).map { ($0, 0, 0) }
    }
  }

  /// Files, or windows of files, that hold the same samples as another.
  public func repeatCount() throws(StoreError) -> Int {
    try read { db in
      let places = try Int.fetchOne(db, sql: "SELECT count(*) FROM clip_source") ?? 0
      return places - (try Int.fetchOne(db, sql: "SELECT count(*) FROM clip") ?? 0)
    }
  }

  public func clipCount() throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM clip") ?? 0 }
  }
}
