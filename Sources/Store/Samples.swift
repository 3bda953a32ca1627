import GRDB

/// What a source came to, for what others like it will.
public struct SourceSample: Sendable, Equatable {
  public var clips: Int
  /// Of all its clips together.
  public var seconds: Double

  public init(clips: Int, seconds: Double) {
    (self.clips, self.seconds) = (clips, seconds)
  }
}

/// What one answer took.
public struct AnswerSample: Sendable, Equatable {
  public var tokens: Int
  /// US dollars; nil where no price was known.
  public var usd: Double?
  /// From the first byte sent to the last received.
  public var seconds: Double
  public var headers: String
}

extension RunStore {
  /// Of sources that were decoded, at most `limit` of them, the latest.
  public func sourceSamples(limit: Int) throws(StoreError) -> [SourceSample] {
    try read { db in
      let sql = """
        SELECT count(clip.id) AS n, total(clip.seconds) AS s FROM (
          SELECT id FROM source WHERE state != 'pending' ORDER BY id DESC LIMIT ?) AS taken
        LEFT JOIN clip_source ON clip_source.source = taken.id LEFT JOIN clip ON clip.id = clip_source.clip
        GROUP BY taken.id
        """
      return try Row.fetchAll(db, sql: sql, arguments: [limit]).map { SourceSample(clips: $0["n"], seconds: $0["s"]) }
    }
  }

  /// Of a stage's answers, at most `limit` of them, the latest.
  public func answerSamples(stage: String, limit: Int) throws(StoreError) -> [AnswerSample] {
    try read { db in
      let sql = """
        SELECT prompt_tokens + completion_tokens AS t, usd, seconds, headers FROM response
        WHERE stage = ? AND usable ORDER BY rowid DESC LIMIT ?
        """
      return try Row.fetchAll(db, sql: sql, arguments: [stage, limit]).map {
        AnswerSample(tokens: $0["t"], usd: $0["usd"], seconds: $0["seconds"], headers: $0["headers"])
      }
    }
  }
}
