public import Chat
import Foundation

/// How a chat endpoint's model is asked. Settings that are nil are left to the server.
public struct EndpointSettings: Sendable, Equatable {
  public var model: String
  public var temperature: Double?
  public var topP: Double?
  public var seed: Int?
  public var maxTokens: Int
  /// Whether the limit goes as `max_completion_tokens`, which newer OpenAI models want.
  public var namesCompletionTokens: Bool
  /// Seconds of a sound that are sent; longer ones are cut to their beginning.
  public var longestSound: Double
  /// Members for one server's own settings.
  public var extra: [String: JSONValue]

  public init(
    model: String, temperature: Double? = 0, topP: Double? = nil, seed: Int? = nil, maxTokens: Int = 256,
    namesCompletionTokens: Bool = false, longestSound: Double = 180, extra: [String: JSONValue] = [:]
  ) {
    self.model = model
    self.temperature = temperature
    self.topP = topP
    self.seed = seed
    self.maxTokens = maxTokens
    self.namesCompletionTokens = namesCompletionTokens
    self.longestSound = longestSound
    self.extra = extra
  }

  /// What of them could change an answer, for a manifest.
  public var identity: [String: String] {
    var identity = ["model": model, "max-tokens": String(maxTokens)]
    identity["temperature"] = temperature.map { "\($0)" } ?? "the server's"
    identity["top-p"] = topP.map { "\($0)" }
    identity["seed"] = seed.map(String.init)
    if !extra.isEmpty { identity["extra"] = JSONValue.object(extra).canonicalText }
    return identity
  }

  func request(_ messages: [ChatMessage]) -> ChatRequest {
    ChatRequest(
      model: model, messages: messages, temperature: temperature, topP: topP,
      maxTokens: namesCompletionTokens ? nil : maxTokens, maxCompletionTokens: namesCompletionTokens ? maxTokens : nil,
      seed: seed, extra: extra)
  }
}
