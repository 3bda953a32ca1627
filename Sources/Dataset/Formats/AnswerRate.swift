/// The share of right answers to a question, 0...1, by what those who answered were given to hear. Its name is that of the
/// member in exports.
public enum AnswerRate: String, Sendable, CaseIterable {
  /// The question's own sound: how easy it is for who listens.
  case heard = "pass_rate"
  /// Nothing.
  case blind = "blind_accuracy"
  /// Silence or noise.
  case silent = "silent_accuracy"
  /// The sound of another clip.
  case swapped = "swapped_accuracy"
}

extension ExportedQuestion {
  /// Those that a row has: its own, and those that others of the set have.
  var shownRates: [AnswerRate] {
    AnswerRate.allCases.filter { rates[$0] != nil || sharedMembers.contains(.rate($0)) }
  }

  /// The members of a JSON object that tell them, each behind a comma; null where a rate is not known. Always with a
  /// point, so that a member is of one type in all rows.
  var rateMembers: String {
    shownRates.map { ",\"\($0.rawValue)\":\(rates[$0].map { "\($0)" } ?? "null")" }.joined()
  }
}

extension RowMembers {
  /// The rates that a row tells.
  func rates() throws(RowProblem) -> [AnswerRate: Double] {
    var rates: [AnswerRate: Double] = [:]
    for rate in AnswerRate.allCases { rates[rate] = try share(rate == .heard ? Self.passRate : [rate.rawValue]) }
    return rates
  }
}
