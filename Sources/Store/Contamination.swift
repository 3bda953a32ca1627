import GRDB

/// A question that stands, in its words or its sound, in a test set, as stored.
public struct ContaminationRecord: Sendable, Equatable, Encodable {
  public var question: String
  /// What is the same: "question", "words", "youtube", "freesound", "file-name" or "audio".
  public var kind: String
  /// The test set, the item of it, and its line there. Of a folder of audio the item is a file in it, and the line 0.
  public var file: String
  public var item: String
  public var line: Int
  /// What is the same, to be read.
  public var detail: String
  /// Of what is nearly the same, 0...1.
  public var similarity: Double?

  public init(
    question: String, kind: String, file: String, item: String, line: Int, detail: String, similarity: Double? = nil
  ) {
    self.question = question
    self.kind = kind
    self.file = file
    self.item = item
    self.line = line
    self.detail = detail
    self.similarity = similarity
  }

  /// Where the item is, to be read.
  public var place: String { line > 0 ? "\(file):\(line)" : "\(file)/\(item)" }
}

extension Schema {
  /// One row for each item of a test set that a question is like. Replaced as a whole.
  static let contamination = """
    CREATE TABLE contamination (
      id INTEGER PRIMARY KEY,
      question TEXT NOT NULL,
      kind TEXT NOT NULL,
      file TEXT NOT NULL,
      item TEXT NOT NULL,
      line INTEGER NOT NULL,
      detail TEXT NOT NULL,
      similarity REAL
    ) STRICT;
    CREATE INDEX contamination_question ON contamination (question);
    CREATE INDEX contamination_kind ON contamination (file, kind);
    """
}

extension RunStore {
  /// Replaces all matches. With a `code` their questions are rejected by the stage, each with what its first match says;
  /// without one none is.
  public func commit(
    contamination: [ContaminationRecord], code: String?, _ place: StagePlace
  ) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM contamination")
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO contamination (question, kind, file, item, line, detail, similarity) VALUES (?, ?, ?, ?, ?, ?, ?)
          """)
      for match in contamination {
        try insert.execute(arguments: [
          match.question, match.kind, match.file, match.item, match.line, match.detail, match.similarity,
        ])
      }
      try db.execute(
        sql: "UPDATE question SET rejected_by = NULL, code = NULL, detail = NULL WHERE rejected_by = ?",
        arguments: [place.name])
      try RunStore.reject(code: code, in: db, place)
      try RunStore.countHandled(db, place, contamination.count)
    }
  }

  /// A question that an earlier stage rejected meanwhile keeps that verdict.
  private static func reject(code: String?, in db: Database, _ place: StagePlace) throws {
    guard let code else { return }
    try db.execute(
      sql: """
        UPDATE question SET rejected_by = :stage, code = :code, detail = (
          SELECT CASE WHEN line > 0 THEN file || ':' || line ELSE file || '/' || item END
            || ': ' || kind || ': ' || contamination.detail FROM contamination
          WHERE contamination.question = question.id ORDER BY contamination.id LIMIT 1)
        WHERE id IN (SELECT question FROM contamination)
          AND (rejected_by IS NULL OR rejected_by IN (SELECT value FROM json_each(:later)))
        """, arguments: ["stage": place.name, "code": code, "later": try Column.text(place.followers)])
  }

  /// Matches as stored, by test set and line.
  public func contamination(limit: Int) throws(StoreError) -> [ContaminationRecord] {
    try read { db in
      let sql = "SELECT * FROM contamination ORDER BY file, line, item, question, id LIMIT ?"
      return try Row.fetchAll(db, sql: sql, arguments: [limit]).map { row in
        ContaminationRecord(
          question: row["question"], kind: row["kind"], file: row["file"], item: row["item"], line: row["line"],
          detail: row["detail"], similarity: row["similarity"])
      }
    }
  }

  /// How many questions and items of each test set match by what.
  public func contaminationCounts() throws(StoreError) -> [(file: String, kind: String, questions: Int, items: Int)] {
    try read { db in
      let sql = """
        SELECT file, kind, count(DISTINCT question) AS questions, count(DISTINCT CASE WHEN line > 0 THEN line ELSE item END) AS items
        FROM contamination GROUP BY file, kind ORDER BY file, kind
        """
      return try Row.fetchAll(db, sql: sql).map { ($0["file"], $0["kind"], $0["questions"], $0["items"]) }
    }
  }

  /// Questions with a match.
  public func contaminatedCount() throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(DISTINCT question) FROM contamination") ?? 0 }
  }
}
