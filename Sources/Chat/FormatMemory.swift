import Synchronization
import Transfer

/// Which form of structured output an endpoint turned out to accept, model by model.
final class FormatMemory: Sendable {
  private let refused = Mutex<[String: StructuredOutput]>([:])

  /// What to ask of `model` when `wanted` is wished for.
  func best(_ wanted: StructuredOutput, for model: String) -> StructuredOutput {
    guard let weaker = refused.withLock({ $0[model] })?.weaker else { return wanted }
    return wanted.isStronger(than: weaker) ? weaker : wanted
  }

  /// Remembers that `model` was refused `output`; nothing as strong will be asked of it again.
  func remember(refused output: StructuredOutput, by model: String) {
    refused.withLock { refused in
      guard let known = refused[model], !known.isStronger(than: output) else {
        refused[model] = output
        return
      }
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
