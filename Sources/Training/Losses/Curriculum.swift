/// How often completions of a question were right.
public struct PassRate: Sendable, Equatable {
  public var solved: Int
  public var attempts: Int

  public init(solved: Int, attempts: Int) {
    precondition(solved >= 0 && solved <= attempts, "\(solved) of \(attempts) attempts solved")
    self.solved = solved
    self.attempts = attempts
  }

  /// From 0 to 1; `nil` without an attempt.
  public var share: Double? { attempts > 0 ? Double(solved) / Double(attempts) : nil }
}

/// In which order a policy meets questions, from how often it solved each before training: easy to hard, as in SARI
/// (arXiv 2504.15900).
public struct Curriculum: Sendable, Equatable {
  /// Leaves out what was never solved, as SARI does: no completion of it earns anything.
  public var dropsNeverSolved: Bool
  /// Leaves out what was always solved: its completions all earn the same.
  public var dropsAlwaysSolved: Bool

  public init(dropsNeverSolved: Bool = false, dropsAlwaysSolved: Bool = false) {
    self.dropsNeverSolved = dropsNeverSolved
    self.dropsAlwaysSolved = dropsAlwaysSolved
  }

  /// How many of the questions are trained on.
  public func keptCount(_ rates: [PassRate]) -> Int { rates.count(where: keeps) }

  private func keeps(_ rate: PassRate) -> Bool {
    guard rate.attempts > 0 else { return true }
    return !(dropsNeverSolved && rate.solved == 0) && !(dropsAlwaysSolved && rate.solved == rate.attempts)
  }

  /// The places of the questions to train on, the easiest first.
  ///
  /// Questions of equal rates keep their order, so shuffle before; those never tried come last and are never dropped.
  public func order(_ rates: [PassRate]) -> [Int] {
    let kept = rates.indices.filter { keeps(rates[$0]) }
    return kept.sorted { first, second in
      let (easier, harder) = (rates[first].share ?? -1, rates[second].share ?? -1)
      return easier == harder ? first < second : easier > harder
    }
  }
}
