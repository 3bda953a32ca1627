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
  public var rejectedSources = 0
  public var clips = 0
  public var seconds = 0.0
  /// Clips that were captioned, and that no captioner had words for.
  public var clipsWithoutWords = 0
  /// Clips whose questions were asked for and answered.
  public var answers = 0
  /// Answers that were read and gave no question.
  public var answersWithoutQuestions = 0
  /// Questions of the answers that were read, accepted or not.
  public var questions = 0
  /// Questions that passed the checks and were not compared with their clip's others yet.
  public var uncomparedQuestions = 0
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
      try RunStore.countCaptions(db, &status)
      try RunStore.countAnswers(db, &status)
      try RunStore.countSet(db, &status)
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
      if row["state"] == "rejected", let code: String = row["code"] {
        status.rejectedSources += count
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
  }

  private static func countCaptions(_ db: Database, _ status: inout RunStatus) throws {
    let done = "EXISTS (SELECT 1 FROM done WHERE stage = 'caption' AND done.clip = caption.clip)"
    let codes = "SELECT code, count(*) AS n FROM caption WHERE current AND code IS NOT NULL AND \(done) GROUP BY code"
    for row in try Row.fetchAll(db, sql: codes) {
      status.rejections.append(RejectionCount(stage: "caption", code: row["code"], count: row["n"]))
    }
    let words = "SELECT 1 FROM caption WHERE caption.clip = done.clip AND current AND text IS NOT NULL"
    let sql = "SELECT count(*) FROM done WHERE stage = 'caption' AND NOT EXISTS (\(words))"
    status.clipsWithoutWords = try Int.fetchOne(db, sql: sql) ?? 0
  }

  /// A clip that nothing could be asked about has no answer; it counts among those without words.
  private static func countAnswers(_ db: Database, _ status: inout RunStatus) throws {
    let sql = """
      SELECT code, is_read, is_read AND NOT has_questions AS is_empty, count(*) AS n FROM (
        SELECT code,
          EXISTS (SELECT 1 FROM done WHERE stage = 'check' AND done.clip = writing.clip) AS is_read,
          EXISTS (SELECT 1 FROM question WHERE question.clip = writing.clip) AS has_questions
        FROM writing JOIN done ON done.stage = 'write' AND done.clip = writing.clip WHERE request != '')
      GROUP BY code, is_read, is_empty
      """
    var codes: [String: Int] = [:]
    for row in try Row.fetchAll(db, sql: sql) {
      let count: Int = row["n"]
      status.answers += count
      if row["is_empty"] { status.answersWithoutQuestions += count }
      if row["is_read"], let code: String = row["code"] { codes[code, default: 0] += count }
    }
    for (code, count) in codes.sorted(by: { $0.key < $1.key }) {
      status.rejections.append(RejectionCount(stage: "write", code: code, count: count))
    }
  }

  /// Questions of answers that wait for being read again do not count, and neither do the verdicts of a comparison that
  /// is to be made again.
  private static func countQuestions(_ db: Database, _ status: inout RunStatus) throws {
    let sql = """
      SELECT stage, code, count(*) AS n, sum(waits) AS waiting FROM (
        SELECT CASE WHEN waits AND rejected_by = 'dedup' THEN NULL ELSE rejected_by END AS stage, code, waits FROM (
          SELECT rejected_by, code, rejected_by IS NOT 'check'
            AND NOT EXISTS (SELECT 1 FROM done WHERE stage = 'dedup' AND done.clip = question.clip) AS waits
          FROM question JOIN done ON done.stage = 'check' AND done.clip = question.clip))
      GROUP BY stage, code
      """
    for row in try Row.fetchAll(db, sql: sql) {
      let count: Int = row["n"]
      status.questions += count
      status.uncomparedQuestions += row["waiting"]
      if let stage: String = row["stage"] {
        status.rejections.append(RejectionCount(stage: stage, code: row["code"], count: count))
      }
    }
  }

  private static func countSet(_ db: Database, _ status: inout RunStatus) throws {
    let sql = """
      SELECT answer_index, count(*) AS n FROM question WHERE rejected_by IS NULL AND answer_index IS NOT NULL
      GROUP BY answer_index
      """
    for row in try Row.fetchAll(db, sql: sql) {
      let position: Int = row["answer_index"]
      status.accepted += row["n"]
      while status.positions.count <= position { status.positions.append(0) }
      status.positions[position] = row["n"]
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
