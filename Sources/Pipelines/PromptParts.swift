/// A prompt file, cut at its `---` lines and role headings.
struct PromptParts {
  struct FrontMatter {
    var text: String
    var firstLine: Int
  }

  struct Message {
    var role: Prompt.Role
    var text: String
    var firstLine: Int
  }

  let frontMatter: FrontMatter
  private let path: String
  private let lines: [Substring]
  /// The index of the line after the front matter.
  private let start: Int

  init(_ text: String, path: String) throws(PipelineError) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(isRule) == true else { throw .prompt(.noFrontMatter, at: .file(path, line: 1)) }
    guard let end = lines.dropFirst().firstIndex(where: isRule) else {
      throw .prompt(.unclosedFrontMatter, at: .file(path, line: 1))
    }
    frontMatter = FrontMatter(text: lines[1..<end].joined(separator: "\n"), firstLine: 2)
    start = end + 1
  }

  func messages() throws(PipelineError) -> [Message] {
    var messages: [Message] = []
    var heading: (role: Prompt.Role, line: Int)?
    var first = start
    for index in start...lines.count {
      let role = index < lines.count ? try role(lines[index], at: .file(path, line: index + 1)) : nil
      guard role != nil || index == lines.count else { continue }
      let body = trimmed(first..<index)
      if let heading {
        guard !body.isEmpty else {
          throw .prompt(.emptyMessage(role: heading.role.rawValue), at: .file(path, line: heading.line))
        }
        messages.append(
          Message(role: heading.role, text: lines[body].joined(separator: "\n"), firstLine: body.lowerBound + 1))
      } else if !body.isEmpty {
        throw .prompt(.textBeforeRole, at: .file(path, line: body.lowerBound + 1))
      }
      if role == .system, heading != nil { throw .prompt(.misplacedSystem, at: .file(path, line: index + 1)) }
      heading = role.map { ($0, index + 1) }
      first = index + 1
    }
    guard messages.last?.role == .user else { throw .prompt(.noUserMessage, at: .file(path, line: nil)) }
    return messages
  }

  /// The role that a line is the heading of.
  private func role(_ line: Substring, at place: Place) throws(PipelineError) -> Prompt.Role? {
    guard line.hasPrefix("## ") else { return nil }
    let word = String(line.dropFirst(3).trimming(\.isWhitespace))
    if let role = Prompt.Role(rawValue: word) { return role }
    let nearest = nearestName(to: word, in: Prompt.Role.allCases.map(\.rawValue))
    if let nearest { throw .prompt(.unknownRole(word, nearest: nearest), at: place) }
    return nil
  }

  /// The range without blank lines at its ends.
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    let isText = { (index: Int) in !lines[index].allSatisfy(\.isWhitespace) }
    guard let start = range.first(where: isText), let end = range.last(where: isText) else {
      return range.lowerBound..<range.lowerBound
    }
    return start..<end + 1
  }
}

private func isRule(_ line: Substring) -> Bool {
  line.trimming(\.isWhitespace) == "---"
}
