extension ChatRequest {
  /// About how many tokens the request counts for before it is answered: a token for four bytes of text, 25 for a
  /// second of sound, and the longest answer that it allows, as OpenAI counts. Without a limit on the answer that is
  /// left out.
  var estimatedTokens: Int {
    var tokens = 0.0
    for part in messages.lazy.flatMap(\.parts) {
      switch part {
      case .text(let text): tokens += Double(text.utf8.count) / 4
      case .audio(let base64, _): tokens += Double(base64.utf8.count) * 0.75 / Self.bytesOfSoundPerSecond * 25
      }
    }
    return Int(tokens.rounded(.up)) + max(0, maxTokens ?? maxCompletionTokens ?? 0)
  }

  /// WAV of 16 bits at 16 kHz.
  private static let bytesOfSoundPerSecond = 32_000.0
}

/// The tokens that an answer says it took.
struct TokenUsage: Equatable {
  var prompt: Int
  var completion: Int

  var total: Int { prompt + completion }
}

extension TokenUsage {
  /// Finds the counts in an answer's bytes without reading all of it; whoever makes something of the answer does that.
  /// Nil where they are not there. A text that talks of them does not count: its quotes are escaped.
  init?(scanning body: [UInt8]) {
    guard let completion = Self.number(behind: Self.completionName, in: body),
      let prompt = Self.number(behind: Self.promptName, in: body)
    else { return nil }
    self.init(prompt: prompt, completion: completion)
  }

  private static let promptName = Array(#""prompt_tokens""#.utf8)
  private static let completionName = Array(#""completion_tokens""#.utf8)

  /// Searches from the end, where servers put it.
  private static func number(behind name: [UInt8], in body: [UInt8]) -> Int? {
    body.withUnsafeBufferPointer { body in
      name.withUnsafeBufferPointer { name in
        guard body.count > name.count else { return nil }
        var start = body.count - name.count
        while start >= 0 {
          if body[start] == name[0], body[start + 3] == name[3], matches(name, body, at: start) {
            return number(in: body, from: start + name.count)
          }
          start -= 1
        }
        return nil
      }
    }
  }

  private static func matches(
    _ name: UnsafeBufferPointer<UInt8>, _ body: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Bool {
    for place in name.indices where body[start + place] != name[place] { return false }
    return true
  }

  /// The whole number that follows a colon.
  private static func number(in body: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let rest = body[start...].drop { $0 == UInt8(ascii: ":") || $0 <= UInt8(ascii: " ") }
    let digits = rest.prefix(12).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }
}
