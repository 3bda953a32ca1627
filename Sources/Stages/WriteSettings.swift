import Chat
import Dataset
import Foundation
import Pipelines
import Store
import Web

/// How questions are asked for: from whom, with which prompt, under which settings.
struct WriteSettings: Sendable {
  let choices: Int
  let price: Price
  private let isBuiltin: Bool
  /// The endpoint without its key; of the built-in one, without its port.
  private let endpoint: Endpoint
  private let keyVariable: String?
  private let prompt: Prompt
  private let model: String
  private let questions: Int
  private let temperature: Double?
  private let topP: Double?
  private let seed: Int?
  private let maxTokens: Int

  /// What `write.endpoint` says for the stand-in that the program starts itself.
  static let builtin = "builtin"
  private static let usualKeyVariable = "OPENAI_API_KEY"
  private static let offered = [
    "captions[].captioner", "captions[].text", "labels[].text", "questions", "distractors",
  ]

  init(_ section: Section) throws {
    let url = try section.string("endpoint", default: Self.builtin)
    isBuiltin = url == Self.builtin
    keyVariable = try section.optionalVariableName("key")
    endpoint = try Endpoint(
      baseURL: isBuiltin ? "http://127.0.0.1" : url, identity: isBuiltin ? "builtin/\(StandInServer.version)" : nil,
      keyVariable: keyVariable ?? Self.usualKeyVariable,
      concurrency: try section.int("concurrency", in: 1...1024, default: 16),
      maximumAttempts: try section.int("attempts", in: 1...20, default: 6),
      idleTimeout: try section.duration("idle_timeout", in: 1...86_400, default: 600))
    model = try section.string("model", default: "stand-in")
    prompt = try Prompt(path: try section.path("prompt"))
    try prompt.check(stage: "write", gives: Self.offered)
    questions = try section.int("questions", in: 1...32, default: 5)
    choices = try section.int("choices", in: 2...8, default: 4)
    temperature = try section.optionalDouble("temperature", in: 0...2)
    topP = try section.optionalDouble("top_p", in: 0...1)
    seed = try section.optionalInt("seed", in: 0...Int(Int32.max))
    maxTokens = try section.int("max_tokens", in: 16...131_072, default: 2048)
    price = try Price(section.section("price"))
  }

  /// Clips that are worked on at a time.
  var concurrency: Int { endpoint.concurrency }

  var parts: [String: String] {
    var parts = [
      "version": "1", "endpoint": endpoint.identity, "model": model,
      RunProvenance.promptPrefix + (prompt.path as NSString).lastPathComponent: prompt.hash,
      "questions": "\(questions)", "choices": "\(choices)", "max tokens": "\(maxTokens)",
    ]
    parts["temperature"] = temperature.map { "\($0)" }
    parts["top_p"] = topP.map { "\($0)" }
    parts["seed"] = seed.map { "\($0)" }
    return parts
  }

  /// What a clip's captions make of the prompt; nil for a clip without captions.
  func request(for clip: ClipRecord, captions: [CaptionRecord]) throws -> WriteRequest? {
    let texts = captions.compactMap { caption in caption.text.map { (caption.captioner, $0) } }
    guard !texts.isEmpty else { return nil }
    let messages = try prompt.render([
      "captions": .list(texts.map { ["captioner": .text($0.0), "text": .text($0.1)] }),
      "labels": .list(clip.labels.map { ["text": .text($0)] }),
      "questions": .number(questions), "distractors": .number(choices - 1),
    ])
    let chat = ChatRequest(
      model: model, messages: messages.map { ChatMessage(ChatMessage.Role($0.role), $0.text) },
      temperature: temperature, topP: topP, maxTokens: maxTokens, seed: seed, responseFormat: responseFormat)
    return WriteRequest(chat: chat, key: RequestKey(chat, endpoint: endpoint).hex, clip: clip.id)
  }

  /// The request's key when it is made for the `salt`-th time because its answers were no completions.
  func key(of request: WriteRequest, salt: Int) -> String {
    salt == 0 ? request.key : RequestKey(request.chat, endpoint: endpoint, salt: salt).hex
  }

  private var responseFormat: ResponseFormat? {
    guard let schema = prompt.schema.flatMap({ JSONValue(parsing: Array($0.utf8)) }) else { return nil }
    return .jsonSchema(name: prompt.schemaName ?? "reply", schema: schema)
  }

  /// Runs `body` with a client for the endpoint; the built-in stand-in is started for that time.
  func withClient(_ body: (ChatClient) async throws -> Void) async throws {
    guard isBuiltin else { return try await body(ChatClient(endpoint: try endpoint(at: endpoint.baseURL, key: key()))) }
    let server = try await StandInServer.start()
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(ChatClient(endpoint: try endpoint(at: server.baseURL, key: nil))))
    } catch {
      result = .failure(error)
    }
    await server.stop()
    try result.get()
  }

  private func endpoint(at baseURL: String, key: String?) throws(ChatError) -> Endpoint {
    try Endpoint(
      baseURL: baseURL, identity: endpoint.identity, apiKey: key, keyVariable: endpoint.keyVariable,
      concurrency: endpoint.concurrency, maximumAttempts: endpoint.maximumAttempts, idleTimeout: endpoint.idleTimeout)
  }

  /// The key from the environment. A server on this machine may do without one, and so may any with `key: none`.
  private func key() throws(StagesError) -> String? {
    if keyVariable == "none" { return nil }
    let variable = keyVariable ?? Self.usualKeyVariable
    if let key = ProcessInfo.processInfo.environment[variable], !key.isEmpty { return key }
    if keyVariable == nil && isOnThisMachine { return nil }
    throw .keyMissing(variable: variable, endpoint: endpoint.baseURL)
  }

  private var isOnThisMachine: Bool {
    let host = URLComponents(string: endpoint.baseURL)?.host ?? ""
    return host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
  }
}

/// A request for one clip's questions.
struct WriteRequest: Sendable {
  var chat: ChatRequest
  /// SHA-256 of everything in it.
  var key: String
  var clip: String
}

extension ChatMessage.Role {
  init(_ role: Prompt.Role) {
    self =
      switch role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
  }
}

/// US dollars per million tokens, where the pipeline file gives them.
struct Price: Sendable {
  private let input: Double?
  private let output: Double?

  init(_ section: Section) throws {
    input = try section.optionalDouble("input", in: 0...1_000_000)
    output = try section.optionalDouble("output", in: 0...1_000_000)
  }

  func remember(in store: RunStore) throws {
    try store.set("price.input", to: input.map { "\($0)" })
    try store.set("price.output", to: output.map { "\($0)" })
  }
}
