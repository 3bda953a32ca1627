/// The two turns that are added to a conversation whose last reply was of no use: the reply, and what is wrong with it.
///
/// A pure function of both, so equal replies lead to equal requests.
public struct RepairTurn: Sendable, Equatable {
  /// Of a longer reply the beginning and the end are repeated, in characters (Unicode scalars).
  public static let longestQuote = 6_000
  /// Raise it when the words change, for they make other requests.
  public static let version = 1

  /// What the writer said.
  public let assistant: String
  /// What it is told.
  public let user: String

  /// `problems` as ``ReplyVerdict/repair(_:)`` gives them.
  public init(reply: String, problems: [String]) {
    assistant = Self.quote(reply)
    user = """
      This reply cannot be used:
      \(problems.prefix(SchemaCheck.mostProblems).map { "- \($0)" }.joined(separator: "\n"))

      Write the whole reply again without these faults: JSON only, in the form that was asked for, with nothing before \
      or after it.
      """
  }

  /// Servers refuse turns without text.
  private static func quote(_ reply: String) -> String {
    let reply = trimmed(reply)
    guard !reply.isEmpty else { return "(nothing)" }
    let characters = reply.unicodeScalars
    guard characters.count > longestQuote else { return reply }
    let (head, tail) = (characters.prefix(longestQuote * 3 / 4), characters.suffix(longestQuote / 4))
    return "\(String(head))\n[…]\n\(String(tail))"
  }
}
