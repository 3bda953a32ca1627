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
  var desk: RequestDesk {
    RequestDesk(
      endpoint: access.endpoint, price: price, probe: StartUpProbe(access, model: model, needsAudio: true))
  }

  /// Throws where a limit in dollars cannot be kept, for want of a price.
  func checkPrice(_ limits: SpendingLimits, entry: String) throws(StagesError) {
    guard limits.usd != nil, !price.isKnown(withAudio: true), !access.isBuiltin else { return }
    throw .noPrice(setting: "caption.\(entry).price", members: "'input', 'output' and 'audio'")
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
    let sound = AttachedSound(waveform, of: clip)
    let turns = try prompt.turns(labels: clip.labels).map { turn in
      ChatMessage(ChatMessage.Role(turn.role), turn.text)
    }
    let chat = ChatRequest(
      model: model, messages: sound.attached(to: turns), temperature: temperature, topP: topP, maxTokens: maxTokens,
      seed: seed, extra: wantsLogProbabilities ? ["logprobs": true] : [:])
    return EndpointRequest(chat, to: access.endpoint, clip: clip.id, sound: sound)
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
