import Synchronization
import Transfer

/// Which form of structured output is worth asking an endpoint for, model by model: as a probe found it, and as it
/// turned out.
final class FormatMemory: Sendable {
  private let strictest = Mutex<[String: StructuredOutput]>([:])

  /// What to ask of `model` when `wanted` is wished for.
  func best(_ wanted: StructuredOutput, for model: String) -> StructuredOutput {
    guard let strictest = strictest.withLock({ $0[model] }), wanted.isStronger(than: strictest) else { return wanted }
    return strictest
  }

  /// Remembers that `model` was refused `output`; nothing as strong will be asked of it again.
  func remember(refused output: StructuredOutput, by model: String) {
    if let weaker = output.weaker { limit(model, to: weaker) }
  }

  /// Takes over what a probe found of the model that it asked.
  func learn(_ traits: EndpointTraits) {
    if let strictest = traits.strictestOutput { limit(traits.model, to: strictest) }
  }

  /// Never back to a stronger form: a refusal is as good as what a probe saw.
  private func limit(_ model: String, to output: StructuredOutput) {
    strictest.withLock { strictest in
      if let known = strictest[model], !known.isStronger(than: output) { return }
      strictest[model] = output
    }
  }

  /// Whether an answer refuses the form that was asked for, and not the request for another reason.
  static func isComplaint(_ response: HTTPResponse) -> Bool {
    guard response.status == 400 || response.status == 422 else { return false }
    let text = String(decoding: response.body.prefix(1 << 14), as: UTF8.self).lowercased()
    let words = [
      "response_format", "response format", "json_schema", "json schema", "json_object", "json mode",
      "structured output",
    ]
    return words.contains { text.contains($0) }
  }
}

extension StructuredOutput {
  func isStronger(than other: StructuredOutput) -> Bool {
    let order = Self.allCases
    return order.firstIndex(of: self) ?? 0 < order.firstIndex(of: other) ?? 0
  }
}
