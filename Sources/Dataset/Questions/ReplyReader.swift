/// Reads the questions out of the text of a chat reply.
///
/// The form asked for is `{"items": [{…}, …]}`. Where the text is anything else, questions are looked for in a code
/// fence, between other text, in a bare list or a single object, with commas too many, and in the part of a list before
/// the reply was cut off.
public enum ReplyReader {
  /// Items beyond these are not read.
  public static let mostItems = 64
  /// A longer reply is not read, in bytes.
  public static let longestReply = 1 << 20

  /// `finishReason` is the endpoint's: `length` says that the reply was cut off, `content_filter` that it was withheld.
  /// `refusal` is the text that endpoints give in place of the content.
  public static func read(_ content: String, finishReason: String? = nil, refusal: String? = nil) -> ReadReply {
    guard content.utf8.count <= longestReply else {
      return failed(.schema, "The reply has \(content.utf8.count) bytes; \(longestReply) are read.")
    }
    let bytes = Array(content.utf8)
    let isCut = finishReason == "length"
    if let value = try? JSONParser.parse(bytes), let items = items(of: value) {
      return reply(items, isCut: isCut, isSalvaged: value.member("items") == nil)
    }
    let found = salvaged(from: withoutThinking(bytes))
    if !found.items.isEmpty {
      return reply(found.items, isCut: isCut || found.isCut, isSalvaged: true)
    }
    if isCut || found.isCut { return failed(.truncated, "No whole question came before the end.") }
    if let refusal, !refusal.isEmpty { return failed(.refusal, "'\(shortened(refusal))'") }
    if finishReason == "content_filter" { return failed(.refusal, "The endpoint withheld the reply.") }
    if isRefusal(content) { return failed(.refusal, "'\(shortened(trimmed(content)))'") }
    let start = shortened(trimmed(content))
    return failed(.schema, start.isEmpty ? "The reply is empty." : "No questions in '\(start)'.")
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
    value.member("question", "stem") != nil && value.member("correct", "answer", "correct_answer") != nil
  }

  private static func failed(_ code: ReasonCode, _ detail: String) -> ReadReply {
    ReadReply(problem: Verdict(code: code, detail: detail))
  }

  private static func reply(_ values: [JSONValue], isCut: Bool, isSalvaged: Bool) -> ReadReply {
    var reply = ReadReply(items: values.prefix(mostItems).map { ReadItem($0) }, isSalvaged: isSalvaged)
    if values.count > mostItems {
      reply.problem = Verdict(code: .schema, detail: "\(values.count) items; the first \(mostItems) were read.")
    } else if isCut {
      reply.problem = Verdict(code: .truncated, detail: "\(values.count) whole items came before the end.")
    } else if values.isEmpty {
      reply.problem = Verdict(code: .schema, detail: "The list of items is empty.")
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
