import Foundation

/// The body of a completion request with one user message.
func chatBody(_ text: String, seed: Int? = nil, system: String? = nil, maximumTokens: Int? = nil) throws -> Data {
  struct Body: Encodable {
    struct Message: Encodable {
      var role: String
      var content: String
    }
    var model = "stand-in"
    var messages: [Message]
    var seed: Int?
    var maxTokens: Int?
  }
  let system = system.map { [Body.Message(role: "system", content: $0)] } ?? []
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  encoder.keyEncodingStrategy = .convertToSnakeCase
  return try encoder.encode(
    Body(messages: system + [.init(role: "user", content: text)], seed: seed, maxTokens: maximumTokens))
}
