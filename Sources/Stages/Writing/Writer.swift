import Chat
import Pipelines
import Store

/// A model behind an endpoint that writes questions.
struct Writer: Sendable {
  /// Nil for the only writer of a section without names.
  let name: String?
  let access: EndpointAccess
  let model: String
  /// Its share of the clips, beside the other writers' weights.
  let weight: Double
  let price: Price
  /// How its requests go out in batches; nil where they go out one by one.
  let batch: BatchSettings?
  private let temperature: Double?
  private let topP: Double?
  private let seed: Int?
  private let maxTokens: Int

  /// The writers of a `write` section: those that `writers` names, each with a subsection of its own, or the one that the
  /// section itself describes.
  static func all(_ section: Section) throws -> [Writer] {
    let names = try section.strings("writers")
    guard !names.isEmpty else { return [try Writer(nil, section, default: section)] }
    for (key, isThere) in [("endpoint", section.has("endpoint")), ("model", section.has("model"))] where isThere {
      throw section.conflict(key, with: "'writers', each of which names its own")
    }
    guard Set(names).count == names.count, names.count <= 32, names.allSatisfy(Self.isName) else {
      throw section.badValue("writers", wanted: "a list of names of letters and digits, each once")
    }
    return try names.map { try Writer($0, section.section($0), default: section) }
  }

  private static func isName(_ text: String) -> Bool {
    isEntryName(text) && !["price", "steer", "batch"].contains(text)
  }

  private init(_ name: String?, _ section: Section, default fallback: Section) throws {
    self.name = name
    access = try EndpointAccess(section, concurrency: 256, fallback: fallback)
    model = try section.string("model", default: "stand-in")
    weight = name == nil ? 1 : try section.double("weight", in: 0.001...1_000_000, default: 1)
    let own = name != nil && section.has("price")
    price = try Price((own ? section : fallback).section("price"))
    batch = try BatchSettings(
      name != nil && !section.has("batch") ? fallback : section, isBuiltin: access.isBuiltin)
    func value<Value>(_ read: (Section) throws -> Value?) throws -> Value? {
      try read(section) ?? (name == nil ? nil : read(fallback))
    }
    temperature = try value { try $0.optionalDouble("temperature", in: 0...2) }
    topP = try value { try $0.optionalDouble("top_p", in: 0...1) }
    seed = try value { try $0.optionalInt("seed", in: 0...Int(Int32.max)) }
    maxTokens = try value { try $0.optionalInt("max_tokens", in: 16...131_072) } ?? 2048
  }

  /// What of it could change an answer.
  var parts: [String: String] {
    var parts = ["endpoint": access.endpoint.identity, "model": model, "max tokens": "\(maxTokens)"]
    parts["temperature"] = temperature.map { "\($0)" }
    parts["top_p"] = topP.map { "\($0)" }
    parts["seed"] = seed.map { "\($0)" }
    guard let name else { return parts }
    parts["weight"] = "\(weight)"
    return Dictionary(uniqueKeysWithValues: parts.map { ("writer \(name) \($0.key)", $0.value) })
  }

  /// A request with these messages; `format` is the form of the answer that is asked for.
  func request(
    _ messages: [ChatMessage], _ format: ResponseFormat?, clip: String, sound: AttachedSound?
  ) -> EndpointRequest {
    let chat = ChatRequest(
      model: model, messages: sound?.attached(to: messages) ?? messages, temperature: temperature, topP: topP,
      maxTokens: maxTokens, seed: seed,
      responseFormat: format)
    return EndpointRequest(chat, to: access.endpoint, clip: clip, sound: sound)
  }
}
