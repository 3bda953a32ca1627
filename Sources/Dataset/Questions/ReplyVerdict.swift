/// What is to be done about a writer's reply.
///
/// A pure function of the reply and the schema, so that whoever has the stored answers can tell again which requests
/// followed from them. Whether the writer is asked once more, and how often, is for the caller to say.
public enum ReplyVerdict: Sendable, Equatable {
  /// It has questions. Items that could not be read are rejected alone, and a list that was cut off keeps what came.
  case usable(ReadReply)
  /// The writer may do better when it is told what is wrong, in these words; see ``RepairTurn``.
  case repair([String])
  /// The limit of tokens came before the first whole question: the same request may do with a larger one.
  case longer
  /// Asking again would not help.
  case hopeless(ReasonCode, detail: String)

  /// Raise it when the same reply would get another verdict or other words.
  public static let version = 1

  /// `text`, `finishReason` and `refusal` are what ``ReplyReader/read(_:finishReason:refusal:)`` takes; `schema` is the
  /// one that the request asked for.
  public init(_ text: String, finishReason: String? = nil, refusal: String? = nil, schema: SchemaCheck? = nil) {
    let reply = ReplyReader.read(text, finishReason: finishReason, refusal: refusal)
    let detail = reply.problem?.detail ?? ""
    switch reply.problem?.code {
    case _ where !reply.questions.isEmpty: self = .usable(reply)
    case let code? where code == .refusal || code == .contentFilter: self = .hopeless(code, detail: detail)
    case _ where ReplyEnding(finishReason) == .length: self = .longer
    // The prompt allows to write none where the captions carry none.
    case let code? where detail == ReplyReader.noItems: self = .hopeless(code, detail: detail)
    case let code? where text.utf8.count > ReplyReader.longestReply: self = .hopeless(code, detail: detail)
    default: self = .repair(Self.words(for: reply, text: text, schema: schema))
    }
  }

  /// What is wrong with a reply without a readable question, at most `SchemaCheck.mostProblems` things.
  private static func words(for reply: ReadReply, text: String, schema: SchemaCheck?) -> [String] {
    let bytes = Array(ReplyReader.withoutThinking(Array(text.utf8)))
    var reader = LooseJSON(bytes, at: bytes.firstIndex { "{[".utf8.contains($0) } ?? bytes.count)
    guard reader.position < bytes.count else {
      return [trimmed(text).isEmpty ? "The reply is empty." : "There is no JSON in the reply."]
    }
    do {
      let value = try reader.value()
      if let problems = schema?.problems(of: value), !problems.isEmpty { return problems }
    } catch {
      guard error != .ended else { return ["The JSON ends before it is whole."] }
      return ["This is not JSON from '\(ReplyReader.excerpt(of: bytes, at: reader.position))' on."]
    }
    let unreadable = reply.items.enumerated().compactMap { index, item -> String? in
      guard case .unreadable(let verdict) = item else { return nil }
      return "items[\(index)]: \(verdict.detail ?? "not readable")"
    }
    return unreadable.isEmpty ? ["There are no questions in it."] : Array(unreadable.prefix(SchemaCheck.mostProblems))
  }
}
