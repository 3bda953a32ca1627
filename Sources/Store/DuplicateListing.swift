import GRDB

extension RunStore {
  /// Clusters as stored, the largest first: those of single clips, then those of the whole set. Without `all`, only those
  /// that put a question out.
  public func duplicateClusters(all: Bool, limit: Int) throws(StoreError) -> [DuplicateClusterRecord] {
    try read { db in
      let ofClips = try RunStore.clipClusters(db, limit: limit)
      let sql = """
        SELECT * FROM duplicate_cluster WHERE losers >= ? ORDER BY losers DESC, members DESC, id LIMIT ?
        """
      let ofSet = try Row.fetchAll(db, sql: sql, arguments: [all ? 0 : 1, limit - ofClips.count]).map { row in
        DuplicateClusterRecord(
          kind: row["kind"], survivor: row["survivor"],
          members: try RunStore.members(of: row["id"], first: row["survivor"], in: db))
      }
      return ofClips + ofSet
    }
  }

  /// How many clusters there are that put a question out, and how many questions they put out, by kind.
  public func duplicateCounts() throws(StoreError) -> [(kind: String, clusters: Int, losers: Int)] {
    try read { db in
      let sql = """
        SELECT 'clip' AS kind, count(DISTINCT survivor) AS clusters, count(*) AS losers
        FROM question WHERE \(RunStore.ownOfClips)
        UNION ALL SELECT kind, count(*), sum(losers) FROM duplicate_cluster WHERE losers > 0 GROUP BY kind
        """
      return try Row.fetchAll(db, sql: sql).compactMap { row in
        row["losers"] == 0 ? nil : (row["kind"], row["clusters"], row["losers"])
      }
    }
  }

  /// What the search within clips put out has a survivor, and is in no cluster of the set.
  private static let ownOfClips = """
    rejected_by = 'dedup' AND survivor IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM duplicate_member WHERE duplicate_member.question = question.id
        AND duplicate_member.code IS NOT NULL)
    """

  private static func clipClusters(_ db: Database, limit: Int) throws -> [DuplicateClusterRecord] {
    let survivors = try String.fetchAll(
      db,
      sql: """
        SELECT survivor FROM question WHERE \(ownOfClips) GROUP BY survivor ORDER BY count(*) DESC, survivor LIMIT ?
        """, arguments: [limit])
    var members: [String: [DuplicateClusterRecord.Member]] = [:]
    let sql = """
      SELECT survivor, id, similarity, code FROM question
      WHERE survivor IN (SELECT value FROM json_each(?)) AND \(ownOfClips) ORDER BY clip, ordinal
      """
    for row in try Row.fetchAll(db, sql: sql, arguments: [try Column.text(survivors)]) {
      members[row["survivor"], default: []].append(
        .init(question: row["id"], similarity: row["similarity"] ?? 1, code: row["code"]))
    }
    return survivors.map { survivor in
      DuplicateClusterRecord(
        kind: "clip", survivor: survivor,
        members: [.init(question: survivor, similarity: 1)] + members[survivor, default: []])
    }
  }

  /// The survivor first, then the others, the most similar first.
  private static func members(
    of cluster: Int64, first: String, in db: Database
  ) throws -> [DuplicateClusterRecord.Member] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT question, similarity, code FROM duplicate_member WHERE cluster = ?
        ORDER BY question != ?, similarity DESC, question
        """)
    return try Row.fetchAll(statement, arguments: [cluster, first]).map {
      DuplicateClusterRecord.Member(question: $0["question"], similarity: $0["similarity"], code: $0["code"])
    }
  }
}
