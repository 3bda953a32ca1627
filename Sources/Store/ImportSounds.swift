import GRDB

extension RunStore {
  /// Calls `state` with every file of a sound and what it was when it was decoded. Where it gives another size or time,
  /// the file waits again. Returns how many do.
  public func renewImportSources(
    _ state: (_ path: String) -> (size: Int, modified: Int)
  ) throws(StoreError) -> Int {
    try write { db in
      let rows = try Row.fetchCursor(
        db,
        sql:
          "SELECT id, path, size, modified FROM source WHERE id IN (SELECT source FROM import_sound WHERE stretch != 'none')"
      )
      var changed: [(id: Int64, size: Int, modified: Int)] = []
      while let row = try rows.next() {
        let now = state(row["path"])
        if now.size != row["size"] || now.modified != row["modified"] {
          changed.append((row["id"], now.size, now.modified))
        }
      }
      for source in changed {
        try RunStore.renew(importSource: source.id, size: source.size, modified: source.modified, in: db)
      }
      return changed.count
    }
  }

  /// Makes a file wait again: it is another one now.
  static func renew(importSource id: Int64, size: Int, modified: Int, in db: Database) throws {
    try db.cachedStatement(
      sql: "UPDATE source SET size = ?, modified = ?, state = 'pending', code = NULL, detail = NULL WHERE id = ?"
    ).execute(arguments: [size, modified, id])
    try db.cachedStatement(
      sql: """
        UPDATE import_sound SET content = NULL, sha256 = NULL, seconds = NULL, code = NULL, detail = NULL, clip = NULL
        WHERE source = ?
        """
    ).execute(arguments: [id])
    try outdateImport(db)
  }

  /// Files of sounds below a folder that came out of sets' own files, and are missing: their sets are to be read again.
  public func reread(importSourcesMissingBelow folder: String) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE import_file SET is_read = 0 WHERE id IN (
            SELECT file FROM import_row JOIN import_sound ON import_sound.id = import_row.sound
            JOIN source ON source.id = import_sound.source
            WHERE source.size < 0 AND substr(source.path, 1, length(?1)) = ?1)
          """, arguments: [folder])
    }
  }

  /// Takes away sounds that no row names any more.
  public func dropUnusedImportSounds() throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "DELETE FROM import_sound WHERE id NOT IN (SELECT sound FROM import_row WHERE sound IS NOT NULL)")
      try db.execute(sql: "DELETE FROM source WHERE id NOT IN (SELECT source FROM import_sound)")
    }
  }

  /// The next files that wait for being decoded, with all stretches that rows name, by path.
  public func pendingImportSources(from path: String, limit: Int) throws(StoreError) -> [PendingImportSource] {
    try read { db in
      let sql = "SELECT id, path FROM source WHERE state = 'pending' AND path > ? ORDER BY path LIMIT ?"
      let stretches = try db.cachedStatement(sql: "SELECT id, stretch FROM import_sound WHERE source = ? ORDER BY id")
      return try Row.fetchAll(db, sql: sql, arguments: [path, limit]).map { row in
        let source = PendingSource(id: row["id"], path: row["path"])
        let sounds = try Row.fetchAll(stretches, arguments: [source.id])
        return PendingImportSource(
          source: source, sounds: sounds.map { PendingSound(id: $0["id"], stretch: $0["stretch"]) })
      }
    }
  }

  /// Commits what decoding files gave, in one transaction.
  public func commit(decoded: [(source: Int64, sounds: [DecodedSound])], _ place: StagePlace) throws(StoreError) {
    try write { db in
      let update = try db.cachedStatement(
        sql: """
          UPDATE import_sound SET content = ?, sha256 = ?, seconds = ?, start_frame = ?, frames = ?, code = ?, detail = ?
          WHERE id = ?
          """)
      for (source, sounds) in decoded {
        for sound in sounds {
          try update.execute(arguments: [
            sound.clip?.id, sound.clip?.sha256, sound.clip?.seconds, sound.clip?.startFrame, sound.clip?.frames,
            sound.rejection?.code, sound.rejection?.detail, sound.id,
          ])
        }
        let rejection = sounds.allSatisfy { $0.clip == nil } ? sounds.first?.rejection : nil
        try db.cachedStatement(sql: "UPDATE source SET state = ?, code = ?, detail = ? WHERE id = ?").execute(
          arguments: [rejection == nil ? "ready" : "rejected", rejection?.code, rejection?.detail, source])
      }
      try RunStore.countHandled(db, place, decoded.count)
      try RunStore.outdateImport(db)
    }
  }

  /// The sounds of all usable rows with the name that the first row of each gives it, in the order of these rows.
  public func namedSounds() throws(StoreError) -> [NamedSound] {
    try read { db in
      let sql = """
        SELECT import_sound.id, content, seconds, import_row.clip AS name,
          min(position * 4294967296 + line) AS first
        FROM import_row JOIN import_sound ON import_sound.id = import_row.sound
        JOIN import_file ON import_file.id = import_row.file
        WHERE content IS NOT NULL AND import_row.code IS NULL GROUP BY import_sound.id ORDER BY first
        """
      var sounds: [NamedSound] = []
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() {
        sounds.append(
          NamedSound(id: row["id"], content: row["content"], seconds: row["seconds"], name: row["name"] ?? ""))
      }
      return sounds
    }
  }

  /// Says which clip each sound is.
  public func assign(clips: [(sound: Int64, clip: String)]) throws(StoreError) {
    try write { db in
      let update = try db.cachedStatement(sql: "UPDATE import_sound SET clip = ?1 WHERE id = ?2 AND clip IS NOT ?1")
      for (sound, clip) in clips { try update.execute(arguments: [clip, sound]) }
      try db.execute(sql: "UPDATE import_sound SET clip = NULL WHERE content IS NULL AND clip IS NOT NULL")
    }
  }
}
