/// The members of a row, under the names that sets use for them.
struct RowMembers {
  static let audio = ManifestColumns.file + ["audio_id", "audios", "sound", "wav_path"]
  static let question = ["question", "prompt", "instruction", "query"]
  static let choices = ["choices", "options", "multi_choice"]
  static let response = ["response", "chosen", "completion", "output", "target"]
  static let rationale = ["rationale", "thinking", "reasoning", "cot"]
  static let passRate = ["pass_rate", "passRate"]
  static let audioContribution = ["audio_contribution", "audio-contribution", "audioContribution"]
  private static let group = ["recording", "recording_id", "clip", "clip_id", "video_name"]

  private let values: [String: JSONValue]

  init(_ row: JSONValue) {
    guard case .object(let members) = row else {
      values = [:]
      return
    }
    values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The member of that name, unless it is null.
  subscript(name: String) -> JSONValue? { values[name].flatMap { $0 == .null ? nil : $0 } }

  func first(_ names: [String]) -> (name: String, value: JSONValue)? {
    names.lazy.compactMap { name in self[name].map { (name, $0) } }.first
  }

  /// A text, or a number as written; nil where there is none, or an empty one.
  func text(_ names: [String]) throws(RowProblem) -> String? {
    guard let (name, value) = first(names) else { return nil }
    switch value {
    case .string(let text): return text.isEmpty ? nil : text
    case .number(let digits): return digits
    default: throw RowProblem(reason: "'\(name)' is \(value.kind), not text")
    }
  }

  /// A text, or that of the one message in a list of them, as TRL's conversational sets have it.
  func speech(_ names: [String]) throws(RowProblem) -> String? {
    guard let (name, value) = first(names), let messages = value.elements else { return try text(names) }
    guard messages.count == 1, let text = messages[0].member("content", "value")?.string else {
      throw RowProblem(reason: "'\(name)' is a list of other than one message with text")
    }
    return text.isEmpty ? nil : text
  }

  /// A text or a list of texts, without the empty ones; objects count by their 'text'.
  func texts(_ names: [String]) throws(RowProblem) -> [String] {
    guard let (name, value) = first(names) else { return [] }
    guard let elements = value.elements else { return try text([name]).map { [$0] } ?? [] }
    let texts = elements.compactMap { $0.string ?? $0.member("text")?.string }
    guard texts.count == elements.count else { throw RowProblem(reason: "'\(name)' is not a list of texts") }
    return texts.filter { !$0.isEmpty }
  }

  func integer(_ names: [String]) throws(RowProblem) -> Int? {
    guard let (name, value) = first(names) else { return nil }
    guard case .number(let digits) = value, let number = Int(digits) else {
      throw RowProblem(reason: "'\(name)' is not a whole number")
    }
    return number
  }

  /// Seconds, or another number in a range.
  func number(_ names: [String], in range: ClosedRange<Double>) throws(RowProblem) -> Double? {
    guard let (name, value) = first(names) else { return nil }
    guard case .number(let digits) = value, let number = Double(digits), range.contains(number) else {
      throw RowProblem(reason: "'\(name)' is not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Names of what the row's sound is a part of.
  func groups() throws(RowProblem) -> [String] {
    var groups: [String] = []
    for name in Self.group { if let group = try text([name]) { groups.append("\(name) \(group)") } }
    return groups
  }

  func share(_ names: [String]) throws(RowProblem) -> Double? { try number(names, in: 0...1) }

  func audioContribution() throws(RowProblem) -> AudioContribution? {
    guard let text = try text(Self.audioContribution) else { return nil }
    guard let contribution = AudioContribution(rawValue: text) else {
      throw RowProblem(reason: "'audio-contribution' is '\(shortened(text))', neither strong nor weak")
    }
    return contribution
  }

  /// The path of the row's sound: a text, an object with a 'path', or a list of one of these.
  func audio() throws(RowProblem) -> String? {
    guard let (name, value) = first(Self.audio) else { return nil }
    let only = value.elements ?? [value]
    guard only.count == 1 else {
      if only.isEmpty { return nil }
      throw RowProblem(reason: "'\(name)' names \(only.count) sounds; rows with one are read")
    }
    guard let path = only[0].string ?? only[0].member("path")?.string else {
      throw RowProblem(reason: "'\(name)' is \(only[0].kind), not the path of a file")
    }
    return path.isEmpty ? nil : path
  }
}

/// The choices of a row, and which of them is right.
struct RowChoices {
  /// One letter for each.
  static let most = 26

  private(set) var texts: [String] = []
  private(set) var answer: Int?
  /// For each choice of the file its index in `texts`; nil for one that is null.
  private var places: [Int?] = []

  /// Numbers and truth values count as they are written. Null, which AVQA has, is no choice.
  init(_ value: JSONValue, named name: String) throws(RowProblem) {
    guard let elements = value.elements else { throw RowProblem(reason: "'\(name)' is \(value.kind), not a list") }
    for element in elements {
      let text: String? =
        switch element {
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .null: nil
        default: throw RowProblem(reason: "'\(name)' holds \(element.kind)")
        }
      if let text, trimmed(text).isEmpty { throw RowProblem(reason: "'\(name)' holds an empty choice") }
      places.append(text == nil ? nil : texts.count)
      if let text { texts.append(text) }
    }
    guard (2...Self.most).contains(texts.count) else {
      throw RowProblem(reason: "'\(name)' has \(texts.count) choices; 2 to \(Self.most) are read")
    }
  }

  /// Takes the choice at a place of the file's list as the answer.
  mutating func answer(place: Int, named name: String) throws(RowProblem) {
    guard places.indices.contains(place) else {
      throw RowProblem(reason: "'\(name)' is \(place) with \(places.count) choices", code: .answerNotInChoices)
    }
    guard let index = places[place] else {
      throw RowProblem(reason: "'\(name)' points to a choice that is null", code: .answerNotInChoices)
    }
    answer = index
  }

  /// Takes the choice that a text stands for: its words, else its letter.
  mutating func answer(text: String, named name: String) throws(RowProblem) {
    let wanted = trimmed(text)
    let exact = texts.firstIndex(of: text) ?? texts.firstIndex { trimmed($0) == wanted }
    let alike = texts.indices.filter { trimmed(texts[$0]).lowercased() == wanted.lowercased() }
    let letter = letterIndex(wanted).flatMap { texts.indices.contains($0) ? $0 : nil }
    guard let index = exact ?? (alike.count == 1 ? alike[0] : nil) ?? letter else {
      throw RowProblem(
        reason: "'\(name)' is '\(shortened(text))', which is none of the choices", code: .answerNotInChoices)
    }
    answer = index
  }
}

/// 0 for "A" and "a", up to 25.
func letterIndex(_ text: String) -> Int? {
  guard text.utf8.count == 1, let byte = text.utf8.first, (0x61...0x7A).contains(byte | 0x20) else { return nil }
  return Int(byte | 0x20) - 0x61
}

extension ImportedQuestion {
  /// A row under the usual names.
  init(row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    let question = try row.speech(RowMembers.question) ?? ""
    self.init(id: try row.text(["id", "question_id", "uid"]) ?? "", question: question)
    audio = try places.resolve(try row.audio())
    start = try row.number(["start", "start_time", "offset"], in: 0...1e9)
    duration = try row.number(["duration"], in: 1e-3...1e9)
    if duration == nil, let start, let end = try row.number(["end", "end_time"], in: 0...1e9) {
      guard end > start else { throw RowProblem(reason: "the sound ends at \(end), before it starts") }
      duration = end - start
    }
    captions = try row.texts(["captions", "caption"])
    labels = try row.texts(["labels", "label"])
    rationale = try row.text(RowMembers.rationale)
    passRate = try row.share(RowMembers.passRate)
    audioContribution = try row.audioContribution()
    task = try row.text(["task", "skill", "question_type"]) ?? ""
    groups = try row.groups()
    response = try row.speech(RowMembers.response)
    rejected = try row.speech(["rejected"])
    try takeChoices(row)
    try check()
  }

  private mutating func takeChoices(_ row: RowMembers) throws(RowProblem) {
    let value = row.first(RowMembers.choices)
    guard let value, value.value.elements?.isEmpty != true else {
      // An open question: its answer is what to say.
      if response == nil { response = try row.text(["answer"]) }
      return
    }
    var taken = try RowChoices(value.value, named: value.name)
    let index = try row.integer(["answer_index", "answerIndex"])
    if let index { try taken.answer(place: index, named: "answer_index") }
    switch row["answer"] {
    case .string(let text) where !text.isEmpty:
      try taken.answer(text: text, named: "answer")
      if let index, taken.answer.map({ taken.texts[$0] }) != nil {
        let byText = taken.answer
        try taken.answer(place: index, named: "answer_index")
        guard let byIndex = taken.answer, byText.map({ taken.texts[$0] == taken.texts[byIndex] }) == true else {
          throw RowProblem(reason: "'answer' is not the choice at 'answer_index'", code: .answerNotInChoices)
        }
      }
    case .number where index == nil:
      try taken.answer(place: try row.integer(["answer"]) ?? 0, named: "answer")
    case .string, .number, nil: break
    case let other?: throw RowProblem(reason: "'answer' is \(other.kind), neither text nor a number")
    }
    choices = taken.texts
    answer = taken.answer
  }

  /// Refuses a row that nothing can be learnt from or asked by.
  private func check() throws(RowProblem) {
    if question.isEmpty {
      guard audio != nil else { throw RowProblem(reason: "neither a question or prompt nor a sound") }
      guard choices.isEmpty, response != nil || !captions.isEmpty || !labels.isEmpty else {
        throw RowProblem(reason: "a sound without question, response, captions or labels")
      }
    } else {
      guard !choices.isEmpty || response != nil else {
        throw RowProblem(reason: "a question with neither choices nor a response")
      }
    }
    if rejected != nil, response == nil, answer == nil {
      throw RowProblem(reason: "'rejected' without 'chosen'")
    }
  }
}
