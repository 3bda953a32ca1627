import GRDB

/// A question that is to be judged: does it need its sound?
public struct JudgedQuestion: Sendable, Equatable {
  public var id: String
  public var clip: String
  public var labels: [String]
  public var stem: String
  public var correct: String
  public var distractors: [String]
}

/// What a judge said, kept under a key of all that it was asked, so that it is never asked again.
public struct JudgeReplyRecord: Sendable, Equatable {
  public var key: String
  /// The request whose answer it was read from; nil of a model on this machine.
  public var request: String?
  /// As JSON.
  public var reply: String

  public init(key: String, request: String?, reply: String) {
    self.key = key
    self.request = request
    self.reply = reply
  }
}

/// How one judge fared with one question, with something in the sound's place.
public struct JudgeScoreRecord: Sendable, Equatable {
  public var judge: String
  public var hearing: String
  /// Answers: orders of the choices, times samples.
  public var asked: Int
  public var right: Double
  /// Mean of the logarithm of the right choice's probability over that of the best wrong one, where it is known.
  public var margin: Double?

  public init(judge: String, hearing: String, asked: Int, right: Double, margin: Double?) {
    self.judge = judge
    self.hearing = hearing
    self.asked = asked
    self.right = right
    self.margin = margin
  }
}

/// What the judges' answers say of a question. Shares are of answers, 0...1; nil where nobody was asked that way.
public struct DependenceRecord: Sendable, Equatable {
  public var question: String
  /// Without any sound, with silence or noise, with another clip's sound, with its own.
  public var blind: Double?
  public var silent: Double?
  public var swapped: Double?
  public var heard: Double?
  /// Mean margin of the answers without the sound.
  public var margin: Double?
  /// So many of the judges answer it without the sound.
  public var votes: Int
  public var judges: Int
  /// "strong" or "weak"; nil where answers are missing.
  public var contribution: String?
  public var scores: [JudgeScoreRecord]
  /// Why the question is out.
  public var code: String?
  public var detail: String?

  public init(
    question: String, blind: Double? = nil, silent: Double? = nil, swapped: Double? = nil, heard: Double? = nil,
    margin: Double? = nil, votes: Int, judges: Int, contribution: String?, scores: [JudgeScoreRecord],
    code: String? = nil, detail: String? = nil
  ) {
    self.question = question
    self.blind = blind
    self.silent = silent
    self.swapped = swapped
    self.heard = heard
    self.margin = margin
    self.votes = votes
    self.judges = judges
    self.contribution = contribution
    self.scores = scores
    self.code = code
    self.detail = detail
  }
}

extension RunStore {
  /// Questions that no stage before `place` rejected and whose clip the stage before is done with, by id.
  public func judgedQuestions(_ place: StagePlace) throws(StoreError) -> [JudgedQuestion] {
    try read { db in
      let sql = """
        SELECT question.id, question.clip, clip.labels, question.stem, question.correct, question.distractors
        FROM question JOIN clip ON clip.id = question.clip
        WHERE (rejected_by IS NULL OR rejected_by IN (SELECT value FROM json_each(:later)))
          AND (:upstream IS NULL OR EXISTS (SELECT 1 FROM done WHERE stage = :upstream AND done.clip = clip.id))
        ORDER BY question.id
        """
      let later = try Column.text([place.name] + place.followers)
      return try Row.fetchAll(db, sql: sql, arguments: ["later": later, "upstream": place.upstream]).map { row in
        JudgedQuestion(
          id: row["id"], clip: row["clip"], labels: try Column.strings(row["labels"]), stem: row["stem"],
          correct: row["correct"], distractors: try Column.strings(row["distractors"]))
      }
    }
  }

