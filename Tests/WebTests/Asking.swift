@testable import Web

/// The stand-in writer's questions for a user message.
func questions(_ text: String, seed: Int? = nil) throws -> [QuestionItem] {
  QuestionGrammar().items(for: try chatRequest(text, seed: seed))
}

func chatRequest(_ text: String, seed: Int? = nil, system: String? = nil) throws -> ChatRequest {
  try ChatRequest(body: chatBody(text, seed: seed, system: system))
}
