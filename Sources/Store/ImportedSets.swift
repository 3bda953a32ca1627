import GRDB

/// The split that rows give a clip.
public struct GivenSplit: Sendable, Equatable {
  public var clip: String
  /// Where rows of one clip differ, the split that is held back most: test, then dev.
  public var split: String
  /// Questions whose rows say another one.
  public var moved: Int
}

extension RunStore {
  /// The splits that rows give the clips of the set, by clip.
  public func givenSplits() throws(StoreError) -> [GivenSplit] {
    try read { db in
      let sql = """
        WITH given AS (
          SELECT import_sound.clip AS clip, max(CASE split WHEN 'test' THEN 3 WHEN 'dev' THEN 2 ELSE 1 END) AS rank
          FROM import_row JOIN import_sound ON import_sound.id = import_row.sound
          WHERE question IS NOT NULL AND split != '' GROUP BY import_sound.clip)
        SELECT given.clip, rank, (
            SELECT count(*) FROM import_row JOIN import_sound ON import_sound.id = import_row.sound
            WHERE import_sound.clip = given.clip AND question IS NOT NULL AND split != ''
              AND CASE split WHEN 'test' THEN 3 WHEN 'dev' THEN 2 ELSE 1 END != rank) AS moved
        FROM given ORDER BY given.clip
        """
      let names = ["train", "dev", "test"]
      return try Row.fetchAll(db, sql: sql).map { row in
        GivenSplit(clip: row["clip"], split: names[(row["rank"] as Int) - 1], moved: row["moved"])
      }
    }
  }

  /// Puts the choices of all questions that no stage before `place` rejected in the order that their rows give, the whole
  /// set at once. Returns how many there are.
  public func commitGivenChoices(_ place: StagePlace) throws(StoreError) -> Int {
    try write { db in
      try RunStore.clearBalance(db, place)
      try db.execute(
        sql: """
          UPDATE question SET choices = import_row.choices, answer_index = import_row.answer_index
          FROM import_row WHERE import_row.question = question.id AND rejected_by IS NULL
          """)
      let count = db.changesCount
      try RunStore.countHandled(db, place, count)
      return count
    }
  }

