/// A text with holes: `{{name}}`, `{{#list}}...{{/list}}` once for each item, `{{^list}}...{{/list}}` where there is
/// none, `{{! comment }}`. Sections also show and hide by a flag. A line that holds nothing but the tag of a section or
/// a comment vanishes. Nothing is escaped.
// By hand rather than with swift-mustache: there a missing variable is an empty text, and here it must be an error with
// its file and line, found before the first request is paid for.
public struct PromptTemplate: Sendable, Equatable {
  indirect enum Segment: Sendable, Equatable {
    case text(String)
    case variable(Reference)
    case section(Reference, isInverted: Bool, isList: Bool, [Segment])
  }

  /// A variable's use, resolved where it stands.
  struct Reference: Sendable, Equatable {
    var name: String
    /// The list whose items have it: 0 is what the prompt is given, 1 the outermost list around it, and so on.
    var depth: Int
    var line: Int
  }

  let file: String
  let segments: [Segment]
  /// The paths of the variables that it uses.
  let used: Set<String>

  /// `firstLine` is the line of the file at which the text begins. Throws for a tag that is not one, for sections that
  /// do not match, and for a variable that is not among those expected.
  public init(
    _ text: String, file: String, firstLine: Int = 1, expects variables: PromptVariables
  ) throws(PipelineError) {
    self.file = file
    var parser = TemplateParser(text: text, file: file, firstLine: firstLine, variables: variables)
    segments = try parser.parse()
    used = parser.used
  }

  /// The text with its holes filled. Throws for a value that is missing or not of the kind that its place needs.
  public func render(_ values: [String: PromptValue]) throws(PipelineError) -> String {
    var text = ""
    try render(segments, [values], into: &text)
    return text
  }

  private func render(
    _ segments: [Segment], _ scopes: [[String: PromptValue]], into text: inout String
  ) throws(PipelineError) {
    for segment in segments {
      switch segment {
      case .text(let literal): text += literal
      case .variable(let reference): text += try inserted(reference, scopes)
      case .section(let reference, let isInverted, true, let inner):
        let items = try items(reference, scopes)
        guard !isInverted else {
          if items.isEmpty { try render(inner, scopes, into: &text) }
          continue
        }
        for item in items { try render(inner, scopes + [item], into: &text) }
      case .section(let reference, let isInverted, false, let inner):
        if try flag(reference, scopes) != isInverted { try render(inner, scopes, into: &text) }
      }
    }
  }

  private func inserted(_ reference: Reference, _ scopes: [[String: PromptValue]]) throws(PipelineError) -> String {
    switch try value(reference, scopes) {
    case .text(let text): text
    case .number(let number): String(number)
    case let other: throw wrongKind(reference, other, wanted: "a text or a number")
    }
  }

  private func items(
    _ reference: Reference, _ scopes: [[String: PromptValue]]
  ) throws(PipelineError) -> [[String: PromptValue]] {
    let value = try value(reference, scopes)
    guard case .list(let items) = value else { throw wrongKind(reference, value, wanted: "a list") }
    return items
  }

  private func flag(_ reference: Reference, _ scopes: [[String: PromptValue]]) throws(PipelineError) -> Bool {
    let value = try value(reference, scopes)
    guard case .flag(let isOn) = value else { throw wrongKind(reference, value, wanted: "a flag") }
    return isOn
  }

  private func value(_ reference: Reference, _ scopes: [[String: PromptValue]]) throws(PipelineError) -> PromptValue {
    guard let value = scopes[reference.depth][reference.name] else {
      throw .prompt(.notGiven(reference.name), at: .file(file, line: reference.line))
    }
    return value
  }

  private func wrongKind(_ reference: Reference, _ value: PromptValue, wanted: String) -> PipelineError {
    .prompt(
      .wrongKind(reference.name, given: value.kind, wanted: wanted), at: .file(file, line: reference.line))
  }
}
