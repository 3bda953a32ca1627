import GRDB

/// One of a captioner's captions of a clip, or why it had none.
public struct CaptionRecord: Sendable, Equatable {
  /// What the pipeline calls the captioner.
  public var captioner: String
  /// Digest of everything the captioner's captions of the clip depend on: its fingerprint, the samples, the labels.
  public var key: String
  /// Its place among the captioner's captions of the clip, from 0.
  public var ordinal: Int
  public var text: String?
  /// What was measured, as canonical JSON, where the captioner measures.
  public var facts: String?
  public var code: String?
  /// What is behind the code, or a remark on the text.
  public var detail: String?
  public var source: CaptionSource
  /// Mean over the caption's tokens of the natural logarithm of their probabilities.
  public var meanLogProbability: Double?
  /// The key of the request whose answer the caption was read from.
  public var request: String?

  public init(
    captioner: String, key: String, ordinal: Int = 0, text: String?, facts: String? = nil, code: String? = nil,
    detail: String? = nil, source: CaptionSource = CaptionSource(), meanLogProbability: Double? = nil,
    request: String? = nil
  ) {
    self.captioner = captioner
    self.key = key
    self.ordinal = ordinal
    self.text = text
    self.facts = facts
    self.code = code
    self.detail = detail
    self.source = source
    self.meanLogProbability = meanLogProbability
    self.request = request
  }
}

/// Where captions come from.
public struct CaptionSource: Sendable, Hashable {
  public var model: String?
  /// What names the model's weights.
  public var revision: String?
  /// SHA-256 of the prompt file; `RunStore.prompt(hash:)` has its text.
  public var prompt: String?
  /// How the text was sampled, as canonical JSON.
  public var sampling: String?
  /// The data set or file that the caption was taken from.
  public var origin: String?

  public init(
    model: String? = nil, revision: String? = nil, prompt: String? = nil, sampling: String? = nil,
    origin: String? = nil
  ) {
    self.model = model
    self.revision = revision
    self.prompt = prompt
    self.sampling = sampling
    self.origin = origin
  }

  /// Whether nothing is known.
  var isEmpty: Bool { self == CaptionSource() }
}

extension RunStore {
  /// Which of these keys captions of the clip were already made under.
  public func captionKeys(of clip: String, among keys: [String]) throws(StoreError) -> Set<String> {
    try read { try RunStore.captionKeys(of: clip, in: $0).intersection(keys) }
  }

  private static func captionKeys(of clip: String, in db: Database) throws -> Set<String> {
    let statement = try db.cachedStatement(sql: "SELECT key FROM caption WHERE clip = ? GROUP BY key")
    return try Set(String.fetchAll(statement, arguments: [clip]))
  }

  /// Commits the captions of several clips: `made` are new, all that there are under one key together, and `keys` are
  /// those of all the pipeline's captioners. Once a clip has captions under all of its keys, exactly those are current,
  /// and the stage is done with it. Returns how many clips that is true of.
  @discardableResult
  public func commit(
    captions: [(clip: String, keys: [String], made: [CaptionRecord])], _ place: StagePlace
  ) throws(StoreError) -> Int {
    try write { db in
      var sources: [CaptionSource: Int64] = [:]
      var finished = 0
      for item in captions {
        try RunStore.insert(item.made, of: item.clip, in: db, &sources)
        guard try RunStore.captionKeys(of: item.clip, in: db).isSuperset(of: item.keys) else { continue }
        try db.cachedStatement(
          sql: "UPDATE caption SET current = key IN (SELECT value FROM json_each(?)) WHERE clip = ?"
        ).execute(arguments: [try Column.text(item.keys), item.clip])
        try RunStore.markDone(db, place, clip: item.clip)
        finished += 1
      }
      return finished
    }
  }

  private static func insert(
    _ made: [CaptionRecord], of clip: String, in db: Database, _ sources: inout [CaptionSource: Int64]
  ) throws {
    let clear = try db.cachedStatement(sql: "DELETE FROM caption WHERE clip = ? AND captioner = ? AND key = ?")
    for caption in made where caption.ordinal == 0 {
      try clear.execute(arguments: [clip, caption.captioner, caption.key])
    }
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO caption
          (clip, captioner, key, ordinal, current, text, facts, code, detail, source, mean_logprob, request)
        VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)
        """)
    for caption in made {
      let source = try caption.source.isEmpty ? nil : RunStore.id(of: caption.source, in: db, &sources)
      try insert.execute(arguments: [
        clip, caption.captioner, caption.key, caption.ordinal, caption.text, caption.facts, caption.code,
        caption.detail, source, caption.meanLogProbability, caption.request,
      ])
    }
  }

  /// The current captions of a clip, by captioner and in the captioner's order.
  public func captions(of clip: String) throws(StoreError) -> [CaptionRecord] {
    try read { try RunStore.captions(of: clip, in: $0) }
  }

  /// Those of each of the clips; a clip without any is left out.
  public func captions(of clips: [String]) throws(StoreError) -> [String: [CaptionRecord]] {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT caption.*, origin, model, revision, prompt, sampling
          FROM caption LEFT JOIN caption_source ON caption_source.id = caption.source
          WHERE clip IN (SELECT value FROM json_each(?)) AND current ORDER BY clip, captioner, key, ordinal
          """)
      let list = try Column.text(clips)
      return try Row.fetchAll(statement, arguments: [list]).reduce(into: [:]) { captions, row in
        captions[row["clip"], default: []].append(RunStore.caption(row))
      }
    }
  }

  static func captions(of clip: String, in db: Database) throws -> [CaptionRecord] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT caption.*, origin, model, revision, prompt, sampling
        FROM caption LEFT JOIN caption_source ON caption_source.id = caption.source
        WHERE clip = ? AND current ORDER BY captioner, key, ordinal
        """)
    return try Row.fetchAll(statement, arguments: [clip]).map(caption)
  }

  private static func caption(_ row: Row) -> CaptionRecord {
    CaptionRecord(
      captioner: row["captioner"], key: row["key"], ordinal: row["ordinal"], text: row["text"], facts: row["facts"],
      code: row["code"], detail: row["detail"],
      source: CaptionSource(
        model: row["model"], revision: row["revision"], prompt: row["prompt"], sampling: row["sampling"],
        origin: row["origin"]),
      meanLogProbability: row["mean_logprob"], request: row["request"])
  }
}
