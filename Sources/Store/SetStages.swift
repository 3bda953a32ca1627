import GRDB

/// A clip and the recordings it was cut from: what a split is made from.
public struct ClipRecordings: Sendable, Equatable {
  public var clip: String
  public var recordings: [String]
}

/// What the balance of a set needs of a question.
public struct BalanceCandidate: Sendable, Equatable {
  public var id: String
  public var clip: String
  public var split: String
  public var labels: [String]
  public var correct: String
  public var distractors: [String]
  /// "strong" or "weak" where judges said so.
  public var contribution: String?
  public var stem: String
  /// As its writer named it; empty where it did not.
  public var skill: String
}

/// What the balance of a set made of a question: its choices as shown, or why it is out.
public struct BalancedQuestion: Sendable, Equatable {
  public var id: String
  public var choices: [String]
  public var answerIndex: Int
  public var code: String?
  public var detail: String?

  public init(id: String, choices: [String], answerIndex: Int, code: String? = nil, detail: String? = nil) {
    self.id = id
    self.choices = choices
    self.answerIndex = answerIndex
    self.code = code
    self.detail = detail
  }
}

extension RunStore {
  /// Every clip with the names of its recordings, by clip.
  public func recordings() throws(StoreError) -> [ClipRecordings] {
    try read { db in
      var result: [ClipRecordings] = []
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT clip, recording FROM clip_source JOIN source ON source.id = clip_source.source
          GROUP BY clip, recording ORDER BY clip, recording
          """)
      while let row = try rows.next() {
        let clip: String = row["clip"]
        if result.last?.clip == clip {
          result[result.count - 1].recordings.append(row["recording"])
        } else {
          result.append(ClipRecordings(clip: clip, recordings: [row["recording"]]))
        }
      }
      return result
    }
  }

  public func commit(splits: [(clip: String, split: String)], _ place: StagePlace) throws(StoreError) {
    try write { db in
      let update = try db.cachedStatement(sql: "UPDATE clip SET split = ?1 WHERE id = ?2 AND split IS NOT ?1")
      for (clip, split) in splits { try update.execute(arguments: [split, clip]) }
      try RunStore.countHandled(db, place, splits.count)
    }
  }

  /// Questions that no stage before `place` rejected and whose clip the stage before is done with, by id.
  public func balanceCandidates(_ place: StagePlace) throws(StoreError) -> [BalanceCandidate] {
    try read { db in
      let sql = """
        SELECT question.id, question.clip, clip.split, clip.labels, question.correct, question.distractors,
          question.contribution, question.stem, question.skill
        FROM question JOIN clip ON clip.id = question.clip
        WHERE (rejected_by IS NULL OR rejected_by IN (SELECT value FROM json_each(:later)))
          AND (:upstream IS NULL OR EXISTS (SELECT 1 FROM done WHERE stage = :upstream AND done.clip = clip.id))
        ORDER BY question.id
        """
      let later = try Column.text([place.name] + place.followers)
      let arguments: StatementArguments = ["later": later, "upstream": place.upstream]
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
        BalanceCandidate(
          id: row["id"], clip: row["clip"], split: row["split"] ?? "train", labels: try Column.strings(row["labels"]),
          correct: row["correct"], distractors: try Column.strings(row["distractors"]),
          contribution: row["contribution"], stem: row["stem"], skill: row["skill"] ?? "")
      }
    }
  }

  /// Commits the balance of the whole set at once: a set half balanced is never seen.
  public func commit(balanced: [BalancedQuestion], _ place: StagePlace) throws(StoreError) {
    try write { db in
      try RunStore.clearBalance(db, place)
      let update = try db.cachedStatement(
        sql: """
          UPDATE question SET choices = ?, answer_index = ?, rejected_by = ?, code = ?, detail = COALESCE(?, detail)
          WHERE id = ?
          """)
      for question in balanced {
        try update.execute(arguments: [
          try Column.text(question.choices), question.answerIndex, question.code == nil ? nil : place.name,
          question.code, question.detail, question.id,
        ])
      }
      try RunStore.countHandled(db, place, balanced.count)
    }
  }

  /// Takes back what the stage and those after it said of questions, and the order of their choices.
  static func clearBalance(_ db: Database, _ place: StagePlace) throws {
    let stages = try Column.text([place.name] + place.followers)
    try db.execute(
      sql: """
        UPDATE question SET rejected_by = NULL, code = NULL, detail = NULL
        WHERE rejected_by IN (SELECT value FROM json_each(?))
        """, arguments: [stages])
    try db.execute(sql: "UPDATE question SET choices = NULL, answer_index = NULL WHERE choices IS NOT NULL")
  }
}
