import GRDB

/// A clip with the questions of it that a set holds.
public struct ExportRow: Sendable, Equatable {
  public var clip: ClipRecord
  public var sources: [String]
  public var captions: [CaptionRecord]
  public var questions: [QuestionRecord]
  /// The model that was asked for the questions, where that was kept.
  public var model: String?
  /// What the sets that questions were imported from say of them, by question.
  public var imported: [String: ImportedDetails] = [:]
  /// What judges' answers came to, by question.
  public var judged: [String: AnswerShares] = [:]
}

/// What a run's questions may have beyond what all have: looked up once for many clips.
private struct ExportKnowledge {
  let isImport: Bool
  let isJudged: Bool

  init(_ db: Database) throws {
    isImport = try RunStore.isImport(db)
    isJudged = try RunStore.isJudged(db)
  }
}

extension RunStore {
  /// The next clips, by id and after `clip`, that have accepted and placed questions in `split` (or in any).
  public func exportRows(split: String?, from clip: String, limit: Int) throws(StoreError) -> [ExportRow] {
    try read { db in
      let sql = """
        SELECT id FROM clip WHERE id > :from AND (:split IS NULL OR split = :split) AND EXISTS (
          SELECT 1 FROM question WHERE question.clip = clip.id AND rejected_by IS NULL AND answer_index IS NOT NULL)
        ORDER BY id LIMIT :limit
        """
      let ids = try String.fetchAll(
        try db.cachedStatement(sql: sql), arguments: ["from": clip, "split": split, "limit": limit])
      let known = try ExportKnowledge(db)
      return try ids.compactMap { try RunStore.exportRow($0, known, in: db) }
    }
  }

  /// These clips with their accepted and placed questions, in the order given; those that are not there are left out.
  public func exportRows(clips ids: [String]) throws(StoreError) -> [ExportRow] {
    try read { db in
      let known = try ExportKnowledge(db)
      return try ids.compactMap { try RunStore.exportRow($0, known, in: db) }
    }
  }

  private static func exportRow(_ id: String, _ known: ExportKnowledge, in db: Database) throws -> ExportRow? {
    let rows = try Row.fetchAll(
      try db.cachedStatement(sql: clipColumns + " WHERE clip.id = ? ORDER BY source.path, start_frame"), arguments: [id]
    )
    guard let first = rows.first else { return nil }
    let statement = try db.cachedStatement(
      sql: """
        SELECT * FROM question WHERE clip = ? AND rejected_by IS NULL AND answer_index IS NOT NULL ORDER BY ordinal
        """)
    var row = ExportRow(
      clip: try clipRecord(first), sources: Set(rows.map { $0["path"] as String }).sorted(),
      captions: try captions(of: id, in: db),
      questions: try Row.fetchAll(statement, arguments: [id]).map(questionRecord), model: try model(of: id, in: db))
    if known.isJudged {
      for question in row.questions { row.judged[question.id] = try judgedShares(of: question.id, in: db) }
    }
    guard known.isImport else { return row }
    for place in row.questions.indices {
      guard let details = try importedDetails(of: row.questions[place].id, in: db) else { continue }
      row.imported[row.questions[place].id] = details
      // What was judged here wins over what a set says.
      row.questions[place].contribution = row.questions[place].contribution ?? details.contribution
    }
    return row
  }

  private static func model(of clip: String, in db: Database) throws -> String? {
    let sql = "SELECT model FROM request JOIN writing ON writing.request = request.key WHERE writing.clip = ?"
    return try String.fetchOne(try db.cachedStatement(sql: sql), arguments: [clip])
  }

  /// Accepted questions by split.
  public func splitCounts() throws(StoreError) -> [String: Int] {
    try read { db in
      var counts: [String: Int] = [:]
      let sql = """
        SELECT split, count(*) AS n FROM question JOIN clip ON clip.id = question.clip
        WHERE rejected_by IS NULL AND answer_index IS NOT NULL GROUP BY split
        """
      for row in try Row.fetchAll(db, sql: sql) { counts[row["split"] ?? ""] = row["n"] }
      return counts
    }
  }
}