  /// What the sets say of a question; nil where it was not imported.
  static func importedDetails(of question: String, in db: Database) throws -> ImportedDetails? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT import_row.*, captions.body AS captions_body, making.body AS making_body
        FROM import_row LEFT JOIN import_text AS captions ON captions.id = import_row.captions
        LEFT JOIN import_text AS making ON making.id = import_row.making WHERE question = ?
        """)
    return try Row.fetchOne(statement, arguments: [question]).map { row in
      ImportedDetails(
        contribution: row["contribution"],
        shares: RunStore.importedShares(row),
        captions: row["captions_body"], making: row["making_body"],
        sources: try Column.strings(row["sources"]), metadata: try Column.table(row["metadata"]))
    }
  }

  /// The files that a clip was found in when its questions were made, as sets tell.
  static func importedNames(of clip: String, in db: Database) throws -> [String] {
    guard try isImport(db) else { return [] }
    let sql = """
      SELECT DISTINCT value FROM import_sound JOIN import_row ON import_row.sound = import_sound.id
      JOIN json_each(import_row.sources) WHERE import_sound.clip = ? AND import_row.code IS NULL ORDER BY value
      """
    return try String.fetchAll(try db.cachedStatement(sql: sql), arguments: [clip])
  }

  /// Which file of which set a question was read from, and its line there; nil where it was not imported.
  public func importPlace(of question: String) throws(StoreError) -> (set: String, path: String, line: Int)? {
    try read { db in
      guard try RunStore.isImport(db) else { return nil }
      let sql = """
        SELECT set_name, path, line FROM import_row JOIN import_file ON import_file.id = import_row.file
        WHERE question = ?
        """
      return try Row.fetchOne(db, sql: sql, arguments: [question]).map { ($0["set_name"], $0["path"], $0["line"]) }
    }
  }

  /// The ways in which imported questions were made, as JSON.
  public func importedMakings() throws(StoreError) -> [String] {
    try read { db in
      guard try RunStore.isImport(db) else { return [] }
      return try String.fetchAll(
        db,
        sql: """
          SELECT body FROM import_text WHERE id IN (SELECT making FROM import_row WHERE question IS NOT NULL) ORDER BY body
          """)
    }
  }

  /// Whether any imported question comes with an audio contribution, and with a rationale.
  public func importedMembers() throws(StoreError) -> (contribution: Bool, rationale: Bool) {
    try read { db in
      guard try RunStore.isImport(db) else { return (false, false) }
      let any = "SELECT 1 FROM import_row WHERE question IS NOT NULL AND"
      return (
        try Int.fetchOne(db, sql: "\(any) contribution IS NOT NULL LIMIT 1") != nil,
        try Int.fetchOne(db, sql: "\(any) rationale != '' LIMIT 1") != nil
      )
    }
  }

  /// The imported sets, in their order; empty where the run is no import.
  public func importedSets() throws(StoreError) -> [ImportedSetCount] {
    try read { db in
      guard try RunStore.isImport(db) else { return [] }
      let sql = """
        SELECT set_name, count(line) AS n,
          total(import_row.code IS NOT NULL OR import_sound.code IS NOT NULL) AS refused,
          total(repeats IS NOT NULL) AS repeats, total(question.id IS NOT NULL) AS accepted
        FROM import_file LEFT JOIN import_row ON import_row.file = import_file.id
        LEFT JOIN import_sound ON import_sound.id = import_row.sound
        LEFT JOIN question ON question.id = import_row.question AND rejected_by IS NULL
        GROUP BY set_name ORDER BY min(position)
        """
      return try Row.fetchAll(db, sql: sql).map { row in
        ImportedSetCount(
          set: row["set_name"], rows: row["n"], refused: Int(row["refused"] as Double),
          repeats: Int(row["repeats"] as Double), accepted: Int(row["accepted"] as Double))
      }
    }
  }

  /// Whether questions come from sets made elsewhere. A database of an earlier version has no such tables.
  static func isImport(_ db: Database) throws -> Bool {
    guard try db.tableExists("import_file") else { return false }
    return try Int.fetchOne(db, sql: "SELECT 1 FROM import_file LIMIT 1") != nil
  }

  /// Rows that are not used, by reason; those whose sound cannot be used by its reason.
  static func importRejections(_ db: Database) throws -> [RejectionCount] {
    let code = "coalesce(import_row.code, import_sound.code, iif(repeats IS NULL, NULL, 'E_REPEATED'))"
    let sql = """
      SELECT \(code) AS reason, count(*) AS n
      FROM import_row LEFT JOIN import_sound ON import_sound.id = import_row.sound
      WHERE \(code) IS NOT NULL GROUP BY reason ORDER BY reason
      """
    return try Row.fetchAll(db, sql: sql).map { RejectionCount(stage: "import", code: $0["reason"], count: $0["n"]) }
  }

  /// The first rows that are not used, by file and line.
  public func unusedImportRows(limit: Int) throws(StoreError) -> [(
    path: String, line: Int, code: String, detail: String
  )] {
    try read { db in
      let sql = """
        SELECT import_file.path, line, coalesce(import_row.code, import_sound.code) AS code,
          coalesce(import_row.detail, import_sound.detail, '') AS detail
        FROM import_row JOIN import_file ON import_file.id = import_row.file
        LEFT JOIN import_sound ON import_sound.id = import_row.sound
        WHERE import_row.code IS NOT NULL OR import_sound.code IS NOT NULL ORDER BY position, line LIMIT ?
        """
      return try Row.fetchAll(db, sql: sql, arguments: [limit]).map {
        ($0["path"], $0["line"], $0["code"], $0["detail"])
      }
    }
  }
}
