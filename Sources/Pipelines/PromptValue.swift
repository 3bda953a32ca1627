/// What a prompt's variable stands for. It is data: braces in it mean nothing.
public enum PromptValue: Sendable, Hashable {
  case text(String)
  case number(Int)
  /// Shows or hides a section.
  case flag(Bool)
  /// A section is written once for each record, whose fields are variables in it.
  case list([[String: PromptValue]])

  var kind: String {
    switch self {
    case .text: "a text"
    case .number: "a number"
    case .flag: "a flag"
    case .list: "a list"
    }
  }
}
