/// Reads the questions out of the text of a chat reply.
///
/// The form asked for is `{"items": [{…}, …]}`. Where the text is anything else, questions are looked for in code
/// fences, between other text, in a bare list or a single object or inside other objects, with the slips that
/// `LooseJSON` takes, and in the part of a list before the reply was cut off. Nothing is made up: an item is read as
/// it was written, or counts as unreadable.
public enum ReplyReader {
  /// Items beyond these are not read.
  public static let mostItems = 64
  /// A longer reply is not read, in bytes.
  public static let longestReply = 1 << 20
  /// What is said of a writer that found nothing to ask.
  static let noItems = "The list of items is empty."

  /// `finishReason` is the endpoint's: `length` says that the reply was cut off, `content_filter` that it was withheld.
  /// `refusal` is the text that endpoints give in place of the content.
  public static func read(_ content: String, finishReason: String? = nil, refusal: String? = nil) -> ReadReply {
    guard content.utf8.count <= longestReply else {
      return failed(.schema, "The reply has \(content.utf8.count) bytes; \(longestReply) are read.")
    }
    let bytes = Array(content.utf8)
    let ending = ReplyEnding(finishReason)
    if let value = try? JSONParser.parse(bytes), let items = items(of: value) {
      let read = items.prefix(mostItems).map { ReadItem($0) }
      return reply(read, of: items.count, ending, isCut: false, isSalvaged: value.member("items") == nil)
    }
    let answer = withoutThinking(bytes)
    let found = salvaged(from: Array(answer))
    if !found.items.isEmpty {
      return reply(found.items, of: found.count, ending, isCut: found.isCut, isSalvaged: true)
    }
    let text = answer.count == bytes.count ? content : String(decoding: answer, as: UTF8.self)
    return empty(text, ending, endsEarly: found.endsEarly || (answer.isEmpty && !bytes.isEmpty), refusal: refusal)
  }

  /// The values in a JSON value that stand for questions: a list of objects, under a known name or alone, or one
  /// object.
  static func items(of value: JSONValue) -> [JSONValue]? {
    if let list = value.member("items", "questions") { return list.elements }
    switch value {
    case .array(let elements): return elements.contains { isItem($0) } ? elements : nil
    case .object: return isItem(value) ? [value] : nil
    default: return nil
    }
  }

  private static func isItem(_ value: JSONValue) -> Bool {
    value.member("question", "stem")?.string != nil && value.member("correct", "answer", "correct_answer") != nil
  }

  private static func failed(_ code: ReasonCode, _ detail: String) -> ReadReply {
    ReadReply(problem: Verdict(code: code, detail: detail))
  }

  /// Why there is no question in `text`.
  private static func empty(_ text: String, _ ending: ReplyEnding, endsEarly: Bool, refusal: String?) -> ReadReply {
    if let refusal, !refusal.isEmpty { return failed(.refusal, "'\(shortened(refusal))'") }
    if ending == .filter { return failed(.contentFilter, "The endpoint withheld the reply.") }
    if ending == .length { return failed(.truncated, "No whole question came before the end.") }
    let start = shortened(trimmed(text))
    if isRefusal(text) { return failed(.refusal, "'\(start)'") }
    if endsEarly { return failed(.truncated, "No whole question came before the end.") }
    return failed(.schema, start.isEmpty ? "The reply is empty." : "No questions in '\(start)'.")
  }

  private static func reply(
    _ items: [ReadItem], of count: Int, _ ending: ReplyEnding, isCut: Bool, isSalvaged: Bool
  ) -> ReadReply {
    var reply = ReadReply(items: items, isSalvaged: isSalvaged)
    let whole = "\(count) whole items came before the end."
    if count > mostItems {
      reply.problem = Verdict(code: .schema, detail: "\(count) items; the first \(mostItems) were read.")
    } else if ending == .filter {
      reply.problem = Verdict(code: .contentFilter, detail: whole)
    } else if isCut || ending == .length {
      reply.problem = Verdict(code: .truncated, detail: whole)
    } else if count == 0 {
      reply.problem = Verdict(code: .schema, detail: noItems)
    }
    return reply
  }

  private static func isRefusal(_ content: String) -> Bool {
    let start = content.prefix(400).lowercased().replacing("\u{2019}", with: "'")
    return refusals.contains { start.contains($0) }
  }

  private static let refusals = [
    "i'm sorry", "i am sorry", "i apologize", "i cannot", "i can't", "i'm not able to", "i am not able to",
    "i'm unable", "i am unable", "i won't", "i will not", "cannot comply", "can't comply", "cannot fulfill",
    "can't assist", "cannot assist", "as an ai",
  ]
}
