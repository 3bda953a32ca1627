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
  let sound: AttachedSound?
  let turn: Turn
  /// How often it was made before because the answers were no completions.
  let salt: Int

  init(
    _ chat: ChatRequest, to endpoint: Endpoint, clip: String, sound: AttachedSound? = nil, turn: Turn = .first,
    salt: Int = 0
  ) {
    self.chat = chat
    self.clip = clip
    self.turn = turn
    self.salt = salt
    self.sound = sound
    let body = chat.canonicalBody
    storedBody = sound?.named(in: chat).canonicalBody ?? body
    key = RequestKey(body: body, endpoint: endpoint, salt: salt).hex
  }

  /// The same once more, as another request.
  func again(to endpoint: Endpoint) -> EndpointRequest {
    EndpointRequest(chat, to: endpoint, clip: clip, sound: sound, turn: turn, salt: salt + 1)
  }

  /// What it costs at most. No text has more tokens than bytes.
  func worst(at price: Price) -> Charge {
    let text = storedBody.count + 16 * chat.messages.count
    let written = chat.maxTokens ?? chat.maxCompletionTokens ?? Self.mostWritten
    let audio = mostAudioTokens
    return price.charge(prompt: text + audio, audio: audio, completion: written)
  }

  /// What an answer cost, by the tokens that it tells of; as much as it could where it tells of none.
  func charge(of reply: ChatReply?, at price: Price) -> Charge {
    let (prompt, completion) = (reply?.promptTokens ?? 0, reply?.completionTokens ?? 0)
    guard prompt + completion > 0 else { return worst(at: price) }
    let audio = min(prompt, reply?.audioTokens ?? mostAudioTokens)
    return price.charge(prompt: prompt, audio: audio, completion: completion)
  }

  /// A second of sound has no more than fifty tokens, of the models that say (Qwen2-Audio 25, GPT-4o 10).
  private var mostAudioTokens: Int {
    var tokens = 0
    for case .audio(let base64, _) in chat.messages.flatMap(\.parts) {
      tokens += 64 + base64.utf8.count * 3 / 4 * 50 / 32_000
    }
    return tokens
  }

  /// As the store keeps it.
  func record(at desk: RequestDesk) -> RequestRecord {
    RequestRecord(
      key: key, clip: clip, body: storedBody, model: chat.model, endpoint: desk.endpoint.identity)
  }

  /// What a model writes at most where nothing says.
  private static let mostWritten = 131_072
}
