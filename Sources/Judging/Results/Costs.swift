/// What a result took. Of all that is kept of a run this alone differs when it is done again.
struct Costs: Encodable {
  /// Time in which answers were awaited, over all times the run was started.
  var seconds = 0.0
  var replies = 0
  /// Of a judge.
  var verdicts = 0
  /// Written, or scored.
  var tokens = 0
  var requests = 0
  var promptTokens = 0
  var completionTokens = 0

  private enum CodingKeys: String, CodingKey {
    case seconds, replies, verdicts, tokens, requests
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
  }

  init(_ lines: [AnswerLog.Line]) {
    for line in lines {
      seconds += line.seconds
      replies += line.verdict == nil ? 1 : 0
      verdicts += line.verdict == nil ? 0 : 1
      tokens += line.reply.tokens
      requests += line.reply.usage?.requests ?? 0
      promptTokens += line.reply.usage?.promptTokens ?? 0
      completionTokens += line.reply.usage?.completionTokens ?? 0
    }
  }
}
