import Crypto

/// A prompt file: what it is for and which variables it expects, then its messages.
///
/// YAML front matter between `---` lines with `name`, `for` (the stage), `expects` (names, or `list[].field`), and
/// optionally `schema` (a JSON schema of the reply, as YAML) with `schema_name`; then a heading for each message,
/// `## system`, `## user` or `## assistant`, with its template below.
public struct Prompt: Sendable, Equatable {
  public enum Role: String, Sendable, CaseIterable {
    case system, user, assistant
  }

  /// A message before or, as `rendered`, after its holes are filled.
  public struct Message<Text: Sendable & Equatable>: Sendable, Equatable {
    public let role: Role
    public let text: Text
  }

  public let path: String
  public let name: String
  /// The stage that it is written for.
  public let stage: String
  public let expects: PromptVariables
  public let messages: [Message<PromptTemplate>]
  /// JSON text with sorted keys.
  public let schema: String?
  public let schemaName: String?
  /// SHA-256 of the file's bytes in lower-case hexadecimal; CRLF counts as LF.
  public let hash: String

  private let expectsPlace: Place

  public init(path: String) throws(PipelineError) {
    let file = try TextFile(path: path)
    let parts = try PromptParts(file.text, path: path)
    let matter = try PromptFrontMatter(parts.frontMatter, path: path)
    self.path = path
    name = matter.name
    stage = matter.stage
    expects = matter.expects
    expectsPlace = matter.expectsPlace
    schema = matter.schema
    schemaName = matter.schemaName
    hash = SHA256.hash(data: file.bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    var messages: [Message<PromptTemplate>] = []
    for part in try parts.messages() {
      let template = try PromptTemplate(part.text, file: path, firstLine: part.firstLine, expects: matter.expects)
      messages.append(Message(role: part.role, text: template))
    }
    self.messages = messages
    let used = messages.reduce(into: Set<String>()) { $0.formUnion($1.text.used) }
    if let unused = expects.paths.first(where: { !used.contains($0) }) {
      throw .prompt(.unusedVariable(unused), at: expectsPlace)
    }
  }

  /// Throws unless the prompt is for the stage and expects only variables that the stage gives, written as in
  /// `expects`. To be called before the first item is worked on.
  public func check(stage wanted: String, gives offered: [String]) throws(PipelineError) {
    guard stage == wanted else { throw .prompt(.wrongStage(stage, wanted: wanted), at: .file(path, line: nil)) }
    let isOffered = { (path: String) in
      offered.contains { $0 == path || (path.hasSuffix("[]") && $0.hasPrefix(path)) }
    }
    guard let missing = expects.paths.first(where: { !isOffered($0) }) else { return }
    throw .prompt(
      .notOffered(missing, stage: wanted, nearest: nearestName(to: missing, in: offered), known: offered.sorted()),
      at: expectsPlace)
  }

  /// The messages with their holes filled, without blank lines at their ends. Values that the prompt does not expect
  /// are left out.
  public func render(_ values: [String: PromptValue]) throws(PipelineError) -> [Message<String>] {
    var rendered: [Message<String>] = []
    for message in messages {
      let text = try message.text.render(values)
      rendered.append(Message(role: message.role, text: String(text.trimming(\.isNewline))))
    }
    return rendered
  }
}
