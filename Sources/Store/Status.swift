import GRDB

/// How many items a stage rejected for one reason.
public struct RejectionCount: Sendable, Equatable, Codable {
  public var stage: String
  public var code: String
  public var count: Int
}

/// A run at a glance, counted in the database.
public struct RunStatus: Sendable, Equatable {
  public var sources = 0
  public var pendingSources = 0
  public var clips = 0
  public var seconds = 0.0
  /// Questions that writers gave, accepted or not.
  public var questions = 0
  /// Questions in the set: rejected by no stage, and with their choices placed.
  public var accepted = 0
  /// Of those, how many have their answer at each position.
  public var positions: [Int] = []
  /// Clips each stage is done with.
  public var done: [String: Int] = [:]
  public var rejections: [RejectionCount] = []
  public var usage = Usage()

  /// What went over the wire. Attempts that were in flight when a process was killed count as `inFlight`.
  public struct Usage: Sendable, Equatable, Codable {
    public var answered = 0
    public var failed = 0
    public var inFlight = 0
    public var promptTokens = 0
    public var completionTokens = 0
  }
}

extension RunStore {
  public func status() throws(StoreError) -> RunStatus {
    try read { db in
      var status = RunStatus()
      try RunStore.countSources(db, &status)
      try RunStore.countQuestions(db, &status)
      try RunStore.countUsage(db, &status)
      for row in try Row.fetchAll(db, sql: "SELECT stage, count(*) AS n FROM done GROUP BY stage") {
        status.done[row["stage"]] = row["n"]
      }
      return status
    }
  }

  private static func countSources(_ db: Database, _ status: inout RunStatus) throws {
    for row in try Row.fetchAll(db, sql: "SELECT state, code, count(*) AS n FROM source GROUP BY state, code") {
      let count: Int = row["n"]
      status.sources += count
      if row["state"] == "pending" { status.pendingSources += count }
      if let code: String = row["code"] {
        status.rejections.append(RejectionCount(stage: "scan", code: code, count: count))
      }
    }
    for row in try Row.fetchAll(db, sql: "SELECT code, count(*) AS n FROM window_rejection GROUP BY code") {
      status.rejections.append(RejectionCount(stage: "scan", code: row["code"], count: row["n"]))
    }
    if let row = try Row.fetchOne(db, sql: "SELECT count(*) AS n, total(seconds) AS s FROM clip") {
      status.clips = row["n"]
      status.seconds = row["s"]
    }
    for row in try Row.fetchAll(
      db, sql: "SELECT code, count(*) AS n FROM caption WHERE current AND code IS NOT NULL GROUP BY code")
    {
      status.rejections.append(RejectionCount(stage: "caption", code: row["code"], count: row["n"]))
    }
  }

  private static func countQuestions(_ db: Database, _ status: inout RunStatus) throws {
    let sql = """
      SELECT rejected_by, code, CASE WHEN rejected_by IS NULL THEN answer_index END AS position, count(*) AS n
      FROM question GROUP BY rejected_by, code, position
      """
    for row in try Row.fetchAll(db, sql: sql) {
      let count: Int = row["n"]
      status.questions += count
      if let stage: String = row["rejected_by"] {
        status.rejections.append(RejectionCount(stage: stage, code: row["code"], count: count))
      } else if let position: Int = row["position"] {
        status.accepted += count
        while status.positions.count <= position { status.positions.append(0) }
        status.positions[position] = count
      }
    }
    for row in try Row.fetchAll(db, sql: "SELECT code, count(*) AS n FROM writing WHERE code IS NOT NULL GROUP BY code")
    {
      status.rejections.append(RejectionCount(stage: "write", code: row["code"], count: row["n"]))
    }
  }

  private static func countUsage(_ db: Database, _ status: inout RunStatus) throws {
    for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM attempt GROUP BY state") {
      switch row["state"] as String {
      case "answered": status.usage.answered = row["n"]
      case "failed": status.usage.failed = row["n"]
      default: status.usage.inFlight = row["n"]
      }
    }
    let sql = "SELECT total(prompt_tokens) AS p, total(completion_tokens) AS c FROM response"
    if let row = try Row.fetchOne(db, sql: sql) {
      status.usage.promptTokens = Int(row["p"] as Double)
      status.usage.completionTokens = Int(row["c"] as Double)
    }
  }
}
