/// What a stand-in server has answered; `GET /v1/stats` gives the same as JSON.
public struct StandInStatistics: Codable, Sendable, Equatable {
  /// Completion requests answered, with any status, those of batches included.
  public var requests = 0
  /// Requests a real endpoint would charge for: those answered with status 200, whether or not all of it arrived.
  public var billed = 0
  /// Billed requests that came in batches.
  public var batched = 0
  /// Requests by status, such as "200".
  public var byStatus: [String: Int] = [:]
  /// Requests by the fault they met, such as "cut-off", or the limit, such as "tokens-limit".
  public var byFault: [String: Int] = [:]
  /// Tokens of the billed requests, a token being four bytes, or a 25th of a second of sound.
  public var promptTokens = 0
  public var completionTokens = 0

  enum CodingKeys: String, CodingKey {
    case requests, billed, batched
    case byStatus = "by_status"
    case byFault = "by_fault"
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
  }
}
