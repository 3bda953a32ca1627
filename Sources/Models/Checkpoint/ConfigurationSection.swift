/// An object of a JSON configuration with the way to it, which the errors name.
///
/// A setting that is absent or null has its default.
package struct ConfigurationSection {
  package let value: CheckpointJSON
  package let file: String
  package let path: [String]

  package init(_ value: CheckpointJSON, file: String, path: [String] = []) {
    self.value = value
    self.file = file
    self.path = path
  }

  /// Reads a whole file, whose value has to be an object.
  package init(file: String) throws(CheckpointError) {
    let bytes = try readFile(file, limit: 16 << 20)
    do throws(CheckpointError.JSONProblem) {
      value = try CheckpointJSON(parsing: bytes)
    } catch {
      throw .json(file: file, error)
    }
    guard case .object = value else { throw .json(file: file, .notAnObject) }
    self.file = file
    path = []
  }

  /// The value of `name`; nil where it is absent or null.
  package subscript(name: String) -> CheckpointJSON? {
    guard let member = value[name], member != .null else { return nil }
    return member
  }

  package func error(_ name: String, _ problem: CheckpointError.SettingProblem) -> CheckpointError {
    .setting(file: file, key: (path + [name]).joined(separator: "."), problem)
  }

  /// The object `name`; nil where it is absent.
  package func section(_ name: String) throws(CheckpointError) -> ConfigurationSection? {
    guard let member = self[name] else { return nil }
    guard case .object = member else { throw error(name, .wrongKind(needed: "an object")) }
    return ConfigurationSection(member, file: file, path: path + [name])
  }

  /// The object `name`, or one without members.
  func sectionOrEmpty(_ name: String) throws(CheckpointError) -> ConfigurationSection {
    try section(name) ?? ConfigurationSection(.object([]), file: file, path: path + [name])
  }

  package func string(_ name: String) throws(CheckpointError) -> String? {
    guard let member = self[name] else { return nil }
    guard case .string(let text) = member else { throw error(name, .wrongKind(needed: "a text")) }
    return text
  }

  package func bool(_ name: String) throws(CheckpointError) -> Bool? {
    guard let member = self[name] else { return nil }
    guard case .bool(let value) = member else { throw error(name, .wrongKind(needed: "true or false")) }
    return value
  }

  /// A whole number of `range`.
  package func integer(_ name: String, in range: ClosedRange<Int>) throws(CheckpointError) -> Int? {
    guard let member = self[name] else { return nil }
    return try integer(member, name, in: range)
  }

  /// A number of `range`.
  package func number(_ name: String, in range: ClosedRange<Double>) throws(CheckpointError) -> Double? {
    guard let member = self[name] else { return nil }
    guard case .number(let spelling) = member, let number = Double(spelling) else {
      throw error(name, .wrongKind(needed: "a number"))
    }
    guard range.contains(number) else {
      throw error(name, .outOfRange(value: spelling, range: "from \(range.lowerBound) to \(range.upperBound)"))
    }
    return number
  }

  /// Token ids below `limit`, written as one number or as a list of them.
  func tokens(_ name: String, below limit: Int) throws(CheckpointError) -> [Int]? {
    guard let member = self[name] else { return nil }
    guard case .array(let elements) = member else { return [try integer(member, name, in: 0...limit - 1)] }
    var tokens: [Int] = []
    for element in elements { tokens.append(try integer(element, name, in: 0...limit - 1)) }
    return tokens
  }

  /// The padding token, the first of a list; nothing is padded here, so what is no token, such as -1, counts as absent.
  func padToken(below limit: Int) -> Int? {
    var member = self["pad_token_id"]
    if case .array(let elements)? = member { member = elements.first }
    guard case .number(let spelling)? = member, let token = Int(spelling), (0..<limit).contains(token) else {
      return nil
    }
    return token
  }

  /// Refuses every value of `name` but those of `supported`.
  package func require(_ name: String, oneOf supported: [String]) throws(CheckpointError) {
    guard let text = try string(name), !supported.contains(text) else { return }
    throw error(name, .unsupported(value: text, supported: supported.joined(separator: ", ")))
  }

  private func integer(
    _ value: CheckpointJSON, _ name: String, in range: ClosedRange<Int>
  ) throws(CheckpointError) -> Int {
    guard case .number(let spelling) = value else { throw error(name, .wrongKind(needed: "a whole number")) }
    guard !spelling.contains(where: { ".eE".contains($0) }) else {
      throw error(name, .wrongKind(needed: "a whole number"))
    }
    guard let number = Int(spelling), range.contains(number) else {
      throw error(name, .outOfRange(value: spelling, range: "from \(range.lowerBound) to \(range.upperBound)"))
    }
    return number
  }
}
