import Foundation

/// A row of a file that somebody exported, held against what a format's readers need. Members are asked for as in
/// `RowMembers`, but nothing is taken for something else: a number is no text, null is nothing.
public struct CheckedRow {
  let value: JSONValue
  /// What paths of sounds may start from, each ending in "/".
  let folders: [String]
  /// Whether sounds have to be there.
  let hasSounds: Bool

  init(_ value: JSONValue, folders: [String], hasSounds: Bool) {
    self.value = value
    self.folders = folders
    self.hasSounds = hasSounds
  }

  func member(_ name: String) throws(RowProblem) -> JSONValue {
    guard let member = value.member(name), member != .null else { throw RowProblem(reason: "'\(name)' is missing") }
    return member
  }

  func object(_ name: String) throws(RowProblem) -> CheckedRow {
    let member = try member(name)
    guard case .object = member else { throw RowProblem(reason: "'\(name)' is \(member.kind), not an object") }
    return CheckedRow(member, folders: folders, hasSounds: hasSounds)
  }

  func objects(_ name: String) throws(RowProblem) -> [CheckedRow] {
    var rows: [CheckedRow] = []
    for element in try list(name) {
      guard case .object = element else { throw RowProblem(reason: "'\(name)' holds \(element.kind), not objects") }
      rows.append(CheckedRow(element, folders: folders, hasSounds: hasSounds))
    }
    return rows
  }

  func text(_ name: String) throws(RowProblem) -> String {
    guard case .string(let text) = try member(name) else {
      throw RowProblem(reason: "'\(name)' is \(try member(name).kind), not text")
    }
    return text
  }

  func integer(_ name: String) throws(RowProblem) -> Int {
    guard case .number(let digits) = try member(name), let number = Int(digits) else {
      throw RowProblem(reason: "'\(name)' is not a whole number")
    }
    return number
  }

  func number(_ name: String) throws(RowProblem) -> Double {
    guard case .number(let digits) = try member(name), let number = Double(digits), number.isFinite else {
      throw RowProblem(reason: "'\(name)' is not a number")
    }
    return number
  }

  func texts(_ name: String) throws(RowProblem) -> [String] {
    let elements = try list(name)
    let texts = elements.compactMap(\.string)
    guard texts.count == elements.count else { throw RowProblem(reason: "'\(name)' is not a list of texts") }
    return texts
  }

  private func list(_ name: String) throws(RowProblem) -> [JSONValue] {
    guard let elements = try member(name).elements else { throw RowProblem(reason: "'\(name)' is not a list") }
    return elements
  }
}

/// What several formats hold a row to.
extension CheckedRow {
  /// A stem with two choices or more that a trainer can tell apart, none of which holds a tag or a line break.
  func checkQuestion(_ question: String, choices: String) throws(RowProblem) {
    try Self.checkPlain(try text(question), named: question)
    try checkChoices(choices)
  }

  func checkChoices(_ name: String) throws(RowProblem) {
    let choices = try texts(name)
    guard choices.count >= 2 else { throw RowProblem(reason: "'\(name)' has fewer than two choices") }
    for choice in choices {
      try Self.checkPlain(choice, named: name)
      guard choice == trimmed(choice) else {
        throw RowProblem(reason: "the choice '\(shortened(choice))' begins or ends with white space")
      }
    }
    var seen = Set<String>()
    for choice in choices where !seen.insert(choice.lowercased()).inserted {
      throw RowProblem(reason: "the choice '\(shortened(choice))' is there twice")
    }
  }

  /// The text of the right choice.
  func checkAnswer(_ name: String, among choices: String) throws(RowProblem) {
    let answer = try text(name)
    guard try texts(choices).contains(answer) else {
      throw RowProblem(reason: "'\(name)' is '\(shortened(answer))', which is none of the choices")
    }
  }

