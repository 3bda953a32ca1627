/// The members of a row of a test set, under whatever names sets use for them; names in capitals or not are the same.
struct ReferenceRow {
  private static let question = ["question", "question_text", "query", "prompt", "instruction", "stem"]
  private static let choices = ["choices", "options", "multi_choice", "candidates"]
  private static let letters = [
    ["choice_a", "choice_b", "choice_c", "choice_d", "choice_e"],
    ["option_a", "option_b", "option_c", "option_d", "option_e"],
    ["a", "b", "c", "d", "e"], ["opt1", "opt2", "opt3", "opt4", "opt5"],
  ]
  private static let id = ["id", "question_id", "uid", "uniq_id", "index"]
  private static let audio = RowMembers.audio + ["path_to_audio", "audio_file", "video_name", "fname"]
  private static let others = ["youtube_id", "ytid", "yt_id", "url", "freesound_id", "sound_id", "video_id"]

  private var values: [String: JSONValue] = [:]

  init(_ members: [JSONMember]) {
    for member in members.reversed() { values[member.name.lowercased()] = member.value }
  }

  init(names: [String], cells: [String]) {
    for (name, cell) in zip(names, cells).reversed() where !cell.isEmpty { values[name.lowercased()] = .string(cell) }
  }

  /// Whether a table with these columns is of use.
  static func knows(_ names: [String]) -> Bool {
    !Set(names.map { $0.lowercased() }).isDisjoint(with: question + audio + others)
  }

  /// Nil where the row says nothing that could be found again.
  func item(line: Int) -> ReferenceItem? {
    let path = Self.audio.lazy.compactMap(text).first
    let seconds = text("duration").flatMap { Double($0) }
    let sounds = SoundMembers.identities(audio: path.map { [$0] } ?? [], seconds: seconds, value: text)
    let asked = Self.question.lazy.compactMap(text).first ?? ""
    guard !asked.isEmpty || !sounds.isEmpty || path != nil else { return nil }
    return ReferenceItem(
      id: Self.id.lazy.compactMap(text).first ?? "line \(line)", line: line, question: asked, choices: choiceTexts(),
      audio: path, sounds: sounds)
  }

  private func text(_ name: String) -> String? {
    switch values[name] {
    case .string(let text)?: trimmed(text).isEmpty ? nil : trimmed(text)
    case .number(let digits)?: digits
    case .array(let elements)? where elements.count == 1: elements[0].string
    case .object?: values[name]?.member("path", "text", "stem")?.string
    default: nil
    }
  }

  private func choiceTexts() -> [String] {
    for name in Self.choices {
      guard let value = values[name] else { continue }
      if let elements = value.elements { return elements.compactMap(Self.choice) }
      if case .object(let members) = value { return members.compactMap { Self.choice($0.value) } }
      if let cell = value.string { return Self.list(cell) }
    }
    for names in Self.letters {
      let texts = names.compactMap(text)
      if texts.count >= 2 { return texts }
    }
    return []
  }

  private static func choice(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .number(let digits): digits
    case .bool(let isTrue): isTrue ? "true" : "false"
    default: value.member("text")?.string
    }
  }

  /// The choices of one cell: a JSON list, a list as Python prints it, or texts with `|`, `;` or line breaks between them.
  private static func list(_ cell: String) -> [String] {
    if let elements = (try? JSONParser.parse(Array(cell.utf8)))?.elements { return elements.compactMap(choice) }
    if cell.hasPrefix("["), cell.hasSuffix("]") {
      return cell.dropFirst().dropLast().split(separator: /['"],\s*['"]/).map { part in
        String(part.trimmingPrefix(/\s*['"]/).replacing(/['"]\s*$/, with: ""))
      }
    }
    return cell.split { $0 == "|" || $0 == ";" || $0.isNewline }.map { trimmed(String($0)) }.filter { !$0.isEmpty }
  }
}
