/// One walk over a value beside a schema. Each part of the value is looked at once for each part of the schema that is
/// about it, and the walk ends at the tenth problem.
struct SchemaInspection {
  private(set) var problems: [String] = []

  private var isOver: Bool { problems.count >= SchemaCheck.mostProblems }

  mutating func look(at value: JSONValue, by node: SchemaNode, path: String) {
    guard !isOver else { return }
    switch node {
    case .anything: return
    case .nothing: note(path, "does not belong here, leave it out")
    case .rules(let rules): look(at: value, by: rules, path: path)
    }
  }

  private mutating func look(at value: JSONValue, by rules: SchemaRules, path: String) {
    guard rules.kinds.isEmpty || rules.kinds.contains(where: { value.fits($0) }) else {
      let wanted = rules.kinds.map(\.words).joined(separator: " or ")
      return note(path, "\(value.kind), \(wanted) is wanted")
    }
    if let allowed = rules.allowed, !allowed.contains(where: { value.isSame(as: $0) }) {
      return note(path, "\(value.shown), \(Self.list(allowed)) is wanted")
    }
    if !rules.anyOf.isEmpty { lookForOne(of: rules.anyOf, value, path: path) }
    switch value {
    case .object(let members): look(at: members, by: rules, path: path)
    case .array(let elements): look(at: elements, by: rules, path: path)
    case .string(let text):
      if rules.length != SchemaBounds() { measure(text.unicodeScalars.count, "character", rules.length, path: path) }
    case .number:
      if let number = value.finiteNumber, !rules.number.contains(number) {
        note(path, "\(value.shown), \(rules.number.words) is wanted")
      }
    case .null, .bool: break
    }
  }

  private mutating func look(at members: [JSONMember], by rules: SchemaRules, path: String) {
    let names = Set(members.map(\.name))
    for name in rules.required where !names.contains(name) { note(Self.joined(path, name), "missing") }
    for member in members where !isOver {
      let node = rules.properties[member.name] ?? rules.additional
      if case .anything = node { continue }
      look(at: member.value, by: node, path: Self.joined(path, member.name))
    }
  }

  private mutating func look(at elements: [JSONValue], by rules: SchemaRules, path: String) {
    measure(elements.count, "entry", rules.itemCount, path: path)
    guard rules.items != .anything else { return }
    for (index, element) in elements.enumerated() where !isOver {
      look(at: element, by: rules.items, path: "\(path)[\(index)]")
    }
  }

  /// The problems of the first form are as good as any: a writer most often means that one.
  private mutating func lookForOne(of forms: [SchemaNode], _ value: JSONValue, path: String) {
    var first: [String] = []
    for (index, form) in forms.enumerated() {
      var inspection = SchemaInspection()
      inspection.look(at: value, by: form, path: path)
      if inspection.problems.isEmpty { return }
      if index == 0 { first = inspection.problems }
    }
    note(path, "none of the \(forms.count) forms allowed")
    problems += first.prefix(SchemaCheck.mostProblems - problems.count)
  }

  private mutating func measure(_ count: Int, _ unit: String, _ bounds: SchemaBounds, path: String) {
    guard !bounds.contains(Double(count)) else { return }
    let units = count == 1 ? unit : unit == "entry" ? "entries" : unit + "s"
    let verb = bounds.least == 1 || bounds.most == 1 ? "is" : "are"
    note(path, "\(count) \(units), \(bounds.words) \(verb) wanted")
  }

  private mutating func note(_ path: String, _ words: String) {
    if !isOver { problems.append("\(path.isEmpty ? "the reply" : path): \(words)") }
  }

  private static func joined(_ path: String, _ name: String) -> String {
    let isPlain = name.utf8.count <= 40 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") }
    let shown = isPlain ? name : "'\(shortened(name))'"
    return path.isEmpty ? shown : path + "." + shown
  }

  private static func list(_ values: [JSONValue]) -> String {
    let shown = values.prefix(12).map(\.shown).joined(separator: ", ")
    return values.count == 1 ? shown : "one of \(shown)\(values.count > 12 ? ", …" : "")"
  }
}

extension SchemaRules.Kind {
  /// As a message names it.
  fileprivate var words: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension SchemaBounds {
  /// As a message names them: "3", "at least 1", "2 to 8".
  fileprivate var words: String {
    switch (least, most) {
    case (let least?, let most?) where least == most: Self.shown(least)
    case (let least?, let most?) where !aboveLeast && !belowMost: "\(Self.shown(least)) to \(Self.shown(most))"
    case (let least?, let most?):
      "\(aboveLeast ? "more than" : "at least") \(Self.shown(least)) and "
        + "\(belowMost ? "less than" : "at most") \(Self.shown(most))"
    case (let least?, nil): "\(aboveLeast ? "more than" : "at least") \(Self.shown(least))"
    case (nil, let most?): "\(belowMost ? "less than" : "at most") \(Self.shown(most))"
    case (nil, nil): "any number"
    }
  }

  private static func shown(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}

extension JSONValue {
  fileprivate func fits(_ kind: SchemaRules.Kind) -> Bool {
    switch (self, kind) {
    case (.null, .null), (.bool, .boolean), (.number, .number), (.string, .string), (.array, .array),
      (.object, .object):
      true
    case (.number, .integer): finiteNumber.map { $0 == $0.rounded() } ?? false
    default: false
    }
  }

  /// Whether both are the same value, as JSON Schema has it: 1 is 1.0, and the order of members counts nothing.
  fileprivate func isSame(as other: JSONValue) -> Bool {
    switch (self, other) {
    case (.number(let one), .number(let two)):
      return one == two || (finiteNumber.map { $0 == other.finiteNumber } ?? false)
    case (.array(let one), .array(let two)):
      return one.count == two.count && zip(one, two).allSatisfy { $0.isSame(as: $1) }
    case (.object(let one), .object(let two)):
      return one.count == two.count && two.count <= 100
        && one.allSatisfy { member in two.contains { $0.name == member.name && $0.value.isSame(as: member.value) } }
    default: return self == other
    }
  }

  /// A value in a message: short ones as they are.
  fileprivate var shown: String {
    switch self {
    case .string(let text): "'\(shortened(text))'"
    case .number(let text): shortened(text)
    case .bool(let flag): "\(flag)"
    case .null, .array, .object: kind
    }
  }
}
