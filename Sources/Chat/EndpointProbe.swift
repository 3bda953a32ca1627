public import Foundation

/// Finds out what an endpoint does with a model's requests, by a few tiny ones instead of by trust: servers take a
/// schema, a sound or a seed with status 200 and let it fall.
///
/// It takes six or seven requests in most cases and never more than `mostRequests`, of some hundred tokens together,
/// and 400 kB of sound.
public struct EndpointProbe: Sendable {
  /// Attempts that failed included.
  public static let mostRequests = 8

  /// Sends a request and tells of its attempts, as `ChatClient.send` does.
  public typealias Send = @Sendable (ChatRequest, @escaping AttemptHook) async throws(ChatError) -> RawResponse

  private let client: ChatClient
  private let model: String
  private let asksAboutAudio: Bool
  private let nonce: String
  private let send: Send

  /// `nonce` is a word that no model would say by itself; left out, a random one. `send` stands in for the client's own
  /// where requests are to be noted or paid for.
  public init(client: ChatClient, model: String, audio: Bool = true, nonce: String? = nil, send: Send? = nil) {
    self.client = client
    self.model = model
    asksAboutAudio = audio
    self.nonce = nonce ?? Self.randomWord()
    if let send {
      self.send = send
    } else {
      self.send = { request, hook throws(ChatError) in try await client.send(request, onAttempt: hook) }
    }
  }

  /// Throws where the endpoint is out of reach, has no such model or refuses the key. What else goes wrong makes a
  /// finding unknown.
  public func run() async throws(ChatError) -> EndpointTraits {
    var exchange = ProbeExchange(client: client, model: model, mostRequests: Self.mostRequests, send: send)
    let form = try await ProbeForm.ask(&exchange, nonce: nonce)
    let audio = asksAboutAudio ? try await ProbeHearing.ask(&exchange) : nil
    let sampling = try await ProbeSampling.ask(&exchange)
    return EndpointTraits(
      endpoint: client.endpoint.identity, model: model, schema: form.schema, jsonObject: form.jsonObject,
      text: form.text, audio: audio, seed: sampling.seed, logProbabilities: sampling.logProbabilities,
      wantsCompletionTokens: exchange.wantsCompletionTokens, requests: exchange.requests)
  }

  private static func randomWord() -> String {
    let letters = Array("bcdfghjkmnpqrstvwxz")
    return String((0..<14).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }
}

extension EndpointProbe {
  /// What is known of an endpoint, and since when.
  public struct Result: Sendable {
    public var traits: EndpointTraits
    /// When it was found out; nil where that was just now.
    public var date: Date?
    /// Why it could not be kept for the next time.
    public var problem: EndpointTraitsCacheError?
  }

  /// What the cache knows, or else what asking finds, which is then kept there. `again` asks in any case.
  public func run(cache: EndpointTraitsCache?, again: Bool = false) async throws(ChatError) -> Result {
    if !again, let known = cache?.traits(of: client.endpoint, model: model),
      known.traits.audio != nil || !asksAboutAudio
    {
      return Result(traits: known.traits, date: known.date)
    }
    var result = Result(traits: try await run())
    do throws(EndpointTraitsCacheError) {
      try cache?.keep(result.traits)
    } catch {
      result.problem = error
    }
    return result
  }
}
