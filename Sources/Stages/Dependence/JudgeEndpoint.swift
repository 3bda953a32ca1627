import Chat
import Evaluation
import Judging
import Pipelines
import Store

/// A judge behind a chat endpoint.
struct JudgeEndpoint: Sendable {
  let access: EndpointAccess
  let price: Price
  /// Seconds of a sound that are sent; longer ones are cut to their beginning.
  let longest: Double
  private let model: String
  private let temperature: Double
  private let seed: Int?
  private let maxTokens: Int
  private let hears: Bool

  /// Raise it when the same answers would be read in another way.
  private static let version = "1"

  init(_ section: Section, samples: Int, hears: [Hearing]) throws {
    self.hears = hears != [.none]
    access = try EndpointAccess(section, concurrency: 256)
    price = try Price(section.section("price"))
    model = try section.string("model", default: "stand-in")
    temperature = try section.double("temperature", in: 0...2, default: 0)
    seed = try section.optionalInt("seed", in: 0...Int(Int32.max) - 64)
    maxTokens = try section.int("max_tokens", in: 1...131_072, default: 64)
    longest = try section.duration("longest", in: 0.1...3600, default: 30)
    if samples > 1, temperature == 0 {
      throw section.conflict("samples", with: "'temperature: 0', which gives the same answer again")
    }
  }

  var identity: [String: String] {
    var identity = [
      "judge": "endpoint", "version": Self.version, "endpoint": access.endpoint.identity, "model": model,
      "temperature": "\(temperature)", "max tokens": "\(maxTokens)", "longest": "\(longest) s",
    ]
    identity["seed"] = seed.map { "\($0)" }
    return identity
  }

  var desk: RequestDesk {
    RequestDesk(
      endpoint: access.endpoint, price: price, probe: StartUpProbe(access, model: model, needsAudio: hears))
  }

  /// Whether all that its requests have is priced.
  var isPriced: Bool { price.isKnown(withAudio: hears) || access.isBuiltin }

  /// What of a price it needs.
  var priceMembers: String { hears ? "'input', 'output' and 'audio'" : "'input' and 'output'" }

  /// A request with these messages. Samples of one question differ in their seed.
  func request(_ messages: [ChatMessage], sound: AttachedSound?, sample: Int, clip: String) -> EndpointRequest {
    let chat = ChatRequest(
      model: model, messages: messages, temperature: temperature, maxTokens: maxTokens,
      seed: sample == 0 ? seed : (seed ?? 0) + sample)
    return EndpointRequest(chat, to: access.endpoint, clip: clip, sound: sound)
  }

  /// What an answer says.
  static func reply(in response: ResponseRecord) -> Reply {
    guard response.status < 400 else {
      let words = String(decoding: response.body.prefix(300), as: UTF8.self)
      return Reply(output: nil, problem: "the endpoint rejected the request with status \(response.status): \(words)")
    }
    do throws(ReplyError) {
      let chat = try ChatReply(parsing: response.body)
      let problem = chat.answer.isEmpty ? "the answer is empty" : nil
      return Reply(
        output: problem == nil ? chat.answer : nil, problem: problem, tokens: chat.completionTokens ?? 0,
        isCut: chat.finishReason == "length")
    } catch {
      return Reply(output: nil, problem: "\(error)")
    }
  }
}
