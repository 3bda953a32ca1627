import GRDB

/// What a request costs, or may cost at most.
public struct Charge: Sendable, Equatable, Codable {
  /// US dollars; nil where no price is known.
  public var usd: Double?
  /// Of the prompt and of what is written.
  public var tokens: Int

  public init(usd: Double? = nil, tokens: Int = 0) {
    self.usd = usd
    self.tokens = tokens
  }
}

/// What a run has spent on endpoints, over all its passes.
public struct Spending: Sendable, Equatable {
  /// Sent over the wire, answered or not.
  public var requests = 0
  /// Those of answers as the endpoint told them, and of what never came to an end as much as it may have been.
  public var tokens = 0
  /// US dollars, counted as the tokens are, of requests whose price was known when they were made.
  public var usd = 0.0

  public init(requests: Int = 0, tokens: Int = 0, usd: Double = 0) {
    self.requests = requests
    self.tokens = tokens
    self.usd = usd
  }
}

/// The most that a run may spend on endpoints, over all its passes.
public struct SpendingLimits: Sendable, Equatable {
  /// US dollars.
  public var usd: Double?
  /// Sent over the wire, answered or not.
  public var requests: Int?
  /// Of prompts and of what is written.
  public var tokens: Int?

  public init(usd: Double? = nil, requests: Int? = nil, tokens: Int? = nil) {
    (self.usd, self.requests, self.tokens) = (usd, requests, tokens)
  }

  public var isEmpty: Bool { usd == nil && requests == nil && tokens == nil }
}

extension RunStore {
  /// What all stages have spent. Attempts without an end, such as those in flight when a process was killed, count in
  /// full.
  public func spending() throws(StoreError) -> Spending {
    try read { db in
      var spending = Spending()
      if let row = try Row.fetchOne(
        db, sql: "SELECT count(*) AS n, total(tokens) AS t, total(usd) AS u FROM attempt")
      {
        spending = Spending(requests: row["n"], tokens: Int(row["t"] as Double), usd: row["u"])
      }
      let answered = "SELECT total(prompt_tokens + completion_tokens) AS t, total(usd) AS u FROM response"
      if let row = try Row.fetchOne(db, sql: answered) {
        spending.tokens += Int(row["t"] as Double)
        spending.usd += row["u"] as Double
      }
      return spending
    }
  }
}

/// What the answers to one stage's requests cost.
public struct AnswerCost: Sendable, Equatable {
  public var answers = 0
  public var promptTokens = 0
  public var completionTokens = 0
  /// US dollars, of those whose price was known.
  public var usd = 0.0
}

extension RunStore {
  /// Of a stage's answers.
  public func spending(stage: String) throws(StoreError) -> AnswerCost {
    try answerCost(where: "stage = ?", [stage])
  }

  /// Of all stages' answers whose price was not known when they came.
  public func unpricedAnswers() throws(StoreError) -> AnswerCost { try answerCost(where: "usd IS NULL", []) }

  public func hasPricedAnswers() throws(StoreError) -> Bool {
    try read { db in
      try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM response WHERE usd IS NOT NULL)") ?? false
    }
  }

  private func answerCost(where condition: String, _ arguments: [String]) throws(StoreError) -> AnswerCost {
    try read { db in
      let sql = """
        SELECT count(*) AS n, total(prompt_tokens) AS p, total(completion_tokens) AS c, total(usd) AS u
        FROM response WHERE \(condition)
        """
      guard let row = try Row.fetchOne(db, sql: sql, arguments: StatementArguments(arguments)) else {
        return AnswerCost()
      }
      return AnswerCost(
        answers: row["n"], promptTokens: Int(row["p"] as Double), completionTokens: Int(row["c"] as Double),
        usd: row["u"])
    }
  }
}
