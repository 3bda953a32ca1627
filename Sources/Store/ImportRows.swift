import GRDB

extension RunStore {
  /// Makes the store's files equal to `listings`, in their order: new and changed ones wait for being read, and rows of
  /// those that are gone go.
  public func list(importFiles listings: [ImportFileListing]) throws(StoreError) {
    try write { db in
      var changed = 0
      let known = try db.cachedStatement(sql: "SELECT id, set_name, stamp, position FROM import_file WHERE path = ?")
      for (position, listing) in listings.enumerated() {
        guard let row = try Row.fetchOne(known, arguments: [listing.path]) else {
          try db.execute(
            sql: "INSERT INTO import_file (position, path, set_name, stamp) VALUES (?, ?, ?, ?)",
            arguments: [position, listing.path, listing.set, listing.stamp])
          continue
        }
        if row["position"] == position && row["set_name"] == listing.set && row["stamp"] == listing.stamp { continue }
        changed += 1
        try db.execute(
          sql: """
            UPDATE import_file SET position = ?1, set_name = ?2, is_read = is_read AND stamp = ?3, stamp = ?3 WHERE id = ?4
            """, arguments: [position, listing.set, listing.stamp, row["id"] as Int64])
      }
      let paths = try Column.text(listings.map(\.path))
      try db.execute(
        sql: "DELETE FROM import_file WHERE path NOT IN (SELECT value FROM json_each(?))", arguments: [paths])
      if changed + db.changesCount > 0 { try RunStore.outdateImport(db) }
    }
  }

  /// Whether clips and questions are not those of the rows and sounds as they are now.
  public func isImportOutdated() throws(StoreError) -> Bool { try setting(RunStore.outdated) != nil }

  /// What clips and questions follow from has changed: no set is finished until they were made again.
  static func outdateImport(_ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO setting VALUES (?, '1')").execute(arguments: [outdated])
    try bumpRevision(db)
  }

  static let outdated = "import outdated"

  /// The files that wait for being read, in the order of the listing.
  public func unreadImportFiles() throws(StoreError) -> [ImportFileRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT id, path, set_name FROM import_file WHERE NOT is_read ORDER BY position").map {
        ImportFileRecord(id: $0["id"], path: $0["path"], set: $0["set_name"])
      }
    }
  }

  /// How many of these files would be read, and how many are gone; nothing is written.
  public func forecast(importFiles listings: [ImportFileListing]) throws(StoreError) -> Int {
    try read { db in
      let same = try db.cachedStatement(
        sql: "SELECT count(*) FROM import_file WHERE path = ? AND stamp = ? AND is_read")
      var read = 0
      for listing in listings { read += try Int.fetchOne(same, arguments: [listing.path, listing.stamp]) ?? 0 }
      return listings.count - read
    }
  }

  /// Forgets what was read of a file, before it is read.
  public func beginReading(importFile id: Int64) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM import_row WHERE file = ?", arguments: [id])
      try RunStore.outdateImport(db)
    }
  }

  /// Keeps rows of a file in one transaction, and their sounds for being decoded.
  public func add(_ rows: [ImportRowRecord], to file: Int64, _ place: StagePlace) throws(StoreError) {
    try write { db in
      for row in rows { try RunStore.insert(row, of: file, in: db) }
      try RunStore.countHandled(db, place, rows.count)
    }
  }

  public func endReading(importFile id: Int64) throws(StoreError) {
    try write { db in try db.execute(sql: "UPDATE import_file SET is_read = 1 WHERE id = ?", arguments: [id]) }
  }

  private static func insert(_ row: ImportRowRecord, of file: Int64, in db: Database) throws {
    guard row.code == nil else {
      try db.cachedStatement(sql: "INSERT INTO import_row (file, line, code, detail) VALUES (?, ?, ?, ?)")
        .execute(arguments: [file, row.line, row.code, row.detail])
      return
    }
    let arguments: StatementArguments = [
      file, row.line, try row.sound.map { try id(of: $0, in: db) }, row.id, row.clip, row.split, row.stem,
      try Column.text(row.choices), row.answerIndex, row.skill, row.difficulty, row.contribution,
      try Column.text(row.labels), row.evidence, row.rationale, row.shares.heard, row.recording,
      try Column.text(row.metadata), try Column.text(row.sources), try row.captions.map { try id(of: $0, in: db) },
      try row.making.map { try id(of: $0, in: db) }, row.shares.blind, row.shares.silent, row.shares.swapped,
    ]
    try db.cachedStatement(
      sql: """
        INSERT INTO import_row (file, line, sound, given_id, clip, split, stem, choices, answer_index, skill, difficulty,
          contribution, labels, evidence, rationale, pass_rate, recording, metadata, sources, captions, making,
          blind, silent, swapped)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: arguments)
  }

  private static func id(of text: SharedText, in db: Database) throws -> Int64 {
    let find = try db.cachedStatement(sql: "SELECT id FROM import_text WHERE key = ?")
    if let id = try Int64.fetchOne(find, arguments: [text.key]) { return id }
    try db.cachedStatement(sql: "INSERT INTO import_text (key, body) VALUES (?, ?)")
      .execute(arguments: [text.key, text.body])
    return db.lastInsertedRowID
  }

  private static func id(of sound: ImportSoundListing, in db: Database) throws -> Int64 {
    let source = try sourceID(of: sound, in: db)
    let find = try db.cachedStatement(sql: "SELECT id FROM import_sound WHERE source = ? AND stretch = ?")
    if let id = try Int64.fetchOne(find, arguments: [source, sound.stretch]) { return id }
    try db.cachedStatement(sql: "INSERT INTO import_sound (source, stretch) VALUES (?, ?)")
      .execute(arguments: [source, sound.stretch])
    let id = db.lastInsertedRowID
    try db.cachedStatement(sql: "UPDATE source SET state = 'pending' WHERE id = ?").execute(arguments: [source])
    return id
  }

  private static func sourceID(of sound: ImportSoundListing, in db: Database) throws -> Int64 {
    let find = try db.cachedStatement(sql: "SELECT id, size, modified FROM source WHERE path = ?")
    if let row = try Row.fetchOne(find, arguments: [sound.path]) {
      if row["size"] != sound.size || row["modified"] != sound.modified {
        try renew(importSource: row["id"], size: sound.size, modified: sound.modified, in: db)
      }
      return row["id"]
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO source (path, size, modified, recording, labels, metadata, state)
        VALUES (?1, ?2, ?3, ?1, '[]', '{}', 'pending')
        """
    ).execute(arguments: [sound.path, sound.size, sound.modified])
    return db.lastInsertedRowID
  }
}
