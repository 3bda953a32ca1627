import Foundation

/// Our own export: one question as a JSON object on one line, always with the same members in the same order and of the
/// same type. `docs/formats.md` describes them.
public enum JSONLFormat: SetFormat {
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    try row.checkQuestion("question", choices: "choices")
    try row.checkAnswerIndex("answer_index", among: "choices", answer: "answer")
    try row.checkSound(try row.text("audio_path"))
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("\(split).jsonl", configuration: "default", isAlwaysThere: true) {
        LineEncoder { line($0.question) }
      }
    ]
  }

  /// The longest line that is read back, in bytes.
  public static let longestLine = 1 << 22

  /// The line of a question, without a line break. A set has rationales for all its questions or for none, and so for
  /// audio contributions and rates of answers: its lines have the same members.
  public static func line(_ question: ExportedQuestion) -> String {
    let (evidence, rationale) = (JSONText.string(question.evidence), JSONText.string(question.rationale))
    let difficulty = JSONText.string(question.difficulty)
    let isJudged = question.audioContribution != nil || question.sharedMembers.contains(.audioContribution)
    let contribution = isJudged ? ",\"audio_contribution\":\"\(question.audioContribution?.rawValue ?? "")\"" : ""
    let isReasoned = !question.rationale.isEmpty || question.sharedMembers.contains(.rationale)
    return JSONText.object([
      "id": JSONText.string(question.id),
      "clip": JSONText.string(question.clip),
      "split": JSONText.string(question.split),
      "audio_path": JSONText.string(question.audioPath),
      "question": JSONText.string(question.question),
      "choices": JSONText.strings(question.choices),
      "answer": JSONText.string(question.answer),
      "answer_index": String(question.answerIndex),
      "skill": JSONText.string(question.skill),
      "difficulty": difficulty + contribution + question.rateMembers,
      "labels": JSONText.strings(question.labels),
      "evidence": isReasoned ? evidence + ",\"rationale\":" + rationale : evidence,
      "captions": JSONText.array(question.captions.map(caption)),
      "provenance": provenance(question.provenance),
    ])
  }

  /// The question of a line; `number` is the line's, for errors.
  public static func question(line: String, number: Int = 1) throws(DatasetError) -> ExportedQuestion {
    try question(Array(line.utf8), number)
  }

  /// Calls `body` with each question of a file, in its order and with one of them in memory at a time. Blank lines are
  /// left out.
  public static func forEachQuestion(path: String, _ body: (ExportedQuestion) throws -> Void) throws {
    var lines = TextLines(try ByteStream(path: path), path: path)
    while let (bytes, line) = try lines.next() {
      let question: ExportedQuestion
      do {
        question = try self.question(bytes, line)
      } catch .badQuestion(let line, let reason) {
        throw DatasetError.badText(path: path, line: line, reason: reason)
      }
      try body(question)
    }
  }

  private static func question(_ bytes: [UInt8], _ number: Int) throws(DatasetError) -> ExportedQuestion {
    guard bytes.count <= longestLine else {
      throw .badQuestion(line: number, reason: "the line has more than \(longestLine) bytes")
    }
    guard let value = try? JSONParser.parse(bytes) else {
      throw .badQuestion(line: number, reason: "the line is not JSON")
    }
    do {
      return try ExportedQuestion(MemberReader(value))
    } catch {
      throw .badQuestion(line: number, reason: error.reason)
    }
  }

  static func caption(_ caption: ExportedQuestion.Caption) -> String {
    JSONText.object([
      "captioner": JSONText.string(caption.captioner),
      "text": JSONText.string(caption.text),
      "model": JSONText.string(caption.model),
      "revision": JSONText.string(caption.revision),
      "prompt": JSONText.string(caption.prompt),
      "prompt_sha256": JSONText.string(caption.promptHash),
      "sampling": JSONText.string(caption.sampling),
      "mean_logprob": caption.meanLogProbability.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null",
      "origin": JSONText.string(caption.origin),
    ])
  }

  static func provenance(_ provenance: ExportedQuestion.Provenance) -> String {
    JSONText.object([
      "model": JSONText.string(provenance.model),
      "prompt": JSONText.string(provenance.prompt),
      "prompt_sha256": JSONText.string(provenance.promptHash),
      "captioners": JSONText.strings(provenance.captioners),
      "checks_version": String(provenance.checksVersion),
      "sources": JSONText.strings(provenance.sources),
    ])
  }
}
