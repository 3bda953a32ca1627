extension AudioLanguageModel {
  /// The tokens of a conversation up to the place where the model answers; every audio's placeholder once per row.
  ///
  /// Texts are taken as text: what looks like a special token in them is none.
  public func prompt(_ messages: [ConversationMessage], audios: [[Float]]) throws -> [Int] {
    for (index, audio) in audios.enumerated() { try check(audio: audio, named: "audio \(index + 1)") }
    let counts = encoder.map { encoder in audios.map { encoder.rowCount(samples: $0.count) } } ?? []
    return try template.render(messages, tokenizer: tokenizer, audioTokenCounts: counts, trustingText: false)
  }

  /// The tokens of a text as it stands, without a chat template, as base models take it.
  ///
  /// Special tokens in it count. Each `<|AUDIO|>` stands for an audio, in order; where there is none, the audios come
  /// first, each between `<|audio_bos|>` and `<|audio_eos|>`.
  public func plainPrompt(_ text: String, audios: [[Float]]) throws -> [Int] {
    for (index, audio) in audios.enumerated() { try check(audio: audio, named: "audio \(index + 1)") }
    let counts = encoder.map { encoder in audios.map { encoder.rowCount(samples: $0.count) } } ?? []
    let tokens = tokenizer.encode(text)
    guard let placeholder = configuration.audioToken, !counts.isEmpty else { return tokens }
    guard tokens.contains(placeholder) else {
      let opening = tokenizer.encode("<|audio_bos|>")
      let closing = tokenizer.encode("<|audio_eos|>")
      return counts.flatMap { opening + Array(repeating: placeholder, count: $0) + closing } + tokens
    }
    let places = tokens.filter { $0 == placeholder }.count
    guard places == counts.count else { throw ModelError.audioPlaces(count: places, audios: counts.count) }
    var waiting = counts[...]
    return tokens.flatMap { token in
      token == placeholder ? Array(repeating: token, count: waiting.popFirst() ?? 0) : [token]
    }
  }

  /// One message of a user: the audios, then the text; behind a system message where there is one.
  public static func question(_ text: String, audioCount: Int, system: String? = nil) -> [ConversationMessage] {
    var parts: [MessagePart] = (0..<audioCount).map { .audio($0) }
    if !text.isEmpty { parts.append(.text(text)) }
    let user = ConversationMessage(role: .user, parts: parts)
    return system.map { [ConversationMessage(role: .system, parts: [.text($0)]), user] } ?? [user]
  }

  /// The text of a completion, without its end token.
  public func text(of completion: Completion) -> String {
    tokenizer.decode(completion.content, skippingSpecialTokens: true)
  }
}
