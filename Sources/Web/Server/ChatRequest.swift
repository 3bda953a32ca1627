import Foundation

/// What a completion request asks for, as far as the stand-in writer looks at it.
struct ChatRequest {
  enum Fault: Error {
    case notJSON
    /// The JSON is there, but not the fields; the text says which.
    case fields(String)
  }

  var model: String
  /// The text of all user messages, a line break between any two.
  var userText: String
  /// The same of the system and developer messages.
  var systemText: String
  /// The first sound of the user's messages that can be listened to.
  var sound: WaveSound?
  /// How long the user's sounds are, as far as they can be listened to.
  var soundSeconds = 0.0
  /// Sounds sent, whether or not they can be listened to.
  var sentSounds = 0
  /// How much of the body the sounds take.
  var soundBytes = 0
  var seed: Int?
  var temperature: Double?
  /// Upper bound of the answer's tokens.
  var maximumTokens: Int?
  var format: Format?
  /// Whether a format was asked for that the endpoint knows nothing of.
  var missesFormat = false
  /// How many alternatives to each token to tell, where log-probabilities are wanted at all.
  var logProbabilities: Int?

  /// What `response_format` asks for.
  enum Format: Equatable {
    case text, jsonObject
    /// `only` is the schema's one legal value.
    case jsonSchema(only: PlainJSON?)

    /// Its `type`.
    var name: String {
      switch self {
      case .text: "text"
      case .jsonObject: "json_object"
      case .jsonSchema: "json_schema"
      }
    }
  }

  /// Above what any model writes; four bytes each, they can be counted.
  private static let mostTokens = 1 << 40

  init(body: Data) throws(Fault) {
    let wire: Wire
    do {
      wire = try JSONDecoder().decode(Wire.self, from: body)
    } catch DecodingError.dataCorrupted {
      throw .notJSON
    } catch DecodingError.keyNotFound(let key, let context) {
      throw .fields("Missing required parameter: '\(Self.name(context.codingPath + [key]))'.")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      throw .fields("Invalid type for '\(Self.name(context.codingPath))'.")
    } catch {
      throw .notJSON
    }
    guard !wire.messages.isEmpty else { throw .fields("'messages' is empty.") }
    guard wire.stream != true else { throw .fields("'stream' is not supported.") }
    model = wire.model
    userText = Self.text(of: wire.messages, roles: ["user"])
    systemText = Self.text(of: wire.messages, roles: ["system", "developer"])
    seed = wire.seed
    temperature = wire.temperature
    maximumTokens = (wire.maxCompletionTokens ?? wire.maxTokens).map { min(max($0, 0), Self.mostTokens) }
    format = try wire.responseFormat.map { format throws(Fault) in try Self.format(format) }
    if wire.logprobs == true { logProbabilities = min(max(wire.topLogprobs ?? 0, 0), 20) }
    listen(to: wire.messages.filter { $0.role == "user" }.flatMap { $0.content?.sounds ?? [] })
  }

  /// - Parameter sent: sounds in base64.
  private mutating func listen(to sent: [String]) {
    sentSounds = sent.count
    soundBytes = sent.reduce(0) { $0 + $1.utf8.count }
    for text in sent {
      guard let data = Data(base64Encoded: text), let heard = WaveSound([UInt8](data)) else { continue }
      sound = sound ?? heard
      soundSeconds += heard.seconds
    }
  }

  private static func format(_ wire: Wire.ResponseFormat) throws(Fault) -> Format {
    switch wire.type {
    case "text": return .text
    case "json_object": return .jsonObject
    case "json_schema":
      guard let form = wire.jsonSchema else {
        throw .fields("Missing required parameter: 'response_format.json_schema'.")
      }
      return .jsonSchema(only: form.schema?.value)
    default: throw .fields("Invalid value for 'response_format.type'.")
    }
  }

  private static func text(of messages: [Wire.Message], roles: [String]) -> String {
    messages.filter { roles.contains($0.role) }.compactMap(\.content?.text).joined(separator: "\n")
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}

/// The fields of the OpenAI API that are read.
private struct Wire: Decodable {
  struct Message: Decodable {
    var role: String
    var content: Content?
  }

  struct Content: Decodable {
    var text: String
    /// In base64.
    var sounds: [String] = []

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let whole = try? container.decode(String.self) {
        text = whole
      } else {
        let parts = try container.decode([Part].self)
        text = parts.compactMap(\.text).joined(separator: "\n")
        sounds = parts.compactMap { $0.sound?.data }
      }
    }
  }

  /// A text part, a sound, or one of another kind, which has neither.
  struct Part: Decodable {
    struct Sound: Decodable {
      var data: String
    }

    var text: String?
    var sound: Sound?

    enum CodingKeys: String, CodingKey {
      case text
      case sound = "input_audio"
    }
  }

  struct ResponseFormat: Decodable {
    struct JSONSchema: Decodable {
      var schema: OnlyLegalValue?
    }

    var type: String
    var jsonSchema: JSONSchema?

    enum CodingKeys: String, CodingKey {
      case type
      case jsonSchema = "json_schema"
    }
  }

  var model: String
  var messages: [Message]
  var seed: Int?
  var temperature: Double?
  var maxTokens: Int?
  var maxCompletionTokens: Int?
  var stream: Bool?
  var responseFormat: ResponseFormat?
  var logprobs: Bool?
  var topLogprobs: Int?

  enum CodingKeys: String, CodingKey {
    case model, messages, seed, temperature, stream, logprobs
    case responseFormat = "response_format"
    case topLogprobs = "top_logprobs"
    case maxTokens = "max_tokens"
    case maxCompletionTokens = "max_completion_tokens"
  }
}
