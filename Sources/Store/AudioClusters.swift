import GRDB

/// A clip that is the same recording as others, and the one of them that stands for all.
public struct AudioClusterRecord: Sendable, Equatable {
  public var clip: String
  /// The cluster's name, which is its survivor's id.
  public var cluster: String
  public var survivor: String
  /// How much the clip is like the survivor; 1 for the survivor itself.
  public var similarity: Double
  /// "survivor"; "copy", which is as long; or "excerpt", which is shorter.
  public var reason: String
  /// Where the clip begins in the survivor, in seconds.
  public var offsetSeconds: Double

  public init(
    clip: String, cluster: String, survivor: String, similarity: Double, reason: String, offsetSeconds: Double
  ) {
    self.clip = clip
    self.cluster = cluster
    self.survivor = survivor
    self.similarity = similarity
    self.reason = reason
    self.offsetSeconds = offsetSeconds
  }
}

extension RunStore {
  /// Whether the clusters are those of the clips and fingerprints there are now.
  public func areAudioClustersCurrent() throws(StoreError) -> Bool {
    try read { db in
      let outdated = try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM audio_fingerprint AS print
            WHERE clustered <> EXISTS (SELECT 1 FROM clip WHERE clip.id = print.clip))
          """)
      return outdated == false
    }
  }

  /// Puts clusters in place of all there were. Where other clips are one recording than before, results over the set are
  /// outdated.
  public func replace(audioClusters: [AudioClusterRecord]) throws(StoreError) {
    try write { db in
      let before = try RunStore.survivors(in: db)
      if before != Dictionary(audioClusters.map { ($0.clip, $0.survivor) }, uniquingKeysWith: { $1 }) {
        try RunStore.bumpRevision(db)
      }
      try db.execute(sql: "DELETE FROM audio_cluster")
      let statement = try db.cachedStatement(
        sql: """
          INSERT INTO audio_cluster (clip, cluster, survivor, similarity, reason, offset_seconds)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for row in audioClusters {
        try statement.execute(arguments: [
          row.clip, row.cluster, row.survivor, row.similarity, row.reason, row.offsetSeconds,
        ])
      }
      try db.execute(
        sql: """
          UPDATE audio_fingerprint SET clustered = EXISTS (SELECT 1 FROM clip WHERE clip.id = audio_fingerprint.clip)
          WHERE clustered <> EXISTS (SELECT 1 FROM clip WHERE clip.id = audio_fingerprint.clip)
          """)
    }
  }

  /// Of each clip of a cluster the clip that stands for it.
  public func audioSurvivors() throws(StoreError) -> [String: String] {
    try read { try RunStore.survivors(in: $0) }
  }

  private static func survivors(in db: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(db, sql: "SELECT clip, survivor FROM audio_cluster")
    return Dictionary(rows.map { ($0["clip"], $0["survivor"]) }, uniquingKeysWith: { $1 })
  }

  /// Takes all clusters away, and what says that they are current.
  public func forgetAudioClusters() throws(StoreError) {
    try write { db in
      if try !RunStore.survivors(in: db).isEmpty { try RunStore.bumpRevision(db) }
      try db.execute(
        sql: "DELETE FROM audio_cluster; UPDATE audio_fingerprint SET clustered = 0 WHERE clustered <> 0")
    }
  }

  /// How many clusters there are, and how many clips are in them besides their survivors.
  public func audioClusterCount() throws(StoreError) -> (clusters: Int, others: Int) {
    try read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT count(DISTINCT cluster) AS clusters, count(*) AS clips FROM audio_cluster")
      guard let row else { return (0, 0) }
      let (clusters, clips): (Int, Int) = (row["clusters"], row["clips"])
      return (clusters, clips - clusters)
    }
  }

  /// Clusters, each with its survivor first, the largest first.
  public func audioClusters(limit: Int = .max) throws(StoreError) -> [AudioClusterRecord] {
    try read { db in
      let sql = """
        SELECT audio_cluster.* FROM audio_cluster JOIN (
            SELECT cluster AS name, count(*) AS clips FROM audio_cluster
            GROUP BY cluster ORDER BY count(*) DESC, cluster LIMIT ?)
          ON cluster = name
        ORDER BY clips DESC, cluster, clip <> survivor, clip
        """
      return try Row.fetchAll(db, sql: sql, arguments: [limit]).map {
        AudioClusterRecord(
          clip: $0["clip"], cluster: $0["cluster"], survivor: $0["survivor"], similarity: $0["similarity"],
          reason: $0["reason"], offsetSeconds: $0["offset_seconds"])
      }
    }
  }
}
