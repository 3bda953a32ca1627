import Yams

/// Reads one YAML document, without anchors and aliases, to values that know their lines.
struct YAMLReader {
  static let deepest = 32

  /// Where the text begins: a line of a file, or an override.
  let origin: Place

  func read(_ text: String) throws(PipelineError) -> PlacedValue {
    try refuseManyAliases(text)
    do {
      let parser = try Parser(yaml: text, encoding: .utf8)
      // The nodes' anchors are weak references into the parser.
      return try withExtendedLifetime(parser) {
        guard let root = try parser.singleRoot() else { return PlacedValue(content: .null, place: place(nil)) }
        return try value(of: root, depth: 0)
      }
    } catch let error as PipelineError {
      throw error
    } catch let error as YamlError {
      throw problem(error, in: text)
    } catch {
      throw .syntax(problem: "\(error)", column: nil, at: place(nil))
    }
  }

  // Yams hashes keys while it composes; a key made of aliases of aliases would take it for ever. Few aliases cannot.
  private func refuseManyAliases(_ text: String) throws(PipelineError) {
    var count = 0
    var line = 1
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if previous == UInt8(ascii: "*"), isNameByte(byte) {
        count += 1
        if count > 16 { throw .alias(at: place(line)) }
      }
      previous = byte
    }
  }

  private func value(of node: Node, depth: Int) throws(PipelineError) -> PlacedValue {
    let place = place(node.mark?.line)
    guard node.anchor == nil else { throw .alias(at: place) }
    guard depth < Self.deepest else { throw .tooDeep(at: place) }
    switch node {
    case .scalar(let scalar):
      return PlacedValue(content: content(scalar.string, isPlain: scalar.style == .plain), place: place)
    case .sequence(let sequence):
      var values: [PlacedValue] = []
      for element in sequence { values.append(try value(of: element, depth: depth + 1)) }
      return PlacedValue(content: .list(values), place: place)
    case .mapping(let mapping):
      return PlacedValue(content: .mapping(try entries(of: mapping, depth: depth)), place: place)
    case .alias:
      throw .alias(at: place)
    }
  }

  private func entries(of mapping: Node.Mapping, depth: Int) throws(PipelineError) -> [PlacedEntry] {
    var entries: [PlacedEntry] = []
    var seen: Set<String> = []
    for (keyNode, node) in mapping {
      let key = try value(of: keyNode, depth: depth + 1)
      guard let text = key.scalar else {
        throw .syntax(problem: "a key is \(key.shown), where a name is needed", column: nil, at: key.place)
      }
      guard seen.insert(text).inserted else { throw .duplicateKey(text, at: key.place) }
      entries.append(PlacedEntry(key: text, place: key.place, value: try value(of: node, depth: depth + 1)))
    }
    return entries
  }

  private func problem(_ error: YamlError, in text: String) -> PipelineError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
      syntax(problem, mark)
    case .composer(_, let problem, let mark, _):
      problem.contains("alias") ? .alias(at: place(mark.line)) : syntax(problem, mark)
    case .reader(let problem, let offset, _, _):
      .syntax(
        problem: problem, column: nil,
        at: place(offset.map { text.prefix($0).count { $0.isNewline } + 1 }))
    case .duplicatedKeysInMapping(let keys, let context):
      .duplicateKey(keys.first ?? "", at: place(context.mark.line))
    default:
      .syntax(problem: "\(error)", column: nil, at: place(nil))
    }
  }

  private func syntax(_ problem: String, _ mark: Mark) -> PipelineError {
    guard case .file = origin else { return .syntax(problem: problem, column: nil, at: origin) }
    return .syntax(problem: problem, column: mark.column, at: place(mark.line))
  }

  private func place(_ line: Int?) -> Place {
    switch origin {
    case .file(let path, let first): .file(path, line: line.map { $0 + (first ?? 1) - 1 })
    case .override: origin
    }
  }
}

/// What an unquoted or quoted text stands for: YAML 1.2's null, or the text.
func content(_ text: String, isPlain: Bool) -> PlacedValue.Content {
  isPlain && ["", "~", "null", "Null", "NULL"].contains(text) ? .null : .scalar(text, isPlain: isPlain)
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
    true
  default: false
  }
}
