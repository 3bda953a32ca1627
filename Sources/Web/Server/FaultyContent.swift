extension StandInFault {
  /// What a model that goes wrong in this way writes in place of `content`. `body` is the hash of the request's body.
  func spoiled(_ content: String, body: UInt64) -> String {
    switch self {
    case .wrongJSON: Self.wrongJSON(content, body: body)
    case .schemaIgnored: body % 2 == 0 ? Self.otherShape : Self.prose
    case .fenced: "```json\n\(content)\n```"
    case .trailingComma: Self.withTrailingComma(content)
    case .wrapped: "Sure! Here is what you asked for:\n\n\(content)\n\nLet me know if you need anything else."
    case .contentFilter: ""
    default: content
    }
  }

  private static func wrongJSON(_ content: String, body: UInt64) -> String {
    switch body % 3 {
    case 0: "Sure! Here are some questions about the recording you described."
    case 1: String(decoding: content.utf8.prefix(min(40, content.utf8.count / 2)), as: UTF8.self) + " ..."
    default: "{\"items\":\"none\"}"
    }
  }

  private static let otherShape =
    #"{"quiz":[{"q":"What is heard?","options":{"A":"Rain","B":"A bell","C":"A dog"},"key":"B"}],"total":1}"#

  private static let prose = """
    1. What is heard in the recording?
    A) Rain
    B) A bell
    C) A dog

    Answer: B
    """

  /// A comma before the brackets that close everything; one that would follow an opening bracket goes further out.
  private static func withTrailingComma(_ content: String) -> String {
    var rest = content[...]
    while let last = rest.last, "]}".contains(last), let before = rest.dropLast().last, !"[{".contains(before) {
      rest.removeLast()
    }
    let closing = content[rest.endIndex...]
    if closing.isEmpty { return content }
    return "\(rest),\(closing)"
  }
}
