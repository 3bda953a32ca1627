import Chat
import Store

/// A request for what an endpoint says of one clip.
struct EndpointRequest: Sendable {
  /// Which of the requests for one answer this is.
  enum Turn: Sendable, Equatable {
    case first
    /// With more room, since the answer was cut off.
    case longer
    /// With what was wrong about the answer.
    case repair
  }

  let chat: ChatRequest
  /// SHA-256 of everything in it.
  let key: String
  let clip: String
  /// The body as the store keeps it: what makes a request very long may be named in place of its bytes.
  let storedBody: [UInt8]
  let turn: Turn
  /// How often it was made before because the answers were no completions.
  let salt: Int

  init(
    _ chat: ChatRequest, to endpoint: Endpoint, clip: String, storedBody: [UInt8]? = nil, turn: Turn = .first,
    salt: Int = 0
  ) {
    self.chat = chat
    self.clip = clip
    self.turn = turn
    self.salt = salt
    let body = chat.canonicalBody
    self.storedBody = storedBody ?? body
    key = RequestKey(body: body, endpoint: endpoint, salt: salt).hex
  }

  /// The same once more, as another request.
  func again(to endpoint: Endpoint) -> EndpointRequest {
    EndpointRequest(chat, to: endpoint, clip: clip, storedBody: storedBody, turn: turn, salt: salt + 1)
  }

  /// What it costs at most. No text has more tokens than bytes; a second of sound has no more than fifty, of the models
  /// that say (Qwen2-Audio 25, GPT-4o 10).
  func worst(at price: Price) -> Charge {
    var prompt = storedBody.count + 16 * chat.messages.count
    for case .audio(let base64, _) in chat.messages.flatMap(\.parts) {
      prompt += 64 + base64.utf8.count * 3 / 4 * 50 / 32_000
    }
    let written = chat.maxTokens ?? chat.maxCompletionTokens ?? Self.mostWritten
    return price.charge(prompt: prompt, completion: written)
  }

  /// What a model writes at most where nothing says.
  private static let mostWritten = 131_072
}
