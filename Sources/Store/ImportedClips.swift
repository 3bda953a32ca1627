import GRDB

extension RunStore {
  /// The next clips that usable rows ask about, by id and after `clip`.
  public func importedClips(from clip: String, limit: Int) throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT DISTINCT clip FROM import_sound WHERE clip > ? ORDER BY clip LIMIT ?",
        arguments: [clip, limit])
    }
  }

  /// What was made of a clip's rows last.
  public func importDigest(of clip: String) throws(StoreError) -> String? {
    try read { db in
      try String.fetchOne(
        try db.cachedStatement(
          sql:
            "SELECT digest FROM import_clip WHERE clip = ? AND EXISTS (SELECT 1 FROM clip WHERE clip.id = import_clip.clip)"
        ), arguments: [clip])
    }
  }

  /// The usable rows about a clip, in the order of the sets.
  public func importedRows(of clip: String) throws(StoreError) -> [ImportedRowRecord] {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT import_row.*, set_name, position, source, content, sha256, seconds, start_frame, frames,
            captions.key AS captions_key, captions.body AS captions_body, making.key AS making_key,
            making.body AS making_body
          FROM import_sound JOIN import_row ON import_row.sound = import_sound.id
          JOIN import_file ON import_file.id = import_row.file
          LEFT JOIN import_text AS captions ON captions.id = import_row.captions
          LEFT JOIN import_text AS making ON making.id = import_row.making
          WHERE import_sound.clip = ? AND import_row.code IS NULL ORDER BY position, line
          """)
      return try Row.fetchAll(statement, arguments: [clip]).map { try importedRow($0, db) }
    }
  }

  private func importedRow(_ row: Row, _ db: Database) throws -> ImportedRowRecord {
    let earlier = try db.cachedStatement(
      sql: """
        SELECT 1 FROM import_row JOIN import_file ON import_file.id = import_row.file
        JOIN import_sound ON import_sound.id = import_row.sound
        WHERE given_id = ? AND import_row.code IS NULL AND import_sound.clip IS NOT NULL AND (position, line) < (?, ?)
        LIMIT 1
        """)
    let (position, line): (Int, Int) = (row["position"], row["line"])
    let isFirst = try Row.fetchOne(earlier, arguments: [row["given_id"] as String, position, line]) == nil
    return ImportedRowRecord(
      file: row["file"], set: row["set_name"], row: try RunStore.importRow(row), isFirstOfID: isFirst,
      isSettled: row["question"] != nil || row["repeats"] != nil, source: row["source"], content: row["content"],
      sha256: row["sha256"], seconds: row["seconds"], startFrame: row["start_frame"],
      frames: row["frames"])
  }

  private static func importRow(_ row: Row) throws -> ImportRowRecord {
    var record = ImportRowRecord(line: row["line"])
    record.id = row["given_id"]
    record.clip = row["clip"]
    record.split = row["split"]
    record.stem = row["stem"]
    record.choices = try Column.strings(row["choices"])
    record.answerIndex = row["answer_index"]
    record.skill = row["skill"]
    record.difficulty = row["difficulty"]
    record.contribution = row["contribution"]
    record.labels = try Column.strings(row["labels"])
    record.evidence = row["evidence"]
    record.rationale = row["rationale"]
    record.shares = importedShares(row)
    record.recording = row["recording"]
    record.metadata = try Column.table(row["metadata"])
    record.sources = try Column.strings(row["sources"])
    if let key: String = row["captions_key"] { record.captions = SharedText(key: key, body: row["captions_body"]) }
    if let key: String = row["making_key"] { record.making = SharedText(key: key, body: row["making_body"]) }
    return record
  }

  /// Commits what was made of the rows of clips, in one transaction; what a clip was before is replaced.
  public func commit(imported clips: [ImportedClip], _ place: StagePlace) throws(StoreError) {
    try write { db in
      for clip in clips {
        try RunStore.mark(clip.outcomes, in: db)
        if clip.isSame { continue }
        try RunStore.replaceClip(clip, in: db)
        try RunStore.replaceCaptions(of: clip, in: db)
        try RunStore.replaceQuestions(of: clip, in: db)
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO import_clip VALUES (?, ?)")
          .execute(arguments: [clip.id, clip.digest])
        try RunStore.markDone(db, place, clip: clip.id)
      }
    }
  }

  private static func replaceClip(_ clip: ImportedClip, in db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO clip (id, sha256, seconds, labels, metadata) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (id) DO UPDATE SET sha256 = ?2, seconds = ?3, labels = ?4, metadata = ?5
        """
    ).execute(arguments: [
      clip.id, clip.sha256, clip.seconds, try Column.text(clip.labels), try Column.text(clip.metadata),
    ])
    try db.cachedStatement(sql: "DELETE FROM clip_source WHERE clip = ?").execute(arguments: [clip.id])
    for place in clip.places {
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO clip_source VALUES (?, ?, ?, ?)")
        .execute(arguments: [place.source, place.startFrame, place.frames, clip.id])
      guard !clip.recording.isEmpty else { continue }
      try db.cachedStatement(sql: "UPDATE source SET recording = ? WHERE id = ?")
        .execute(arguments: [clip.recording, place.source])
    }
  }

  private static func replaceCaptions(of clip: ImportedClip, in db: Database) throws {
    for prompt in clip.prompts {
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO prompt VALUES (?, ?, ?)")
        .execute(arguments: [prompt.hash, prompt.name, prompt.text])
    }
    try db.cachedStatement(sql: "DELETE FROM caption WHERE clip = ?").execute(arguments: [clip.id])
    var sources: [CaptionSource: Int64] = [:]
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO caption (clip, captioner, key, ordinal, current, text, source, mean_logprob)
        VALUES (?, ?, ?, ?, 1, ?, ?, ?)
        """)
    for caption in clip.captions {
      let source = try caption.source.isEmpty ? nil : id(of: caption.source, in: db, &sources)
      try insert.execute(arguments: [
        clip.id, caption.captioner, caption.key, caption.ordinal, caption.text, source, caption.meanLogProbability,
      ])
    }
  }

  private static func replaceQuestions(of clip: ImportedClip, in db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM question WHERE clip = ?").execute(arguments: [clip.id])
    // An id may have belonged to a question of another clip, which then is replaced too.
    let clear = try db.cachedStatement(sql: "DELETE FROM question WHERE id = ?")
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO question (id, clip, ordinal, stem, correct, distractors, evidence, skill, difficulty, rationale)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for question in clip.questions {
      try clear.execute(arguments: [question.id])
      try insert.execute(arguments: [
        question.id, question.clip, question.ordinal, question.stem, question.correct,
        try Column.text(question.distractors), question.evidence, question.skill, question.difficulty,
        question.rationale,
      ])
    }
  }

  private static func mark(_ outcomes: [ImportedClip.Outcome], in db: Database) throws {
    let mark = try db.cachedStatement(
      sql: "UPDATE import_row SET question = ?, repeats = ? WHERE file = ? AND line = ?")
    for outcome in outcomes {
      try mark.execute(arguments: [outcome.question, outcome.repeats, outcome.file, outcome.line])
    }
  }

  /// Takes away the clips that no usable row asks about any more. Returns how many there were.
  /// All clips and questions then are those of the rows.
  public func finishImport(_ place: StagePlace) throws(StoreError) -> Int {
    try write { db in
      let gone = try String.fetchAll(
        db,
        sql: """
          SELECT id FROM clip WHERE id NOT IN (
            SELECT clip FROM import_sound WHERE clip IS NOT NULL AND id IN (
              SELECT sound FROM import_row WHERE code IS NULL AND sound IS NOT NULL))
          """)
      for clip in gone {
        try RunStore.remove(clip: clip, from: db, place)
        try db.execute(sql: "DELETE FROM import_clip WHERE clip = ?", arguments: [clip])
        try db.execute(sql: "DELETE FROM clip_source WHERE clip = ?", arguments: [clip])
      }
      if !gone.isEmpty { try RunStore.bumpRevision(db) }
      try db.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [RunStore.outdated])
      return gone.count
    }
  }
}
