/// Whether a seed makes answers come again, and whether log-probabilities are given: three requests about both.
struct ProbeSampling {
  var seed: EndpointTraits.Finding<EndpointTraits.Answer>
  var logProbabilities: EndpointTraits.Finding<EndpointTraits.Answer>

  private typealias Finding = EndpointTraits.Finding<EndpointTraits.Answer>

  private static let question = "Write eight words that have nothing to do with each other."
  private static let (oneSeed, otherSeed) = (11, 12)

  static func ask(_ exchange: inout ProbeExchange) async throws(ChatError) -> ProbeSampling {
    var wantsLogProbabilities = true
    var first = try await answer(oneSeed, logProbabilities: true, &exchange)
    var logProbabilities = finding(logProbabilitiesOf: first)
    if case .refused(_, let words) = first, words.lowercased().contains("logprob") {
      wantsLogProbabilities = false
      logProbabilities = Finding(.no, first.trouble)
      first = try await answer(oneSeed, logProbabilities: false, &exchange)
    }
    guard let one = text(of: first) else {
      let isRefused = if case .refused(_, let words) = first { words.lowercased().contains("seed") } else { false }
      return ProbeSampling(
        seed: Finding(isRefused ? .no : .unknown, first.trouble(else: "the answer was empty")),
        logProbabilities: logProbabilities)
    }
    let again = try await answer(oneSeed, logProbabilities: wantsLogProbabilities, &exchange)
    guard let two = text(of: again) else {
      let trouble = again.trouble(else: "the answer was empty")
      return ProbeSampling(seed: Finding(.unknown, trouble), logProbabilities: logProbabilities)
    }
    guard one == two else {
      let evidence = "two equal requests with one seed had different answers"
      return ProbeSampling(seed: Finding(.no, evidence), logProbabilities: logProbabilities)
    }
    let other = try await answer(otherSeed, logProbabilities: wantsLogProbabilities, &exchange)
    return ProbeSampling(seed: finding(same: one, other), logProbabilities: logProbabilities)
  }

  private static func answer(
    _ seed: Int, logProbabilities: Bool, _ exchange: inout ProbeExchange
  ) async throws(ChatError) -> ProbeAnswer {
    try await exchange.ask(
      [.text(question)], maxTokens: 48, temperature: 1, seed: seed,
      extra: logProbabilities ? ["logprobs": true] : [:])
  }

  private static func finding(same text: String, _ other: ProbeAnswer) -> Finding {
    switch Self.text(of: other) {
    case nil: Finding(.unknown, "two equal requests had equal answers; " + other.trouble(else: "a third had none"))
    case text: Finding(.unknown, "the answer is the same with every seed")
    default: Finding(.yes, "two equal requests had equal answers, and another seed another one")
    }
  }

  private static func finding(logProbabilitiesOf answer: ProbeAnswer) -> Finding {
    guard case .answered(_, let response) = answer else { return Finding(.unknown, answer.trouble) }
    let tokens = JSONValue(parsing: response.body)?["choices"]?.arrayValue?.first?["logprobs"]?["content"]?.arrayValue
    let count = tokens?.count(where: { $0["logprob"]?.doubleValue != nil }) ?? 0
    return count > 0
      ? Finding(.yes, "\(count) tokens of an answer carry theirs") : Finding(.no, "asked for, and not in the answer")
  }

  /// All that the model wrote, thoughts included: they are sampled, too.
  private static func text(of answer: ProbeAnswer) -> String? {
    guard let reply = answer.reply else { return nil }
    let text = (reply.reasoning ?? "") + reply.text
    return text.isEmpty ? nil : text
  }
}

extension ProbeAnswer {
  /// Why there is no reply; `words` where there is one that is of no use.
  fileprivate func trouble(else words: String) -> String { reply == nil ? trouble : words }
}
