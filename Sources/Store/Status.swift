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
    let isImport = try isImport(db)
    for row in try Row.fetchAll(db, sql: "SELECT state, code, count(*) AS n FROM source GROUP BY state, code") {
      let count: Int = row["n"]
      status.sources += count
      if row["state"] == "pending" { status.pendingSources += count }
      if row["state"] == "rejected", let code: String = row["code"] {
        status.rejectedSources += count
        if !isImport { status.rejections.append(RejectionCount(stage: "scan", code: code, count: count)) }
      }
    }
    // Of an import, rows are counted.
    if isImport { status.rejections += try importRejections(db) }
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
    let words =
      "SELECT 1 FROM caption AS other WHERE other.clip = caption.clip AND other.current AND other.text IS NOT NULL"
    let sql = """
      SELECT count(DISTINCT clip) FROM caption WHERE current AND code IS NOT NULL AND \(done) AND NOT EXISTS (\(words))
      """
    status.clipsWithoutWords = try Int.fetchOne(db, sql: sql) ?? 0
  }

  /// A clip that nothing could be asked about has no answer; it counts among those without words.
  private static func countAnswers(_ db: Database, _ status: inout RunStatus) throws {
    let unasked =
      "SELECT count(*) FROM writing JOIN done ON done.stage = 'write' AND done.clip = writing.clip "
      + "WHERE request = ''"
    status.answers = try count(done: "write", in: db) - (try Int.fetchOne(db, sql: unasked) ?? 0)
    // An answer without questions has its reason; looking at those alone keeps a large run's status quick.
    let sql = """
      SELECT code, count(*) AS n,
        sum(request != '' AND NOT EXISTS (SELECT 1 FROM question WHERE question.clip = writing.clip)) AS empty
      FROM writing
      JOIN done AS written ON written.stage = 'write' AND written.clip = writing.clip
      JOIN done AS checked ON checked.stage = 'check' AND checked.clip = writing.clip
      WHERE code IS NOT NULL AND (request != '' OR code != 'E_NO_CAPTION') GROUP BY code ORDER BY code
      """
    for row in try Row.fetchAll(db, sql: sql) {
      status.answersWithoutQuestions += row["empty"]
      status.rejections.append(RejectionCount(stage: "write", code: row["code"], count: row["n"]))
    }
  }

  /// Questions of answers that wait for being read again do not count, and neither do the verdicts of a comparison that
  /// is to be made again. Both are few or none, and are taken off the count of all.
  private static func countQuestions(_ db: Database, _ status: inout RunStatus) throws {
    var counts = try verdicts(db, where: "1")
    let reader = try questionReader(db)
    let checked = try count(done: reader, in: db)
    if checked < status.clips {
      let unread =
        "clip IN (SELECT id FROM clip WHERE NOT EXISTS (SELECT 1 FROM done WHERE stage = '\(reader)' AND clip = id))"
      for (verdict, count) in try verdicts(db, where: unread) { counts[verdict, default: 0] -= count }
    }
    if try count(done: "dedup", in: db) < checked {
      let uncompared = """
        rejected_by IS NOT 'check' AND clip IN (
          SELECT clip FROM done WHERE stage = '\(reader)'
            AND NOT EXISTS (SELECT 1 FROM done AS later WHERE later.stage = 'dedup' AND later.clip = done.clip))
        """
      for (verdict, count) in try verdicts(db, where: uncompared) {
        status.uncomparedQuestions += count
        guard verdict.stage == "dedup" else { continue }
        counts[verdict, default: 0] -= count
        counts[Verdict(), default: 0] += count
      }
    }
    for (verdict, count) in counts.sorted(by: { ($0.key.stage, $0.key.code) < ($1.key.stage, $1.key.code) })
    where count > 0 {
      status.questions += count
      guard !verdict.stage.isEmpty else { continue }
      status.rejections.append(RejectionCount(stage: verdict.stage, code: verdict.code, count: count))
    }
  }

  /// The stage that questions come from.
  private static func questionReader(_ db: Database) throws -> String {
    try isImport(db) ? "import" : "check"
  }

  /// Empty for a question that nothing rejected.
  private struct Verdict: Hashable {
    var stage = ""
    var code = ""
  }

  private static func verdicts(_ db: Database, where condition: String) throws -> [Verdict: Int] {
    var counts: [Verdict: Int] = [:]
    let sql = "SELECT rejected_by, code, count(*) AS n FROM question WHERE \(condition) GROUP BY rejected_by, code"
    for row in try Row.fetchAll(db, sql: sql) {
      counts[Verdict(stage: row["rejected_by"] ?? "", code: row["code"] ?? ""), default: 0] += row["n"]
    }
    return counts
  }

  private static func count(done stage: String, in db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM done WHERE stage = ?", arguments: [stage]) ?? 0
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
