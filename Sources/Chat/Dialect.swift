import Synchronization
import Transfer

/// What in a request differs with how an endpoint wants to be asked.
public struct Spelling: Sendable, Equatable {
  public var output: StructuredOutput
  /// Whether the limit of tokens, where there is one, goes by the name `max_tokens`.
  public var limitsByOldName: Bool

  public init(output: StructuredOutput, limitsByOldName: Bool) {
    (self.output, self.limitsByOldName) = (output, limitsByOldName)
  }

  init(_ request: ChatRequest) {
    self.init(output: request.output, limitsByOldName: request.maxTokens != nil)
  }
}

/// How an endpoint wants to be asked, model by model: as a probe found it, and as it turned out. The form of structured
/// output that is worth asking for, and the name of the limit of tokens.
final class Dialect: Sendable {
  private struct State {
    var strictest: [String: StructuredOutput] = [:]
    var completionTokens: Set<String> = []
  }
  private let state = Mutex(State())

  /// A request as it is to go out. Only names and forms differ: what is asked, and how much may be written, does not.
  func spelled(_ request: ChatRequest) -> ChatRequest {
    let (strictest, wantsNewName) = state.withLock {
      ($0.strictest[request.model], $0.completionTokens.contains(request.model))
    }
    var spelled = request
    if let strictest, request.output.isStronger(than: strictest) { spelled = request.asking(for: strictest) }
    if wantsNewName, let limit = spelled.maxTokens {
      spelled.maxTokens = nil
      spelled.maxCompletionTokens = spelled.maxCompletionTokens ?? limit
    }
    return spelled
  }

  /// Whether a request to `model` that was spelled so can be put in another way after this refusal, which is remembered.
  func learns(from status: Int, _ body: [UInt8], of spelling: Spelling, by model: String) -> Bool {
    guard status == 400 || status == 422 else { return false }
    let words = String(decoding: body.prefix(1 << 14), as: UTF8.self).lowercased()
    if spelling.limitsByOldName, words.contains("max_completion_tokens") {
      state.withLock { _ = $0.completionTokens.insert(model) }
      return true
    }
    guard let weaker = spelling.output.weaker, Self.complaints.contains(where: { words.contains($0) }) else {
      return false
    }
    limit(model, to: weaker)
    return true
  }

  func learns(from refusal: HTTPResponse, of request: ChatRequest) -> Bool {
    learns(from: refusal.status, refusal.body, of: Spelling(request), by: request.model)
  }

  /// Takes over what a probe found of the model that it asked.
  func learn(_ traits: EndpointTraits) {
    if let strictest = traits.strictestOutput { limit(traits.model, to: strictest) }
    if traits.wantsCompletionTokens.value == .yes {
      state.withLock { _ = $0.completionTokens.insert(traits.model) }
    }
  }

  /// Never back to a stronger form: a refusal is as good as what a probe saw.
  private func limit(_ model: String, to output: StructuredOutput) {
    state.withLock { state in
      if let known = state.strictest[model], !known.isStronger(than: output) { return }
      state.strictest[model] = output
    }
  }

  /// Of the form that was asked for, and not of the request for another reason.
  private static let complaints = [
    "response_format", "response format", "json_schema", "json schema", "json_object", "json mode", "structured output",
  ]
}

extension StructuredOutput {
  func isStronger(than other: StructuredOutput) -> Bool {
    let order = Self.allCases
    return order.firstIndex(of: self) ?? 0 < order.firstIndex(of: other) ?? 0
  }
}
