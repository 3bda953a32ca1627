import Audio
import Captioning
import Chat
import Dataset
import Foundation
import Pipelines
import Store

/// How an endpoint whose model listens is asked for captions: where it is, with which prompt, under which settings.
struct CaptionEndpoint: Sendable {
  let access: EndpointAccess
  private let prompt: CaptionPrompt
  let model: String
  private let temperature: Double?
  private let topP: Double?
  private let seed: Int?
  let maxTokens: Int
  private let price: Price
  private let wantsLogProbabilities: Bool
  /// Seconds of the longest clip that is sent.
  private let longest: Double

  /// Raise it when the same answers would make other captions.
  private static let version = "1"

  init(_ section: Section, prompt: CaptionPrompt) throws {
    self.prompt = prompt
    access = try EndpointAccess(section, concurrency: 8)
    model = try section.string("model", default: "stand-in")
    temperature = try section.optionalDouble("temperature", in: 0...2)
    topP = try section.optionalDouble("top_p", in: 0...1)
    seed = try section.optionalInt("seed", in: 0...Int(Int32.max))
    maxTokens = try section.int("max_tokens", in: 16...131_072, default: 512)
    price = try Price(section.section("price"))
    wantsLogProbabilities = try section.bool("logprobs", default: false)
    longest = try section.duration("longest", in: 0.1...3600, default: 180)
  }

  var identity: [String: String] {
    var identity = [
      "captioner": "endpoint", "version": Self.version, "endpoint": access.endpoint.identity, "model": model,
      "prompt": prompt.record.hash, "sampling": sampling, "longest": "\(longest) s",
    ]
    if wantsLogProbabilities { identity["logprobs"] = "true" }
    return identity
  }

  /// How its requests are treated.
  var desk: RequestDesk { RequestDesk(endpoint: access.endpoint, price: price) }

  /// Throws where a limit in dollars cannot be kept, for want of a price.
  func checkPrice(_ limits: SpendingLimits, entry: String) throws(StagesError) {
    guard limits.usd != nil, !price.isKnown, !access.isBuiltin else { return }
    throw .noPrice(setting: "caption.\(entry).price")
  }

  /// How text is sampled, as canonical JSON; what is left to the server is left out.
  var sampling: String {
    var settings: [String: JSONValue] = ["max_tokens": .int(maxTokens)]
    settings["temperature"] = temperature.map(JSONValue.double)
    settings["top_p"] = topP.map(JSONValue.double)
    settings["seed"] = seed.map(JSONValue.int)
    return JSONValue.object(settings).canonicalText
  }

  /// What is asked about a clip, whose samples are 16 kHz mono.
  func ask(about clip: ClipRecord, _ waveform: Waveform) throws -> EndpointRequest {
    guard waveform.seconds <= longest else {
      throw CaptioningError.tooLong(clip: clip.id, seconds: waveform.seconds, longest: longest)
    }
    let file = Data(WAVWriter.encode(waveform))
    let chat = try request(for: clip, sound: file.base64EncodedString())
    // The sound makes nearly all of a request, and can be had again from the clip.
    let words = "WAV of \(file.count) bytes, 16 kHz mono, of the samples with SHA-256 \(clip.sha256)"
    let stored = try request(for: clip, sound: words).canonicalBody
    return EndpointRequest(chat, to: access.endpoint, clip: clip.id, storedBody: stored)
  }

  private func request(for clip: ClipRecord, sound: String) throws -> ChatRequest {
    var messages = try prompt.turns(labels: clip.labels).map { turn in
      ChatMessage(ChatMessage.Role(turn.role), turn.text)
    }
    if let last = messages.indices.last {
      messages[last].parts.insert(.audio(base64: sound, format: "wav"), at: 0)
    }
    return ChatRequest(
      model: model, messages: messages, temperature: temperature, topP: topP, maxTokens: maxTokens, seed: seed,
      extra: wantsLogProbabilities ? ["logprobs": true] : [:])
  }
}

extension ChatMessage.Role {
  init(_ role: CaptionTurn.Role) {
    self =
      switch role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
  }
}
