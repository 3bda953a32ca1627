import GRDB

/// Questions that were put together, as stored.
public struct DuplicateClusterRecord: Sendable, Equatable, Encodable {
  public struct Member: Sendable, Equatable, Encodable {
    public var question: String
    /// To the survivor, 0...1.
    public var similarity: Double
    /// Why it is out; nil where it stays.
    public var code: String?

    public init(question: String, similarity: Double, code: String? = nil) {
      self.question = question
      self.similarity = similarity
      self.code = code
    }
  }

  /// "clip", "sound", "wording", "stem" or "meaning".
  public var kind: String
  /// The question that stays for those that go: the first member.
  public var survivor: String
  public var members: [Member]

  public init(kind: String, survivor: String, members: [Member]) {
    self.kind = kind
    self.survivor = survivor
    self.members = members
  }
}

/// Two questions that are nearly the same.
public struct DuplicatePairRecord: Sendable, Equatable {
  public var first: String
  public var second: String
  public var similarity: Double

  public init(first: String, second: String, similarity: Double) {
    self.first = first
    self.second = second
    self.similarity = similarity
  }
}

extension RunStore {
  private static let mark = "duplicates"
  private static let pairMark = "duplicate pairs"

  /// What the last search over the whole set was of; nil where the set changed since, or none was made.
  public func duplicateSearch() throws(StoreError) -> String? { try setting(RunStore.mark) }

  /// The set is not what the last search saw.
  static func forgetDuplicateSearch(_ db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM setting WHERE name = ?").execute(arguments: [mark])
  }

  /// The pairs of an earlier search of exactly `input`; nil where there is none.
  public func duplicatePairs(of input: String) throws(StoreError) -> [DuplicatePairRecord]? {
    try read { db in
      let known = try String.fetchOne(
        db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [RunStore.pairMark])
      guard known == input else { return nil }
      return try Row.fetchAll(db, sql: "SELECT * FROM duplicate_pair").map {
        DuplicatePairRecord(first: $0["first"], second: $0["second"], similarity: $0["similarity"])
      }
    }
  }

  /// Replaces the pairs; from now on they are those of `input`.
  public func commit(pairs: [DuplicatePairRecord], of input: String) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM duplicate_pair")
      let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO duplicate_pair VALUES (?, ?, ?)")
      for pair in pairs { try insert.execute(arguments: [pair.first, pair.second, pair.similarity]) }
      try db.execute(sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [RunStore.pairMark, input])
    }
  }

  /// Replaces all clusters of the set, and what they say of its questions, at once. `codes` are the reasons that such
  /// clusters have. Clips with a question that is in or out otherwise than before are taken up again by later stages.
  public func commit(
    clusters: [DuplicateClusterRecord], codes: [String], of search: String, _ place: StagePlace
  ) throws(StoreError) {
    try write { db in
      try RunStore.replace(clusters, in: db)
      let changed = try RunStore.applyClusters(codes: codes, in: db, place)
      for clip in changed { try RunStore.markUndone(db, stages: place.followers, clip: clip) }
      if !changed.isEmpty { try RunStore.bumpRevision(db) }
      try db.execute(sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [RunStore.mark, search])
    }
  }

  private static func replace(_ clusters: [DuplicateClusterRecord], in db: Database) throws {
    try db.execute(sql: "DELETE FROM duplicate_member; DELETE FROM duplicate_cluster")
    let insert = try db.cachedStatement(sql: "INSERT INTO duplicate_cluster VALUES (?, ?, ?, ?, ?)")
    let insertMember = try db.cachedStatement(sql: "INSERT INTO duplicate_member VALUES (?, ?, ?, ?)")
    for (number, cluster) in clusters.enumerated() {
      let losers = cluster.members.count { $0.code != nil }
      try insert.execute(arguments: [number + 1, cluster.kind, cluster.survivor, cluster.members.count, losers])
      for member in cluster.members {
        try insertMember.execute(arguments: [number + 1, member.question, member.similarity, member.code])
      }
    }
  }

  /// Makes the questions' verdicts those of the clusters; returns the clips of the questions that changed.
  private static func applyClusters(codes: [String], in db: Database, _ place: StagePlace) throws -> [String] {
    try db.execute(
      sql: """
        CREATE TEMP TABLE IF NOT EXISTS loser (
          question TEXT PRIMARY KEY, code TEXT, survivor TEXT, similarity REAL);
        DELETE FROM loser;
        INSERT OR IGNORE INTO loser SELECT question, code, survivor, similarity
          FROM duplicate_member JOIN duplicate_cluster ON id = cluster WHERE code IS NOT NULL ORDER BY id
        """)
    let own = "rejected_by = :stage AND code IN (SELECT value FROM json_each(:codes))"
    let arguments: StatementArguments = ["stage": place.name, "codes": try Column.text(codes)]
    let freed = "\(own) AND id NOT IN (SELECT question FROM loser)"
    let new = """
      NOT (rejected_by IS :stage AND question.code IS loser.code AND question.survivor IS loser.survivor
        AND question.similarity IS loser.similarity)
      """
    let changed = try String.fetchAll(
      db,
      sql: """
        SELECT clip FROM question WHERE \(freed)
        UNION SELECT clip FROM loser JOIN question ON question.id = loser.question WHERE \(new) ORDER BY clip
        """, arguments: arguments)
    try db.execute(
      sql: """
        UPDATE question SET rejected_by = NULL, code = NULL, detail = NULL, survivor = NULL, similarity = NULL
        WHERE \(freed)
        """, arguments: arguments)
    try db.execute(
      sql: """
        UPDATE question SET rejected_by = ?, code = loser.code, detail = NULL, survivor = loser.survivor,
          similarity = loser.similarity
        FROM loser WHERE loser.question = question.id
        """, arguments: [place.name])
    return changed
  }
}
