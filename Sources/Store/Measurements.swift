import GRDB

/// What the checks found out about a clip beside its questions.
public struct ClipFindings: Sendable, Equatable {
  /// How far the captions can be trusted, 0...1.
  public var trust: Double
  /// What captions say against each other or the measurements, a sentence each.
  public var contradictions: [String]
  /// What had to be measured for it, as canonical JSON; nil where it was known.
  public var facts: String?
  /// Of the measurement.
  public var version: String

  public init(trust: Double, contradictions: [String] = [], facts: String? = nil, version: String = "") {
    self.trust = trust
    self.contradictions = contradictions
    self.facts = facts
    self.version = version
  }
}

extension RunStore {
  /// What was measured of a clip for its checks under this version, as canonical JSON. What a captioner measured stands
  /// with its caption.
  public func measurement(of clip: String, version: String) throws(StoreError) -> String? {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT facts FROM measurement WHERE clip = ? AND version = ?")
      return try String.fetchOne(statement, arguments: [clip, version])
    }
  }

  /// The statements of a clip's captions that were contradicted.
  public func contradictions(of clip: String) throws(StoreError) -> [String] {
    try read { db in
      let text = try String.fetchOne(db, sql: "SELECT contradictions FROM clip WHERE id = ?", arguments: [clip])
      return try text.map(Column.strings) ?? []
    }
  }

  static func keep(_ findings: ClipFindings, of clip: String, in db: Database) throws {
    if let facts = findings.facts {
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO measurement VALUES (?, ?, ?)")
        .execute(arguments: [clip, findings.version, facts])
    }
    try db.cachedStatement(sql: "UPDATE clip SET trust = ?, contradictions = ? WHERE id = ?")
      .execute(arguments: [findings.trust, try Column.text(findings.contradictions), clip])
  }
}
