import GRDB

/// A captioner's words on a clip, or why it had none.
public struct CaptionRecord: Sendable, Equatable {
  public var captioner: String
  /// Digest of everything the caption depends on: the captioner's fingerprint, the samples, the labels.
  public var key: String
  public var text: String?
  /// What was measured, as canonical JSON, where the captioner measures.
  public var facts: String?
  public var code: String?
  public var detail: String?

  public init(
    captioner: String, key: String, text: String?, facts: String? = nil, code: String? = nil, detail: String? = nil
  ) {
    self.captioner = captioner
    self.key = key
    self.text = text
    self.facts = facts
    self.code = code
    self.detail = detail
  }
}

extension RunStore {
  /// Which of these keys a caption of the clip was already made under.
  public func captionKeys(of clip: String, among keys: [String]) throws(StoreError) -> Set<String> {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT key FROM caption WHERE clip = ?")
      return try Set(String.fetchAll(statement, arguments: [clip])).intersection(keys)
    }
  }

  /// Commits the captions of several clips: `made` are new, and of each clip exactly those under `keys` are current.
  public func commit(
    captions: [(clip: String, keys: [String], made: [CaptionRecord])], _ place: StagePlace
  ) throws(StoreError) {
    try write { db in
      for item in captions {
        let insert = try db.cachedStatement(
          sql: """
            INSERT OR REPLACE INTO caption (clip, captioner, key, current, text, facts, code, detail)
            VALUES (?, ?, ?, 1, ?, ?, ?, ?)
            """)
        for caption in item.made {
          try insert.execute(arguments: [
            item.clip, caption.captioner, caption.key, caption.text, caption.facts, caption.code, caption.detail,
          ])
        }
        try db.cachedStatement(
          sql: "UPDATE caption SET current = key IN (SELECT value FROM json_each(?)) WHERE clip = ?"
        ).execute(arguments: [try Column.text(item.keys), item.clip])
        try RunStore.markDone(db, place, clip: item.clip)
      }
    }
  }

  /// The current captions of a clip, by captioner.
  public func captions(of clip: String) throws(StoreError) -> [CaptionRecord] {
    try read { try RunStore.captions(of: clip, in: $0) }
  }

  static func captions(of clip: String, in db: Database) throws -> [CaptionRecord] {
    let statement = try db.cachedStatement(
      sql: "SELECT * FROM caption WHERE clip = ? AND current ORDER BY captioner, key")
    return try Row.fetchAll(statement, arguments: [clip]).map { row in
      CaptionRecord(
        captioner: row["captioner"], key: row["key"], text: row["text"], facts: row["facts"], code: row["code"],
        detail: row["detail"])
    }
  }
}
