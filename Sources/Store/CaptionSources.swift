import GRDB

/// A prompt file that captions were made with.
public struct PromptRecord: Sendable, Equatable {
  /// SHA-256 of the file.
  public var hash: String
  public var name: String
  /// The whole file.
  public var text: String

  public init(hash: String, name: String, text: String) {
    self.hash = hash
    self.name = name
    self.text = text
  }
}

/// A name that captions made elsewhere may go by.
public struct ClipName: Sendable, Equatable {
  public var clip: String
  /// Relative to the audio folder.
  public var path: String
  /// Whether the clip is all that was made of the file. What is said of a file is not true of each window of it.
  public var isWholeFile: Bool
}

extension RunStore {
  /// Keeps prompts, each once.
  public func keep(prompts: [PromptRecord]) throws(StoreError) {
    guard !prompts.isEmpty else { return }
    try write { db in
      let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO prompt VALUES (?, ?, ?)")
      for prompt in prompts { try insert.execute(arguments: [prompt.hash, prompt.name, prompt.text]) }
    }
  }

  /// The prompt with this hash, if captions were ever made with it.
  public func prompt(hash: String) throws(StoreError) -> PromptRecord? {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT hash, name, text FROM prompt WHERE hash = ?")
      return try Row.fetchOne(statement, arguments: [hash]).map {
        PromptRecord(hash: $0["hash"], name: $0["name"], text: $0["text"])
      }
    }
  }

  /// The names of all prompts that captions were made with, by hash.
  public func promptNames() throws(StoreError) -> [String: String] {
    try read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT hash, name FROM prompt")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["hash"] as String, $0["name"] as String) })
    }
  }

  /// Calls `body` with every file that holds a clip of the set, by path.
  public func eachClipName(_ body: (ClipName) -> Void) throws(StoreError) {
    try read { db in
      let sql = """
        SELECT place.clip, source.path, NOT EXISTS (
            SELECT 1 FROM clip_source AS other
            WHERE other.source = place.source AND other.start_frame != place.start_frame)
          AND NOT EXISTS (SELECT 1 FROM window_rejection AS gap WHERE gap.source = place.source) AS is_whole
        FROM clip_source AS place JOIN source ON source.id = place.source ORDER BY source.path, place.start_frame
        """
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() {
        body(ClipName(clip: row["clip"], path: row["path"], isWholeFile: row["is_whole"]))
      }
    }
  }

  /// The number of a source; the same for equal ones.
  static func id(of source: CaptionSource, in db: Database, _ known: inout [CaptionSource: Int64]) throws -> Int64 {
    if let id = known[source] { return id }
    let arguments: StatementArguments = [
      source.model, source.revision, source.prompt, source.sampling, source.origin,
    ]
    try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO caption_source (model, revision, prompt, sampling, origin) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: arguments)
    let find = try db.cachedStatement(
      sql: """
        SELECT id FROM caption_source
        WHERE ifnull(model, '') = ifnull(?, '') AND ifnull(revision, '') = ifnull(?, '')
          AND ifnull(prompt, '') = ifnull(?, '') AND ifnull(sampling, '') = ifnull(?, '')
          AND ifnull(origin, '') = ifnull(?, '')
        """)
    guard let id = try Int64.fetchOne(find, arguments: arguments) else {
      throw DatabaseError(message: "a caption's source was not kept")
    }
    known[source] = id
    return id
  }
}
