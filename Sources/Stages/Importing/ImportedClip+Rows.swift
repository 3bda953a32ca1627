import Dataset
import Store

extension ImportedClip {
  /// What the usable rows about a clip make of it, in the order of the sets; nil where there is none.
  init?(_ id: String, rows: [ImportedRowRecord]) {
    guard let first = rows.first else { return nil }
    self.init(id: id)
    sha256 = first.sha256
    seconds = first.seconds
    labels = Set(rows.flatMap(\.row.labels)).sorted()
    for row in rows { metadata.merge(row.row.metadata) { own, _ in own } }
    recording = Self.recording(rows)
    // A clip's samples are those of its first sound; one that goes by its name only is no place of them.
    var seen = Set<Place>()
    places = rows.filter { $0.content == first.content }
      .map { Place(source: $0.source, startFrame: $0.startFrame, frames: $0.frames) }
      .filter { seen.insert($0).inserted }
    takeCaptions(rows)
    takeQuestions(rows)
    digest = ContentID.make(domain: "earshot imported clip 1", fields)
  }

  /// What a row says, else the file that the clip was found in when the question was made, which is one of its set.
  private static func recording(_ rows: [ImportedRowRecord]) -> String {
    if let told = rows.lazy.map(\.row.recording).first(where: { !$0.isEmpty }) { return told }
    guard let row = rows.first(where: { !$0.row.sources.isEmpty }) else { return "" }
    return "\(row.set): \(row.row.sources[0])"
  }

  private mutating func takeCaptions(_ rows: [ImportedRowRecord]) {
    var keys = Set<String>()
    var said = Set<[String]>()
    for text in rows.compactMap(\.row.captions) where keys.insert(text.key).inserted {
      var ordinals: [String: Int] = [:]
      for caption in ExportedQuestion.captions(text: text.body) ?? [] {
        let identity = [caption.captioner, caption.text, caption.model, caption.revision, caption.origin]
        guard said.insert(identity).inserted else { continue }
        let ordinal = ordinals[caption.captioner, default: 0]
        ordinals[caption.captioner] = ordinal + 1
        captions.append(Self.record(caption, key: "import \(text.key)", ordinal: ordinal))
        if !caption.promptHash.isEmpty {
          prompts.append(PromptRecord(hash: caption.promptHash, name: caption.prompt, text: ""))
        }
      }
    }
  }

  private static func record(_ caption: ExportedQuestion.Caption, key: String, ordinal: Int) -> CaptionRecord {
    func known(_ text: String) -> String? { text.isEmpty ? nil : text }
    return CaptionRecord(
      captioner: caption.captioner, key: key, ordinal: ordinal, text: caption.text,
      source: CaptionSource(
        model: known(caption.model), revision: known(caption.revision), prompt: known(caption.promptHash),
        sampling: known(caption.sampling), origin: known(caption.origin)),
      meanLogProbability: caption.meanLogProbability)
  }

  /// A row with the id, the words and the clip of an earlier one repeats it. One that has only the id gets a new id.
  private mutating func takeQuestions(_ rows: [ImportedRowRecord]) {
    var known: [[String]: String] = [:]
    for row in rows {
      let question = Self.question(row.row, clip: id, ordinal: questions.count)
      let words = [row.row.id, question.stem, question.correct, ""] + question.distractors.sorted()
      if let first = known[words] {
        outcomes.append(Outcome(file: row.file, line: row.row.line, repeats: first))
        continue
      }
      var taken = question
      if !row.isFirstOfID { taken.id = ContentID.make(domain: "earshot imported question 2", [id] + words) }
      known[words] = taken.id
      questions.append(taken)
      outcomes.append(Outcome(file: row.file, line: row.row.line, question: taken.id))
    }
  }

  private static func question(_ row: ImportRowRecord, clip: String, ordinal: Int) -> QuestionRecord {
    func known(_ text: String) -> String? { text.isEmpty ? nil : text }
    var distractors = row.choices
    let correct = distractors.remove(at: row.answerIndex)
    return QuestionRecord(
      id: row.id, clip: clip, ordinal: ordinal, stem: row.stem, correct: correct, distractors: distractors,
      evidence: row.evidence, skill: known(row.skill), difficulty: known(row.difficulty),
      rationale: known(row.rationale))
  }

  /// Everything that is stored of the clip.
  private var fields: [String] {
    var fields = [id, sha256, "\(seconds)", recording] + labels
    fields += metadata.sorted { $0.key < $1.key }.flatMap { ["metadata", $0.key, $0.value] }
    fields += places.map { "place \($0.source) \($0.startFrame) \($0.frames)" }
    fields += captions.flatMap { ["caption", $0.key, $0.captioner, "\($0.ordinal)", $0.text ?? ""] }
    for question in questions {
      fields += ["question", question.id, question.stem, question.correct, question.evidence]
      fields += [question.skill ?? "", question.difficulty ?? "", question.rationale ?? ""] + question.distractors
    }
    fields += outcomes.map { "row \($0.file) \($0.line) \($0.question ?? "") \($0.repeats ?? "")" }
    return fields
  }
}
