import GRDB

/// A question as it stands in the store.
public struct QuestionRecord: Sendable, Equatable {
  public var id: String
  public var clip: String
  /// Its place in the writer's answer.
  public var ordinal: Int
  public var stem: String
  public var correct: String
  public var distractors: [String]
  public var evidence: String
  public var skill: String?
  public var difficulty: String?
  public var rationale: String?
  public var verdict: VerdictRecord?
  /// Set by the balance stage: the choices in the order shown, and which of them is right.
  public var choices: [String]?
  public var answerIndex: Int?
  /// Set by the dependence stage: "strong" where the sound is needed, else "weak".
  public var contribution: String?

  public init(
    id: String, clip: String, ordinal: Int, stem: String, correct: String, distractors: [String], evidence: String,
    skill: String?, difficulty: String?, rationale: String? = nil, verdict: VerdictRecord? = nil
  ) {
    self.id = id
    self.clip = clip
    self.ordinal = ordinal
    self.stem = stem
    self.correct = correct
    self.distractors = distractors
    self.evidence = evidence
    self.skill = skill
    self.difficulty = difficulty
    self.rationale = rationale
    self.verdict = verdict
  }
}

/// Why a question is out, and by which stage.
public struct VerdictRecord: Sendable, Equatable {
  public var stage: String
  public var code: String
  public var detail: String?
  /// Of a duplicate: the question that stays, and how alike they are (0...1).
  public var survivor: String?
  public var similarity: Double?

  public init(
    stage: String, code: String, detail: String?, survivor: String? = nil, similarity: Double? = nil
  ) {
    self.stage = stage
    self.code = code
    self.detail = detail
    self.survivor = survivor
    self.similarity = similarity
  }
}

/// What reading one answer gave: questions, or the reason for none.
public struct CheckedClip: Sendable, Equatable {
  public var clip: String
  public var questions: [QuestionRecord]
  public var code: String?
  public var detail: String?
  /// Nil where the answer was not held against the clip.
  public var findings: ClipFindings?

  public init(
    clip: String, questions: [QuestionRecord], code: String? = nil, detail: String? = nil,
    findings: ClipFindings? = nil
  ) {
    self.clip = clip
    self.questions = questions
    self.code = code
    self.detail = detail
    self.findings = findings
  }
}

extension RunStore {
  /// Replaces the questions of each clip by those just read from its answer.
  public func commit(checked: [CheckedClip], _ place: StagePlace) throws(StoreError) {
    try write { db in
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO question (id, clip, ordinal, rejected_by, code, detail, stem, correct, distractors, evidence,
            skill, difficulty, rationale) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for item in checked {
        try db.cachedStatement(sql: "DELETE FROM question WHERE clip = ?").execute(arguments: [item.clip])
        try db.cachedStatement(sql: "UPDATE writing SET code = ?, detail = ? WHERE clip = ?")
          .execute(arguments: [item.code, item.detail, item.clip])
        if let findings = item.findings { try RunStore.keep(findings, of: item.clip, in: db) }
        for question in item.questions {
          try insert.execute(arguments: [
            question.id, question.clip, question.ordinal, question.verdict?.stage, question.verdict?.code,
            question.verdict?.detail, question.stem, question.correct, try Column.text(question.distractors),
            question.evidence, question.skill, question.difficulty, question.rationale,
          ])
        }
        try RunStore.markDone(db, place, clip: item.clip)
      }
    }
  }

  /// The questions of a clip that no stage before `place` rejected, in the writer's order.
  public func questions(of clip: String, enteringAt place: StagePlace) throws(StoreError) -> [QuestionRecord] {
    let later = Set([place.name] + place.followers)
    return try allQuestions(of: clip).filter { $0.verdict.map { later.contains($0.stage) } ?? true }
  }

  /// All questions of a clip, rejected ones too, in the writer's order.
  public func allQuestions(of clip: String) throws(StoreError) -> [QuestionRecord] {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT * FROM question WHERE clip = ? ORDER BY ordinal")
      return try Row.fetchAll(statement, arguments: [clip]).map(RunStore.questionRecord)
    }
  }

  public func question(id: String) throws(StoreError) -> QuestionRecord {
    let found = try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM question WHERE id = ?", arguments: [id]).map(RunStore.questionRecord)
    }
    guard let found else { throw .noSuchQuestion(id: id) }
    return found
  }

  static func questionRecord(_ row: Row) throws -> QuestionRecord {
    var question = QuestionRecord(
      id: row["id"], clip: row["clip"], ordinal: row["ordinal"], stem: row["stem"], correct: row["correct"],
      distractors: try Column.strings(row["distractors"]), evidence: row["evidence"], skill: row["skill"],
      difficulty: row["difficulty"], rationale: row["rationale"])
    if let stage: String = row["rejected_by"] {
      question.verdict = VerdictRecord(
        stage: stage, code: row["code"], detail: row["detail"], survivor: row["survivor"],
        similarity: row["similarity"])
    }
    if let choices: String = row["choices"] { question.choices = try Column.strings(choices) }
    question.answerIndex = row["answer_index"]
    question.contribution = row["contribution"]
    return question
  }
}
