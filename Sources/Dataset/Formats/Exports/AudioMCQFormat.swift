/// AudioMCQ's lines (arXiv 2509.21060), as NeMo-RL's loader reads them: a folder for each split, with `data.jsonl` and the
/// sounds that its rows name.
public enum AudioMCQFormat: SetFormat {
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    _ = try row.text("source_dataset")
    try row.checkQuestion("question", choices: "choices")
    try row.checkAnswer("answer", among: "choices")
    if let value = row.value.member("audio-contribution"), value != .null {
      let value = try row.text("audio-contribution")
      guard AudioContribution(rawValue: value) != nil else {
        throw RowProblem(reason: "'audio-contribution' is '\(shortened(value))', neither strong nor weak")
      }
    }
    try row.checkSound(try row.text("audio_path"))
  }

  public static func files(of split: String) -> [SetFile] {
    [SetFile("\(split)/data.jsonl", configuration: "default") { LineEncoder { line($0.question) } }]
  }

  public static func folder(of split: String) -> String { "\(split)/" }

  /// `audio-contribution` is there where it was found out; NeMo-RL then keeps the strong rows alone. It is null where it
  /// was found out of others only.
  static func line(_ question: ExportedQuestion) -> String {
    let isJudged = question.audioContribution != nil || question.sharedMembers.contains(.audioContribution)
    let value = question.audioContribution.map { JSONText.string($0.rawValue) } ?? "null"
    let contribution = isJudged ? ",\"audio-contribution\":" + value : ""
    return JSONText.object([
      "source_dataset": JSONText.string(question.origin["source_dataset"] ?? "earshot"),
      "id": JSONText.string(question.id),
      "audio_path": JSONText.string(question.audioPath),
      "question": JSONText.string(question.question),
      "choices": JSONText.strings(question.choices),
      "answer": JSONText.string(question.answer),
      "question_type": JSONText.string(question.skill) + contribution,
    ])
  }
}