  /// The replies under those of the keys that have one.
  public func judgeReplies(_ keys: [String]) throws(StoreError) -> [String: String] {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT reply FROM judge_reply WHERE key = ?")
      var replies: [String: String] = [:]
      for key in keys { replies[key] = try String.fetchOne(statement, arguments: [key]) }
      return replies
    }
  }

  /// Keeps what judges said, durable on return.
  public func keep(_ replies: [JudgeReplyRecord]) throws(StoreError) {
    try write { db in try RunStore.insert(replies, db) }
  }

  /// As `keep(_:)`, in a transaction with what other tasks write at the same time.
  public func settle(_ replies: [JudgeReplyRecord]) async throws(StoreError) {
    try await commit { db in try RunStore.insert(replies, db) }
  }

  private static func insert(_ replies: [JudgeReplyRecord], _ db: Database) throws {
    let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO judge_reply (key, request, reply) VALUES (?, ?, ?)")
    for reply in replies { try insert.execute(arguments: [reply.key, reply.request, reply.reply]) }
  }

  /// Commits what the judges say of the whole set at once: a set half judged is never seen. `input` is what the set was;
  /// where the stage had a result of the very same set, as answers had been missing, and it changes, so does the set for
  /// the stages after it.
  public func commit(dependence records: [DependenceRecord], input: String, _ place: StagePlace) throws(StoreError) {
    try write { db in
      let before = try RunStore.contributions(db, by: place.name)
      let said = Dictionary(
        records.map { ($0.question, "\($0.contribution ?? "") \($0.code ?? "")") },
        uniquingKeysWith: { first, _ in first })
      try db.execute(sql: "DELETE FROM dependence; DELETE FROM judge_score")
      for record in records { try RunStore.insert(record, db) }
      try RunStore.countHandled(db, place, records.count)
      // Where nothing changes, later stages are not run again, and what they rejected stays so.
      guard before != said.filter({ $0.value != " " }) else { return }
      let stages = try Column.text([place.name] + place.followers)
      try db.execute(
        sql: """
          UPDATE question SET rejected_by = NULL, code = NULL, detail = NULL
          WHERE rejected_by IN (SELECT value FROM json_each(?))
          """, arguments: [stages])
      try db.execute(sql: "UPDATE question SET contribution = NULL WHERE contribution IS NOT NULL")
      for record in records { try RunStore.judge(record, db, place) }
      let known = try String.fetchOne(db, sql: "SELECT input FROM stage WHERE name = ?", arguments: [place.name])
      if known == input { try RunStore.bumpRevision(db) }
    }
  }

  /// What the stage said last of each question that it said something of.
  private static func contributions(_ db: Database, by stage: String) throws -> [String: String] {
    let sql = """
      SELECT id, ifnull(contribution, '') || ' ' || CASE WHEN rejected_by = ? THEN code ELSE '' END AS said FROM question
      WHERE contribution IS NOT NULL OR rejected_by = ?
      """
    let rows = try Row.fetchAll(db, sql: sql, arguments: [stage, stage])
    return Dictionary(rows.map { ($0["id"], $0["said"]) }, uniquingKeysWith: { first, _ in first })
  }

  private static func insert(_ record: DependenceRecord, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO dependence (question, blind, silent, swapped, heard, margin, votes, judges)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      record.question, record.blind, record.silent, record.swapped, record.heard, record.margin, record.votes,
      record.judges,
    ])
    let score = try db.cachedStatement(sql: "INSERT INTO judge_score VALUES (?, ?, ?, ?, ?, ?)")
    for one in record.scores {
      try score.execute(arguments: [record.question, one.judge, one.hearing, one.asked, one.right, one.margin])
    }
  }

  private static func judge(_ record: DependenceRecord, _ db: Database, _ place: StagePlace) throws {
    try db.cachedStatement(
      sql: """
        UPDATE question SET contribution = ?, rejected_by = ?, code = ?, detail = COALESCE(?, detail) WHERE id = ?
        """
    ).execute(arguments: [
      record.contribution, record.code == nil ? nil : place.name, record.code, record.detail, record.question,
    ])
  }

  /// What the judges say of a question; nil where they were not asked.
  public func dependence(of question: String) throws(StoreError) -> DependenceRecord? {
    try read { db in
      let sql = """
        SELECT dependence.*, question.contribution FROM dependence JOIN question ON question.id = dependence.question
        WHERE dependence.question = ?
        """
      guard let row = try Row.fetchOne(db, sql: sql, arguments: [question]) else { return nil }
      let scores = try Row.fetchAll(
        db, sql: "SELECT * FROM judge_score WHERE question = ? ORDER BY judge, hearing", arguments: [question]
      ).map { row in
        JudgeScoreRecord(
          judge: row["judge"], hearing: row["hearing"], asked: row["asked"], right: row["right"],
          margin: row["margin"])
      }
      return DependenceRecord(
        question: question, blind: row["blind"], silent: row["silent"], swapped: row["swapped"], heard: row["heard"],
        margin: row["margin"], votes: row["votes"], judges: row["judges"], contribution: row["contribution"],
        scores: scores)
    }
  }

  /// Questions by what the judges made of them: "strong", "weak", and "" where answers are missing.
  public func contributionCounts() throws(StoreError) -> [String: Int] {
    try read { db in
      let sql = """
        SELECT ifnull(contribution, '') AS said, count(*) AS n FROM dependence
        JOIN question ON question.id = dependence.question GROUP BY said
        """
      return Dictionary(
        try Row.fetchAll(db, sql: sql).map { ($0["said"], $0["n"]) }, uniquingKeysWith: { first, _ in first })
    }
  }
}
