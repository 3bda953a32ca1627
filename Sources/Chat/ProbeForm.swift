/// Whether an endpoint keeps answers to a form, and where their text is.
///
/// The trap: prose is asked for, and a form is sent that allows no prose. The prompt says nothing of what the form
/// allows, so an answer of that form shows that it was kept.
struct ProbeForm {
  var schema: EndpointTraits.Finding<EndpointTraits.SchemaSupport>
  var jsonObject: EndpointTraits.Finding<EndpointTraits.Answer>
  var text: EndpointTraits.Finding<EndpointTraits.TextField>

  private typealias Finding = EndpointTraits.Finding

  /// Enough for a sentence, and for the thoughts before it of a model that thinks briefly.
  private static let maxTokens = 256
  /// OpenAI wants the word JSON in a request for a JSON object.
  private static let question = "What is rain? Answer in one short sentence of plain prose, not in JSON."

  static func ask(_ exchange: inout ProbeExchange, nonce: String) async throws(ChatError) -> ProbeForm {
    let trap = ResponseFormat.jsonSchema(name: "trap", schema: schema(allowing: nonce))
    let answer = try await exchange.ask([.text(question)], maxTokens: maxTokens, format: trap)
    var form = ProbeForm(
      schema: Finding(.unknown, answer.trouble), jsonObject: Finding(.unknown, answer.trouble),
      text: Finding(.unknown, answer.trouble))
    if case .answered(let reply, let response) = answer {
      form.text = textField(reply, expecting: nonce)
      form.schema = schemaSupport(reply, response.output, nonce: nonce, exchange)
      if response.output != .jsonSchema { form.jsonObject = objectSupport(reply, response.output, exchange) }
      if response.output != .jsonSchema { return form }
    }
    let second = try await exchange.ask([.text(question)], maxTokens: maxTokens, format: .jsonObject)
    if case .answered(let reply, let response) = second {
      form.jsonObject = objectSupport(reply, response.output, exchange)
      if form.text.value == .unknown { form.text = textField(reply, expecting: nonce) }
    } else {
      form.jsonObject = Finding(.unknown, second.trouble)
    }
    return form
  }

  /// An object, as some servers take no other schema at its top.
  private static func schema(allowing nonce: String) -> JSONValue {
    [
      "type": "object", "additionalProperties": false, "required": ["word"],
      "properties": ["word": ["type": "string", "enum": [.string(nonce)]]],
    ]
  }

  private static func schemaSupport(
    _ reply: ChatReply, _ output: StructuredOutput, nonce: String, _ exchange: ProbeExchange
  ) -> Finding<EndpointTraits.SchemaSupport> {
    guard output == .jsonSchema else { return Finding(.refused, exchange.lastFailure ?? "refused before") }
    let text = reply.words
    if text.contains(nonce) {
      return Finding(.enforced, "asked for prose, it gave the one word that the schema allows")
    }
    guard !text.isEmpty, !reply.isCutInThought else { return Finding(.unknown, emptiness(reply)) }
    return Finding(.ignored, "asked for prose, it wrote \(exchange.quote(text)) against the schema")
  }

  private static func objectSupport(
    _ reply: ChatReply, _ output: StructuredOutput, _ exchange: ProbeExchange
  ) -> Finding<EndpointTraits.Answer> {
    guard output == .jsonObject else { return Finding(.no, exchange.lastFailure ?? "refused before") }
    let text = reply.words.drop { $0.isWhitespace }
    guard let first = text.first, !reply.isCutInThought else { return Finding(.unknown, emptiness(reply)) }
    if first == "{" { return Finding(.yes, "asked for prose, it wrote an object") }
    return Finding(.no, "asked for prose, it wrote \(exchange.quote(String(text)))")
  }

  private static func textField(
    _ reply: ChatReply, expecting nonce: String
  ) -> Finding<EndpointTraits.TextField> {
    if !reply.text.isEmpty { return Finding(.content, "the answer was in content") }
    guard let reasoning = reply.reasoning else { return Finding(.unknown, emptiness(reply)) }
    guard reasoning.contains(nonce) || !reply.isCutInThought else {
      return Finding(.unknown, "the limit of \(maxTokens) tokens went into thinking")
    }
    return Finding(.reasoning, "content was empty, and the answer in the reasoning field")
  }

  private static func emptiness(_ reply: ChatReply) -> String {
    if let refusal = reply.refusal, !refusal.isEmpty { return "the model declined" }
    if reply.finishReason == "length" { return "the limit of \(maxTokens) tokens came before an answer" }
    return "the answer was empty"
  }
}

extension ChatReply {
  /// The text, or what stands in the field for reasoning where there is none.
  var words: String { text.isEmpty ? reasoning ?? "" : text }

  /// Whether the limit of tokens came before any text, so that `reasoning` is no answer.
  fileprivate var isCutInThought: Bool { text.isEmpty && finishReason == "length" }
}
