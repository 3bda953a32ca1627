/// The kinds of rows that are read. `docs/training.md` describes them.
public enum QuestionFormat: String, Sendable, CaseIterable {
  /// Our own export.
  case jsonl
  /// AVQA's questions, as R1-AQA reads them.
  case r1AQA = "r1-aqa"
  /// AI2's ARC: as its makers give it, and as the Hugging Face hub has it.
  case arc
  /// MMAU's and MMAR's test sets.
  case mmau
  /// Questions, prompts with responses, and sounds with captions or labels, under the usual names.
  case rows

  /// The format whose members a row has; `rows` for any other.
  init(recognizing row: JSONValue) {
    let has = { (name: String) in row.member(name) != nil }
    self =
      if has("question_text") || has("multi_choice") {
        .r1AQA
      } else if has("answerKey") {
        .arc
      } else if has("provenance") && has("answer_index") {
        .jsonl
      } else if has("audio_id") && has("choices") {
        .mmau
      } else {
        .rows
      }
  }

  /// The question of a row; without an id where the row has none.
  func question(_ row: JSONValue, _ places: AudioPlaces) throws(RowProblem) -> ImportedQuestion {
    guard case .object = row else { throw RowProblem(reason: "the row is \(row.kind), not an object") }
    let members = RowMembers(row)
    return switch self {
    case .jsonl: try ImportedQuestion(exported: row, members, places)
    case .r1AQA: try ImportedQuestion(r1AQA: members, places)
    case .arc: try ImportedQuestion(arc: row, members)
    case .mmau, .rows: try ImportedQuestion(row: members, places)
    }
  }
}

extension ImportedQuestion {
  /// A line of our own export.
  init(exported row: JSONValue, _ members: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    let exported: ExportedQuestion
    do {
      exported = try ExportedQuestion(MemberReader(row))
    } catch {
      throw RowProblem(reason: error.reason, code: error.code)
    }
    self.init(
      id: exported.id, question: exported.question, choices: exported.choices, answer: exported.answerIndex,
      rationale: try members.text(RowMembers.rationale), audio: try places.resolve(exported.audioPath),
      captions: exported.captions.map(\.text), labels: exported.labels,
      passRate: try members.share(RowMembers.passRate), audioContribution: try members.audioContribution(),
      task: exported.skill,
      groups: [exported.clip] + exported.provenance.sources)
  }

  /// A line of AVQA. Its answer counts the choices as they stand, null ones included.
  init(r1AQA row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    guard let stem = try row.text(["question_text"]) else { throw RowProblem(reason: "'question_text' is missing") }
    guard let value = row["multi_choice"] else { throw RowProblem(reason: "'multi_choice' is missing") }
    var choices = try RowChoices(value, named: "multi_choice")
    let index = try row.integer(["answer"])
    if let index { try choices.answer(place: index, named: "answer") }
    let video = try row.text(["video_name"])
    let stemOfClip = video.map { stemOfVideo($0) ?? $0 }
    let file = try row.text(["audio_path"])
    let recording = stemOfClip.flatMap { YouTubeClip(stem: $0)?.video }
    self.init(
      id: try row.text(["id"]) ?? "", question: stem, choices: choices.texts, answer: choices.answer,
      rationale: try row.text(RowMembers.rationale), audio: try places.resolve(file, clip: stemOfClip),
      passRate: try row.share(RowMembers.passRate), audioContribution: try row.audioContribution(),
      task: try row.text(["question_type"]) ?? "",
      groups: [stemOfClip, recording].compactMap { $0 })
  }

  /// A question of ARC. The key is one of the labels, letters or digits; a key of the other kind counts places.
  init(arc row: JSONValue, _ members: RowMembers) throws(RowProblem) {
    let nested = row.member("question")
    let stem = nested?.member("stem") ?? nested
    guard let question = stem?.string else { throw RowProblem(reason: "'question' has no text") }
    guard let value = nested?.member("choices") ?? members["choices"] else {
      throw RowProblem(reason: "'choices' is missing")
    }
    guard let key = try members.text(["answerKey"]) else { throw RowProblem(reason: "'answerKey' is empty") }
    let (texts, labels) = try Self.arcChoices(value)
    var choices = try RowChoices(.array(texts.map { .string($0) }), named: "choices")
    let place = labels.firstIndex(of: key) ?? letterIndex(key) ?? Int(key).flatMap { $0 > 0 ? $0 - 1 : nil }
    guard let place, texts.indices.contains(place) else {
      throw RowProblem(reason: "'answerKey' is '\(shortened(key))', which is none of the labels")
    }
    try choices.answer(place: place, named: "answerKey")
    self.init(
      id: try members.text(["id"]) ?? "", question: question, choices: choices.texts, answer: choices.answer,
      rationale: try members.text(RowMembers.rationale), passRate: try members.share(RowMembers.passRate))
  }

  private static func arcChoices(_ value: JSONValue) throws(RowProblem) -> (texts: [String], labels: [String]) {
    let texts = value.elements.map { $0.compactMap { $0.member("text")?.string } } ?? strings(value.member("text"))
    let labels = value.elements.map { $0.compactMap { $0.member("label")?.string } } ?? strings(value.member("label"))
    let count = value.elements?.count ?? texts?.count
    guard let texts, let labels, texts.count == count, labels.count == count else {
      throw RowProblem(reason: "'choices' does not have a text and a label for each")
    }
    return (texts, labels)
  }

  private static func strings(_ value: JSONValue?) -> [String]? {
    guard let elements = value?.elements else { return nil }
    let texts = elements.compactMap(\.string)
    return texts.count == elements.count ? texts : nil
  }
}