  /// The place of the right choice, from 0; and where the row has the text too, that of the same.
  func checkAnswerIndex(_ name: String, among choices: String, answer: String? = nil) throws(RowProblem) {
    let (index, choices) = (try integer(name), try texts(choices))
    guard choices.indices.contains(index) else {
      throw RowProblem(reason: "'\(name)' is \(index) with \(choices.count) choices")
    }
    if let answer, try text(answer) != choices[index] {
      throw RowProblem(reason: "'\(answer)' is not the choice at '\(name)'")
    }
  }

  /// `<answer>…</answer>` with a choice in it, where the row has choices.
  func checkSolution(_ name: String) throws(RowProblem) {
    let solution = try text(name)
    guard solution.hasPrefix("<answer>"), solution.hasSuffix("</answer>"), solution.utf8.count > 17 else {
      throw RowProblem(reason: "'\(name)' is not <answer>…</answer>")
    }
    let answer = String(solution.dropFirst(8).dropLast(9))
    if value.member("choices") != nil {
      guard try texts("choices").contains(answer) else {
        throw RowProblem(reason: "'\(name)' has '\(shortened(answer))', which is none of the choices")
      }
    }
  }

  /// A sound's file, where sounds are to be there.
  func checkSound(_ path: String) throws(RowProblem) {
    guard !path.isEmpty else { throw RowProblem(reason: "the sound's path is empty") }
    guard hasSounds else { return }
    let places = path.hasPrefix("/") ? [path] : folders.map { $0 + path }
    let place = places.first { place in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) && !isFolder.boolValue
    }
    guard let place else { throw RowProblem(reason: "the sound '\(shortened(path))' is not there") }
    guard place.hasSuffix(".flac") else { return }
    do {
      _ = try FLACFile(path: place)
    } catch {
      throw RowProblem(reason: "the sound '\(shortened(path))' \((error as? RowProblem)?.reason ?? "cannot be read")")
    }
  }

  /// Turns of user and assistant, the user first, with as many `<audio>` as there are sounds.
  func checkMessages(_ name: String, sounds: String, endsWithUser: Bool? = nil) throws(RowProblem) {
    let messages = try objects(name)
    var roles: [String] = []
    var places = 0
    for message in messages {
      roles.append(try message.text("role"))
      places += Self.count("<audio>", in: try message.text("content"))
    }
    if roles.first == "system" { roles.removeFirst() }
    let isAlternating = roles.enumerated().allSatisfy { $1 == ($0 % 2 == 0 ? "user" : "assistant") }
    guard !roles.isEmpty, isAlternating else {
      throw RowProblem(reason: "'\(name)' does not alternate between user and assistant, the user first")
    }
    if let endsWithUser, (roles.count % 2 == 1) != endsWithUser {
      throw RowProblem(reason: "'\(name)' ends with the \(endsWithUser ? "assistant" : "user")")
    }
    let paths = try texts(sounds)
    guard places == paths.count else {
      throw RowProblem(reason: "<audio> stands \(places) times in '\(name)', and '\(sounds)' has \(paths.count)")
    }
    for path in paths { try checkSound(path) }
  }

  private static func checkPlain(_ text: String, named name: String) throws(RowProblem) {
    guard !trimmed(text).isEmpty else { throw RowProblem(reason: "'\(name)' is empty") }
    if let tag = token(in: text) {
      throw RowProblem(reason: "'\(name)' holds \(tag), which trainers read as their own")
    }
    // Most texts have nothing but these.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x2028 || $0.value == 0x2029 }) {
      throw RowProblem(reason: "'\(name)' holds a line break or a control character")
    }
  }

  /// Hardly a text has a sign that any of the tokens begins with; a search for each takes long.
  private static func token(in text: String) -> String? {
    guard text.utf8.contains(where: tokenStarts.contains) else { return nil }
    let caseless = text.lowercased()
    return CheckSettings.usualForbiddenTokens.first(where: caseless.contains)
  }

  private static let tokenStarts = Array(Set(CheckSettings.usualForbiddenTokens.compactMap(\.utf8.first)))

  private static func count(_ tag: String, in text: String) -> Int { text.components(separatedBy: tag).count - 1 }
}
