/// Turns the text of a template to segments, and resolves its variables.
struct TemplateParser {
  private let text: String
  private let file: String
  private var cursor: String.Index
  private var line: Int
  /// The lists whose items' fields are in reach, outermost first.
  private var scopes: [(path: String, variables: PromptVariables)]
  private(set) var used: Set<String> = []

  private static let deepest = 16

  init(text: String, file: String, firstLine: Int, variables: PromptVariables) {
    self.text = text
    self.file = file
    cursor = text.startIndex
    line = firstLine
    scopes = [("", variables)]
  }

  mutating func parse() throws(PipelineError) -> [PromptTemplate.Segment] {
    try segments(until: [])
  }

  private struct Tag {
    var sigil: Character?
    var name: String
    var line: Int
  }

  /// Segments up to the tag that closes the last of the `open` sections, or to the end.
  private mutating func segments(until open: [Tag]) throws(PipelineError) -> [PromptTemplate.Segment] {
    var segments: [PromptTemplate.Segment] = []
    while let tag = try nextTag(after: &segments) {
      switch tag.sigil {
      case "!": continue
      case "/":
        try checkClosing(tag, open)
        return segments
      case "#", "^": segments.append(try section(tag, in: open))
      default: segments.append(.variable(try resolve(tag, asList: false).reference))
      }
    }
    if let unclosed = open.last { throw problem(.unclosedSection(unclosed.name), unclosed.line) }
    return segments
  }

  private mutating func section(_ tag: Tag, in open: [Tag]) throws(PipelineError) -> PromptTemplate.Segment {
    guard open.count < Self.deepest else { throw .tooDeep(at: .file(file, line: tag.line)) }
    let resolved = try resolve(tag, asList: true)
    let isInverted = tag.sigil == "^"
    let opensScope = resolved.fields != nil && !isInverted
    if opensScope, let fields = resolved.fields { scopes.append((resolved.path + "[].", fields)) }
    let inner = try segments(until: open + [tag])
    if opensScope { scopes.removeLast() }
    return .section(resolved.reference, isInverted: isInverted, isList: resolved.fields != nil, inner)
  }

  private func checkClosing(_ tag: Tag, _ open: [Tag]) throws(PipelineError) {
    guard let last = open.last, open.contains(where: { $0.name == tag.name }) else {
      throw problem(.unopenedSection(tag.name), tag.line)
    }
    guard last.name == tag.name else { throw problem(.crossedSection(tag.name, open: last.name), tag.line) }
  }

  /// Finds the variable in the innermost scope that has it, and notes its use.
  private mutating func resolve(_ tag: Tag, asList: Bool) throws(PipelineError) -> (
    reference: PromptTemplate.Reference, path: String, fields: PromptVariables?
  ) {
    for (depth, scope) in scopes.enumerated().reversed() {
      let fields = scope.variables.lists[tag.name]
      guard fields != nil || scope.variables.plain.contains(tag.name) else { continue }
      guard asList || fields == nil else { throw problem(.listAsText(tag.name), tag.line) }
      let path = scope.path + tag.name
      used.insert(fields == nil ? path : path + "[]")
      return (PromptTemplate.Reference(name: tag.name, depth: depth, line: tag.line), path, fields)
    }
    let known = Set(scopes.flatMap(\.variables.names)).sorted()
    throw problem(.unknownVariable(tag.name, nearest: nearestName(to: tag.name, in: known), known: known), tag.line)
  }

  private func problem(_ problem: PromptProblem, _ line: Int) -> PipelineError {
    .prompt(problem, at: .file(file, line: line))
  }
}

// Finding tags.
extension TemplateParser {
  /// The next tag; the text before it is appended. At the end of the text, nil.
  private mutating func nextTag(after segments: inout [PromptTemplate.Segment]) throws(PipelineError) -> Tag? {
    guard let opening = text[cursor...].firstRange(of: "{{") else {
      append(text[cursor...], to: &segments)
      cursor = text.endIndex
      return nil
    }
    let tagLine = line + newlines(text[cursor..<opening.lowerBound])
    guard let closing = text[opening.upperBound...].firstRange(of: "}}") else {
      throw problem(.unclosedTag, tagLine)
    }
    let tag = try tag(text[opening.upperBound..<closing.lowerBound], line: tagLine)
    let whole = opening.lowerBound..<closing.upperBound
    let hidden = tag.sigil == nil ? whole : standalone(whole) ?? whole
    append(text[cursor..<max(cursor, hidden.lowerBound)], to: &segments)
    line += newlines(text[cursor..<hidden.upperBound])
    cursor = hidden.upperBound
    return tag
  }

  private func tag(_ content: Substring, line: Int) throws(PipelineError) -> Tag {
    guard let first = content.first else { throw problem(.badTag(""), line) }
    if first == "!" { return Tag(sigil: "!", name: "", line: line) }
    guard !"{&>=<$*".contains(first) else { throw problem(.unsupportedTag(String(content)), line) }
    let sigil = "#^/".contains(first) ? first : nil
    let name = String((sigil == nil ? content : content.dropFirst()).trimming(isBlank))
    guard isVariableName(name) else { throw problem(.badTag(String(content)), line) }
    return Tag(sigil: sigil, name: name, line: line)
  }

  /// The tag with the rest of its line, where there is nothing else on it.
  private func standalone(_ tag: Range<String.Index>) -> Range<String.Index>? {
    var start = tag.lowerBound
    while start > text.startIndex, text[text.index(before: start)] != "\n" {
      start = text.index(before: start)
      guard isBlank(text[start]) else { return nil }
    }
    let end = text[tag.upperBound...].firstIndex { !isBlank($0) }
    guard let end else { return start..<text.endIndex }
    return text[end] == "\n" ? start..<text.index(after: end) : nil
  }

  private func append(_ literal: Substring, to segments: inout [PromptTemplate.Segment]) {
    if !literal.isEmpty { segments.append(.text(String(literal))) }
  }
}

private func isBlank(_ character: Character) -> Bool {
  character == " " || character == "\t"
}

private func newlines(_ text: Substring) -> Int {
  text.utf8.count { $0 == UInt8(ascii: "\n") }
}

extension StringProtocol {
  /// Without the characters of a kind at both ends.
  func trimming(_ isTrimmed: (Character) -> Bool) -> SubSequence {
    guard let start = firstIndex(where: { !isTrimmed($0) }), let end = lastIndex(where: { !isTrimmed($0) }) else {
      return self[startIndex..<startIndex]
    }
    return self[start...end]
  }
}
