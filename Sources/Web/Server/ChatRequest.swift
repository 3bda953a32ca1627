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
  var seed: Int?
  /// Upper bound of the answer's tokens.
  var maximumTokens: Int?

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
    sound =
      wire.messages.lazy.filter { $0.role == "user" }.flatMap { $0.content?.sounds ?? [] }
      .compactMap { Data(base64Encoded: $0).flatMap { WaveSound([UInt8]($0)) } }.first
    seed = wire.seed
    maximumTokens = wire.maxCompletionTokens ?? wire.maxTokens
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

  var model: String
  var messages: [Message]
  var seed: Int?
  var maxTokens: Int?
  var maxCompletionTokens: Int?
  var stream: Bool?

  enum CodingKeys: String, CodingKey {
    case model, messages, seed, stream
    case maxTokens = "max_tokens"
    case maxCompletionTokens = "max_completion_tokens"
  }
}
