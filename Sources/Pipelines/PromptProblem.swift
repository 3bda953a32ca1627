/// What can be wrong with a prompt file, or with what it is given.
public enum PromptProblem: Sendable, Equatable {
  case noFrontMatter
  case unclosedFrontMatter
  case badVariableName(String)
  case schemaWithoutName
  case textBeforeRole
  case unknownRole(String, nearest: String)
  case misplacedSystem
  case emptyMessage(role: String)
  case noUserMessage

  case unclosedTag
  case badTag(String)
  case unsupportedTag(String)
  case unclosedSection(String)
  case unopenedSection(String)
  /// `open` is the section that should have been closed first.
  case crossedSection(String, open: String)

  case unknownVariable(String, nearest: String?, known: [String])
  case unusedVariable(String)
  case listAsText(String)
  case wrongStage(String, wanted: String)
  case notOffered(String, stage: String, nearest: String?, known: [String])
  case notGiven(String)
  /// `given` and `wanted` are kinds, as in "a list".
  case wrongKind(String, given: String, wanted: String)
}

extension PromptProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noFrontMatter: "no front matter. Begin the file with a '---' line, name, for and expects, and '---'."
    case .unclosedFrontMatter: "the front matter does not end. Put a '---' line before the first role."
    case .badVariableName(let name):
      "'\(excerpt(name))' is not a variable. Write a name, or list[].field for a field of a list's items."
    case .schemaWithoutName: "a schema needs a name. Add 'schema_name'."
    case .textBeforeRole: "text before the first role. Put it under '## system' or '## user'."
    case .unknownRole(let role, let nearest): "unknown role '\(excerpt(role))'. Did you mean '\(nearest)'?"
    case .misplacedSystem: "'## system' stands after another role. Put it first, and only once."
    case .emptyMessage(let role): "'## \(role)' has no text. Write some, or remove the heading."
    case .noUserMessage: "the last role is not '## user', which a model answers. Add one at the end."
    case .unclosedTag: "'{{' without '}}'. Close the tag."
    case .badTag(let text):
      "'{{\(excerpt(text))}}' is not a tag. Write {{name}}, {{#list}}, {{^list}}, {{/list}} or {{! comment }}."
    case .unsupportedTag(let text):
      "'{{\(excerpt(text))}}' is a tag that is not read: there are no partials, lambdas, escapes or delimiters."
    case .unclosedSection(let name): "section '\(name)' is not closed. Add {{/\(name)}}."
    case .unopenedSection(let name): "{{/\(name)}} closes a section that is not open. Remove it."
    case .crossedSection(let name, let open): "{{/\(name)}} stands where '\(open)' is open. Close '\(open)' first."
    case .unknownVariable(let name, let nearest, let known):
      "unknown variable '\(name)'. \(suggestion(nearest, known: known, none: "Add it to 'expects'."))"
    case .unusedVariable(let name): "'\(name)' is expected but never used. Use it, or take it off 'expects'."
    case .listAsText(let name): "'\(name)' is a list. Write {{#\(name)}} ... {{/\(name)}} around the text of one item."
    case .wrongStage(let stage, let wanted): "a prompt for '\(excerpt(stage))', not for '\(wanted)'. Use another one."
    case .notOffered(let name, let stage, let nearest, let known):
      "stage '\(stage)' gives no '\(name)'. \(suggestion(nearest, known: known, none: "Take it off 'expects'."))"
    case .notGiven(let name): "no value was given for '\(name)'."
    case .wrongKind(let name, let given, let wanted): "'\(name)' is \(given), where \(wanted) is needed."
    }
  }
}
