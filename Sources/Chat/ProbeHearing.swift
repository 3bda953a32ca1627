import Foundation

/// Whether sounds reach the model: a longer one has to take more tokens, and a high tone to be told from a low one.
enum ProbeHearing {
  private typealias Finding = EndpointTraits.Finding<EndpointTraits.Answer>

  private static let question = "This is one steady tone. Is it high or low? Answer with one word, high or low."
  /// Seven seconds of sound take no fewer tokens than this, where they are counted by the second, and no more: with
  /// more, the base64 itself was read as text.
  private static let plausibleTokens = 7...14_000
  /// The question without any sound, under the longest chat template.
  private static let mostTokensOfText = 120

  static func ask(_ exchange: inout ProbeExchange) async throws(ChatError)
    -> EndpointTraits.Finding<EndpointTraits.Answer>
  {
    let high = try await exchange.ask(parts(seconds: 1, hertz: 2_000), maxTokens: 32)
    guard let first = high.reply else { return finding(withoutReply: high) }
    let low = try await exchange.ask(parts(seconds: 8, hertz: 150), maxTokens: 32)
    guard let second = low.reply else { return finding(withoutReply: low) }
    return finding(high: first, low: second, exchange)
  }

  private static func parts(seconds: Int, hertz: Double) -> [ChatMessage.Part] {
    [.audio(base64: ProbeTone.base64(seconds: seconds, hertz: hertz), format: "wav"), .text(question)]
  }

  private static func finding(withoutReply answer: ProbeAnswer) -> Finding {
    switch answer {
    case .refused(let status, _) where (400..<500).contains(status): return Finding(.no, answer.trouble)
    default:
      // llama.cpp without a projector answers 500 and says so.
      let words = answer.trouble.lowercased()
      let isAboutSound = ["audio", "mmproj", "multimodal"].contains { words.contains($0) }
      return Finding(isAboutSound ? .no : .unknown, answer.trouble)
    }
  }

  private static func finding(high: ChatReply, low: ChatReply, _ exchange: ProbeExchange) -> Finding {
    let tokens = high.promptTokens.flatMap { one in low.promptTokens.map { ($0, $0 - one) } }
    if let (_, more) = tokens, plausibleTokens.contains(more) {
      return Finding(.yes, "8 s of sound took \(more) tokens more than 1 s")
    }
    if let (_, more) = tokens, more > plausibleTokens.upperBound {
      return Finding(.no, "8 s of sound took \(more) tokens more than 1 s: its bytes are read as text")
    }
    if says("high", not: "low", high), says("low", not: "high", low) {
      return Finding(.yes, "it told a high tone from a low one")
    }
    let said = "of a high and a low tone it said \(exchange.quote(high.answer)) and \(exchange.quote(low.answer))"
    guard let (all, more) = tokens else { return Finding(.unknown, said) }
    if more == 0, all <= mostTokensOfText {
      return Finding(.no, "a question with 8 s of sound took \(all) tokens, one with 1 s as many: it was left out")
    }
    return Finding(.unknown, "8 s of sound took \(all) tokens, 1 s \(all - more); \(said)")
  }

  private static func says(_ word: String, not other: String, _ reply: ChatReply) -> Bool {
    let text = reply.words.lowercased()
    return text.contains(word) && !text.contains(other)
  }
}
