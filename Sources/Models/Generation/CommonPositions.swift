extension AudioLanguageModel {
  /// How many positions a prompt has in common with a conversation so far, tokens and audio; never all of `next`, whose
  /// last position has to be computed.
  func commonPositions(_ previous: ConversationHistory, _ next: GenerationRequest) -> Int {
    var count = 0
    for (a, b) in zip(previous.tokens, next.prompt.dropLast()) {
      guard a == b else { break }
      count += 1
    }
    return min(count, positionsWithEqualAudio(previous, next))
  }

  /// The position of `next`'s first audio placeholder that does not stand for what `previous` has there.
  private func positionsWithEqualAudio(_ previous: ConversationHistory, _ next: GenerationRequest) -> Int {
    guard let encoder, let placeholder = configuration.audioToken else { return next.prompt.count }
    var equalRows = 0
    for (a, b) in zip(previous.audios, next.audios) {
      guard a == b else { break }
      equalRows += encoder.rowCount(samples: b.count)
    }
    for (position, token) in next.prompt.enumerated() where token == placeholder {
      if equalRows == 0 { return position }
      equalRows -= 1
    }
    return next.prompt.count
  }
}
