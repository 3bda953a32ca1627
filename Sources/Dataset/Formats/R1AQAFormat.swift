/// Training lines of R1-AQA (Xiaomi; commit 5d24f31), whose loader reads them as AVQA's.
public enum R1AQAFormat: SetFormat {
  public static let rowExtensions = ["jsonl", "data"]

  /// The loader gives a row of another data set no prompt, and training stops at it.
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    guard try row.text("dataset_name") == "AVQA" else { throw RowProblem(reason: "'dataset_name' is not AVQA") }
    try row.checkQuestion("question_text", choices: "multi_choice")
    try row.checkAnswerIndex("answer", among: "multi_choice")
    try row.checkSound(try row.text("audio_path"))
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("\(split).jsonl", configuration: "default", isAlwaysThere: true) {
        LineEncoder { row in
          line(row.question, row: row.number, clipNumber: row.clipNumber, audioPath: row.question.audioPath)
        }
      }
    ]
  }

  /// The line of a question, without a line break.
  ///
  /// `row` is its number in the file and `clipNumber` that of its clip, both from 0. `audioPath` is what the trainer
  /// opens: absolute, or relative to the folder it is started in. `dataset_name` has to be `AVQA`, or the loader gives
  /// the row no prompt.
  public static func line(_ question: ExportedQuestion, row: Int, clipNumber: Int, audioPath: String) -> String {
    JSONText.object([
      "id": String(row),
      "video_name": JSONText.string(question.clip),
      "video_id": String(clipNumber),
      "question_text": JSONText.string(question.question),
      "multi_choice": JSONText.strings(question.choices),
      "answer": String(question.answerIndex),
      "question_relation": JSONText.string("Sound"),
      "question_type": JSONText.string(question.skill.isEmpty ? "Which" : question.skill),
      "dataset_name": JSONText.string("AVQA"),
      "audio_path": JSONText.string(audioPath),
    ])
  }
}
