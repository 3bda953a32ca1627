import GRDB

/// Shares of right answers to a question, 0...1, with its own sound, without any, with silence or noise, with another
/// clip's; nil where nobody was asked that way, or it is not known.
public struct AnswerShares: Sendable, Equatable {
  public var heard: Double?
  public var blind: Double?
  public var silent: Double?
  public var swapped: Double?

  public init(heard: Double? = nil, blind: Double? = nil, silent: Double? = nil, swapped: Double? = nil) {
    self.heard = heard
    self.blind = blind
    self.silent = silent
    self.swapped = swapped
  }

  /// These, and the others' where these are not known.
  public func filled(from other: AnswerShares?) -> AnswerShares {
    AnswerShares(
      heard: heard ?? other?.heard, blind: blind ?? other?.blind, silent: silent ?? other?.silent,
      swapped: swapped ?? other?.swapped)
  }
}

extension RunStore {
  /// Whether judges were asked about any question. A run of an earlier version has no place for that.
  static func isJudged(_ db: Database) throws -> Bool {
    guard try db.tableExists("dependence") else { return false }
    return try Int.fetchOne(db, sql: "SELECT 1 FROM dependence LIMIT 1") != nil
  }

  /// What judges' answers to a question came to; nil where they were not asked.
  static func judgedShares(of question: String, in db: Database) throws -> AnswerShares? {
    let sql = "SELECT heard, blind, silent, swapped FROM dependence WHERE question = ?"
    return try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: [question]).map(answerShares)
  }

  /// The greatest of each that judges' answers to any question came to; nil where nobody was asked that way.
  public func greatestJudgedShares() throws(StoreError) -> AnswerShares {
    try read { db in
      guard try RunStore.isJudged(db) else { return AnswerShares() }
      let sql = """
        SELECT max(heard) AS heard, max(blind) AS blind, max(silent) AS silent, max(swapped) AS swapped FROM dependence
        """
      return try Row.fetchOne(db, sql: sql).map(RunStore.answerShares) ?? AnswerShares()
    }
  }

  /// The same of what sets say of their questions.
  public func greatestImportedShares() throws(StoreError) -> AnswerShares {
    try read { db in
      guard try RunStore.isImport(db) else { return AnswerShares() }
      let names = try db.columns(in: "import_row").map(\.name)
      // A run of an earlier version has the first alone.
      let shares = ["pass_rate", "blind", "silent", "swapped"].filter(names.contains)
      let sql =
        "SELECT \(shares.map { "max(\($0)) AS \($0)" }.joined(separator: ", ")) FROM import_row WHERE question IS NOT NULL"
      return try Row.fetchOne(db, sql: sql).map(RunStore.importedShares) ?? AnswerShares()
    }
  }

  private static func answerShares(_ row: Row) -> AnswerShares {
    AnswerShares(heard: row["heard"], blind: row["blind"], silent: row["silent"], swapped: row["swapped"])
  }

  /// Of a row of an imported set.
  static func importedShares(_ row: Row) -> AnswerShares {
    AnswerShares(heard: row["pass_rate"], blind: row["blind"], silent: row["silent"], swapped: row["swapped"])
  }
}
