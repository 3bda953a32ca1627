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

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let whole = try? container.decode(String.self) {
        text = whole
      } else {
        text = try container.decode([Part].self).compactMap(\.text).joined(separator: "\n")
      }
    }
  }

  /// A text part, or one of another kind, whose `text` is `nil`.
  struct Part: Decodable {
    var text: String?
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
