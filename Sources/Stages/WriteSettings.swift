import Chat
import Dataset
import Foundation
import Pipelines
import Store

/// How questions are asked for: from whom, with which prompt, under which settings.
struct WriteSettings: Sendable {
  let choices: Int
  let price: Price
  let access: EndpointAccess
  private let prompt: Prompt
  private let model: String
  private let questions: Int
  private let temperature: Double?
  private let topP: Double?
  private let seed: Int?
  private let maxTokens: Int

  private static let offered = [
    "captions[].captioner", "captions[].text", "labels[].text", "questions", "distractors",
  ]

  init(_ section: Section) throws {
    access = try EndpointAccess(section, concurrency: 16)
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

  var parts: [String: String] {
    var parts = [
      "version": "1", "endpoint": access.endpoint.identity, "model": model,
      RunProvenance.promptPrefix + (prompt.path as NSString).lastPathComponent: prompt.hash,
      "questions": "\(questions)", "choices": "\(choices)", "max tokens": "\(maxTokens)",
    ]
    parts["temperature"] = temperature.map { "\($0)" }
    parts["top_p"] = topP.map { "\($0)" }
    parts["seed"] = seed.map { "\($0)" }
    return parts
  }

  /// What a clip's captions make of the prompt; nil for a clip without captions.
  func request(for clip: ClipRecord, captions: [CaptionRecord]) throws -> EndpointRequest? {
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
    return EndpointRequest(chat: chat, key: RequestKey(chat, endpoint: access.endpoint).hex, clip: clip.id)
  }

  private var responseFormat: ResponseFormat? {
    guard let schema = prompt.schema.flatMap({ JSONValue(parsing: Array($0.utf8)) }) else { return nil }
    return .jsonSchema(name: prompt.schemaName ?? "reply", schema: schema)
  }
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
