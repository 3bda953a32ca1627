/// The members of rows and what kind of value each has, as the first rows of a file have them.
///
/// Readers before `datasets` 4 make one table of a file: a member that is a text in one row and a list in another, or
/// that some rows lack, is refused or filled with nulls. Null and the empty list go with anything.
indirect enum RowShape: Equatable {
  case unknown
  case bool
  case integer
  case number
  case text
  case list(RowShape)
  case object([Member])

  struct Member: Equatable {
    var name: String
    var shape: RowShape
  }

  init(_ value: JSONValue) {
    switch value {
    case .null: self = .unknown
    case .bool: self = .bool
    case .number(let digits): self = Int(digits) == nil ? .number : .integer
    case .string: self = .text
    case .array(let elements):
      self = .list(elements.lazy.map { RowShape($0) }.first { $0 != .unknown } ?? .unknown)
    case .object(let members): self = .object(members.map { Member(name: $0.name, shape: RowShape($0.value)) })
    }
  }

  private var kind: String {
    switch self {
    case .unknown: "null"
    case .bool: "true or false"
    case .integer: "a whole number"
    case .number: "a number with a point"
    case .text: "text"
    case .list: "a list"
    case .object: "an object"
    }
  }

  /// Takes up what a further row shows of kinds that were not known. Throws where it differs; `path` is where it is.
  mutating func take(_ value: JSONValue, at path: String = "") throws(RowProblem) {
    switch (self, value) {
    case (_, .null): return
    case (.unknown, _): self = RowShape(value)
    case (.bool, .bool), (.text, .string): return
    case (.integer, .number(let digits)) where Int(digits) != nil: return
    case (.number, .number(let digits)) where Int(digits) == nil: return
    case (.list(var element), .array(let elements)):
      for value in elements { try element.take(value, at: path + "[]") }
      self = .list(element)
    case (.object(let members), .object(let values)): try takeMembers(members, values, at: path)
    default:
      let name = path.isEmpty ? "the row" : "'\(path)'"
      throw RowProblem(reason: "\(name) is \(RowShape(value).kind); in the rows before it is \(kind)")
    }
  }

  private mutating func takeMembers(
    _ members: [Member], _ values: [JSONMember], at path: String
  ) throws(RowProblem) {
    var members = members
    let prefix = path.isEmpty ? "" : path + "."
    if let missing = members.first(where: { member in !values.contains { $0.name == member.name } }) {
      throw RowProblem(reason: "'\(prefix)\(missing.name)' is missing; the rows before have it")
    }
    for value in values {
      guard let place = members.firstIndex(where: { $0.name == value.name }) else {
        throw RowProblem(reason: "'\(prefix)\(shortened(value.name))' is in none of the rows before")
      }
      try members[place].shape.take(value.value, at: prefix + value.name)
    }
    self = .object(members)
  }
}
