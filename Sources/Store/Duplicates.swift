import GRDB

/// A question's exact key, and the question that it repeats closely, if any.
public struct DuplicateVerdict: Sendable, Equatable {
  public var question: String
  /// Digest of the normalised stem and the sorted choices.
  public var exactKey: String
  public var near: (survivor: String, similarity: Double)?

  public init(question: String, exactKey: String, near: (survivor: String, similarity: Double)? = nil) {
    self.question = question
    self.exactKey = exactKey
    self.near = near
  }

  public static func == (one: DuplicateVerdict, other: DuplicateVerdict) -> Bool {
    one.question == other.question && one.exactKey == other.exactKey && one.near?.survivor == other.near?.survivor
      && one.near?.similarity == other.near?.similarity
  }
}

extension RunStore {
  /// Commits what the search for duplicates said of each clip's questions, in the writer's order. Exact repeats are
  /// found by the database's own unique index on (clip, key); the earliest question stays.
  public func commit(
    duplicates: [(clip: String, verdicts: [DuplicateVerdict])], exactCode: String, nearCode: String, _ place: StagePlace
  ) throws(StoreError) {
    try write { db in
      for item in duplicates {
        try RunStore.clearVerdicts(of: item.clip, stages: [place.name] + place.followers, in: db)
        for verdict in item.verdicts {
          try RunStore.commit(verdict, clip: item.clip, exactCode: exactCode, nearCode: nearCode, in: db, place)
        }
        try RunStore.markDone(db, place, clip: item.clip)
      }
      try RunStore.forgetDuplicateSearch(db)
    }
  }

  private static func commit(
    _ verdict: DuplicateVerdict, clip: String, exactCode: String, nearCode: String, in db: Database, _ place: StagePlace
  ) throws {
    try db.cachedStatement(sql: "UPDATE OR IGNORE question SET exact_key = ? WHERE id = ?")
      .execute(arguments: [verdict.exactKey, verdict.question])
    let reject = try db.cachedStatement(
      sql: """
        UPDATE question SET rejected_by = ?, code = ?, detail = NULL, survivor = ?, similarity = ? WHERE id = ?
        """)
    if db.changesCount == 0 {
      let survivor = try String.fetchOne(
        try db.cachedStatement(sql: "SELECT id FROM question WHERE clip = ? AND exact_key = ?"),
        arguments: [clip, verdict.exactKey])
      try reject.execute(arguments: [place.name, exactCode, survivor, 1, verdict.question])
    } else if let near = verdict.near {
      try reject.execute(arguments: [place.name, nearCode, near.survivor, near.similarity, verdict.question])
    }
  }

  /// Takes back what these stages said of a clip's questions.
  static func clearVerdicts(of clip: String, stages: [String], in db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE question SET exact_key = NULL, survivor = NULL, similarity = NULL,
          detail = CASE WHEN rejected_by IN (SELECT value FROM json_each(?1)) THEN NULL ELSE detail END,
          code = CASE WHEN rejected_by IN (SELECT value FROM json_each(?1)) THEN NULL ELSE code END,
          rejected_by = CASE WHEN rejected_by IN (SELECT value FROM json_each(?1)) THEN NULL ELSE rejected_by END
        WHERE clip = ?2
        """
    ).execute(arguments: [try Column.text(stages), clip])
  }
}
