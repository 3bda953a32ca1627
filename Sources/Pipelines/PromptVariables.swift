/// The variables that a prompt may use: names, and lists whose items have fields.
public struct PromptVariables: Sendable, Equatable {
  /// Variables that are not lists.
  private(set) var plain: Set<String> = []
  private(set) var lists: [String: PromptVariables] = [:]

  /// From paths such as "questions", "captions[].text" and "labels[]".
  public init(_ paths: [String], at place: Place) throws(PipelineError) {
    for path in paths { try add(path, at: place) }
  }

  private init() {}

  mutating func add(_ path: String, at place: Place) throws(PipelineError) {
    let steps = path.split(separator: "[]", omittingEmptySubsequences: false)
    let names = [String(steps[0])] + steps.dropFirst().map { String($0.hasPrefix(".") ? $0.dropFirst() : "-") }
    let isList = path.hasSuffix("[]")
    guard (isList ? names.dropLast() : names[...]).allSatisfy(isVariableName), names.count <= 8 else {
      throw .prompt(.badVariableName(path), at: place)
    }
    insert(isList ? names.dropLast() : names[...], isList: isList)
    guard plain.isDisjoint(with: lists.keys) else { throw .prompt(.badVariableName(path), at: place) }
  }

  private mutating func insert(_ names: ArraySlice<String>, isList: Bool) {
    guard let name = names.first else { return }
    if names.count == 1, !isList {
      plain.insert(name)
    } else {
      lists[name, default: PromptVariables()].insert(names.dropFirst(), isList: isList)
    }
  }

  var names: [String] { plain.union(lists.keys).sorted() }

  /// All as paths, in alphabetical order; a list with fields is named by them.
  var paths: [String] {
    let nested = lists.flatMap { name, fields in
      fields.names.isEmpty ? ["\(name)[]"] : fields.paths.map { "\(name)[].\($0)" }
    }
    return plain.union(nested).sorted()
  }
}

func isVariableName(_ text: String) -> Bool {
  text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,63}/) != nil
}
