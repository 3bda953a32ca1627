import GRDB

/// Something that was left out, as an example of its reason.
public struct RejectedExample: Sendable, Equatable {
  /// The clip; nil where a file never became one.
  public var clip: String?
  public var path: String?
  /// Nil where no question was rejected but a file, a clip or an answer.
  public var stem: String?
  public var correct: String?
  public var distractors: String?
  public var detail: String?
}

extension RunStore {
  /// The first things that a stage left out for this reason, in the order of their identities.
  public func rejectedExamples(stage: String, code: String, limit: Int) throws(StoreError) -> [RejectedExample] {
    try read { db in
      let sql =
        switch stage {
        case "scan":
          """
          SELECT NULL AS clip, path, detail FROM source WHERE code = :code
          UNION ALL SELECT NULL, path || ' at frame ' || start_frame, window_rejection.detail FROM window_rejection
          JOIN source ON source.id = window_rejection.source WHERE window_rejection.code = :code LIMIT :limit
          """
        case "caption": "SELECT clip, detail FROM caption WHERE current AND code = :code ORDER BY clip LIMIT :limit"
        case "write": "SELECT clip, detail FROM writing WHERE code = :code ORDER BY clip LIMIT :limit"
        default:
          """
          SELECT clip, stem, correct, distractors, detail FROM question WHERE rejected_by = :stage AND code = :code
          ORDER BY id LIMIT :limit
          """
        }
      var arguments: StatementArguments = ["code": code, "limit": limit]
      if !["scan", "caption", "write"].contains(stage) { arguments += ["stage": stage] }
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
        RejectedExample(
          clip: row["clip"], path: row["path"], stem: row["stem"], correct: row["correct"],
          distractors: row["distractors"], detail: row["detail"])
      }
    }
  }

  /// How many clips are how far to be trusted, in tenths from 0; those that were not checked are left out.
  public func trustCounts() throws(StoreError) -> [Int] {
    try read { db in
      var counts = Array(repeating: 0, count: 10)
      let sql =
        "SELECT min(9, cast(trust * 10 AS INTEGER)) AS tenth, count(*) AS n FROM clip WHERE trust IS NOT NULL GROUP BY 1"
      for row in try Row.fetchAll(db, sql: sql) {
        let tenth: Int = row["tenth"]
        if counts.indices.contains(tenth) { counts[tenth] = row["n"] }
      }
      return counts.allSatisfy { $0 == 0 } ? [] : counts
    }
  }
}
