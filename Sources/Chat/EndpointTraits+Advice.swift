extension EndpointTraits {
  /// A finding as people read it.
  public struct Line: Sendable, Equatable, Codable {
    public var trait: String
    /// One word.
    public var found: String
    public var evidence: String
    /// What follows from it, in one sentence.
    public var advice: String
  }

  /// All findings, in an order of their own.
  public var lines: [Line] {
    let findings: [(String, String, String, String)] = [
      ("json_schema", schema.value.rawValue, schema.evidence, schemaAdvice),
      ("json_object", jsonObject.value.rawValue, jsonObject.evidence, objectAdvice),
      ("text in", text.value.rawValue, text.evidence, textAdvice),
      ("seed", seed.value.rawValue, seed.evidence, seedAdvice),
      ("log-probabilities", logProbabilities.value.rawValue, logProbabilities.evidence, logProbabilitiesAdvice),
      (
        "max_completion_tokens", wantsCompletionTokens.value.rawValue, wantsCompletionTokens.evidence,
        completionTokensAdvice
      ),
    ]
    var lines = findings.map { Line(trait: $0.0, found: $0.1, evidence: $0.2, advice: $0.3) }
    if let audio {
      let line = Line(trait: "audio", found: audio.value.rawValue, evidence: audio.evidence, advice: audioAdvice)
      lines.insert(line, at: 3)
    }
    return lines
  }

  private var schemaAdvice: String {
    switch schema.value {
    case .enforced: "Questions come in the form that the prompt's schema asks for; nothing to do."
    case .refused, .ignored:
      "The schema is not sent; keep the form of the reply in the prompt's own words, as avqa-gpt.md has it."
    case .unknown: "The schema is sent, and what comes is checked; keep the form in the prompt's words, too."
    }
  }

  private var objectAdvice: String {
    switch jsonObject.value {
    case .yes: schema.value == .enforced ? "Not needed beside the schema." : "Asked for in place of the schema."
    case .no: schema.value == .enforced ? "Not needed beside the schema." : "JSON is asked for in words alone."
    case .unknown: "Nothing depends on it while schemas work."
    }
  }

  private var textAdvice: String {
    switch text.value {
    case .content: "Nothing to do."
    case .reasoning:
      "The answer is read from there; on a server of your own, turn thinking or its reasoning parser off."
    case .unknown: "Should answers be empty, raise max_tokens, or turn thinking off."
    }
  }

  private var audioAdvice: String {
    switch audio?.value {
    case .yes: "The model can be sent the clips themselves."
    case .no: "Send captions; do not use this model as a captioner or as a judge of sounds."
    default: "Ask for a caption of a clip that you know before you rely on it."
    }
  }

  private var seedAdvice: String {
    switch seed.value {
    case .yes: "Set write.seed, and answers can most often be had again; the stored ones are the record all the same."
    case .no, .unknown: "Do not count on the same answers twice; the stored ones are the record."
    }
  }

  private var logProbabilitiesAdvice: String {
    switch logProbabilities.value {
    case .yes: "Captions can carry their mean log-probability (logprobs: true)."
    case .no, .unknown: "Leave logprobs off."
    }
  }

  private var completionTokensAdvice: String {
    switch wantsCompletionTokens.value {
    case .yes: "The limit has to go as max_completion_tokens; requests with max_tokens are refused."
    case .no, .unknown: "Nothing to do."
    }
  }
}
