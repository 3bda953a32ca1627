/// Lhotse's manifests: a MonoCut for each question, its recording and its answer as supervision.
public enum LhotseFormat: SetFormat {
  public static let sounds: [SoundHandling] = [.copied, .linked]

  public static func check(_ row: CheckedRow) throws(RowProblem) {
    guard try row.text("type") == "MonoCut" else { throw RowProblem(reason: "'type' is not MonoCut") }
    let recording = try row.object("recording")
    let seconds = Double(try recording.integer("num_samples")) / Double(max(1, try recording.integer("sampling_rate")))
    guard abs(try recording.number("duration") - seconds) < 1e-3 else {
      throw RowProblem(reason: "the recording's 'duration' is not its samples over its rate, \(seconds)")
    }
    let (start, duration) = (try row.number("start"), try row.number("duration"))
    guard start >= 0, duration > 0, start + duration <= seconds + 1e-3 else {
      throw RowProblem(reason: "the cut reaches beyond its recording")
    }
    for source in try recording.objects("sources") where try source.text("type") == "file" {
      try row.checkSound(try source.text("source"))
    }
    for supervision in try row.objects("supervisions") {
      let end = try supervision.number("start") + supervision.number("duration")
      guard end <= duration + 1e-3 else { throw RowProblem(reason: "a supervision reaches beyond its cut") }
      _ = try supervision.text("text")
    }
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("cuts-\(split).jsonl") {
        LineEncoder { row throws(DatasetError) in
          guard let sound = row.sound else { throw .noSound(id: row.question.id) }
          return line(row.question, frames: try sound.frames())
        }
      }
    ]
  }

  /// A duration is exactly the samples over the rate: Lhotse refuses a recording that is off by more than its tolerance.
  static func line(_ question: ExportedQuestion, frames: Int) -> String {
    let seconds = "\(Double(frames) / Double(SetSound.sampleRate))"
    let source = JSONText.object([
      "type": JSONText.string("file"), "channels": "[0]", "source": JSONText.string(question.audioPath),
    ])
    let recording = JSONText.object([
      "id": JSONText.string(question.clip), "sources": JSONText.array([source]),
      "sampling_rate": String(SetSound.sampleRate), "num_samples": String(frames), "duration": seconds,
    ])
    return JSONText.object([
      "id": JSONText.string(question.id), "start": "0.0", "duration": seconds, "channel": "0",
      "recording": recording, "supervisions": JSONText.array([supervision(question, seconds)]),
      "custom": JSONText.object(["task": JSONText.string(question.skill)]), "type": JSONText.string("MonoCut"),
    ])
  }

  private static func supervision(_ question: ExportedQuestion, _ seconds: String) -> String {
    JSONText.object([
      "id": JSONText.string(question.id + "-answer"), "recording_id": JSONText.string(question.clip),
      "start": "0.0", "duration": seconds, "channel": "0", "text": JSONText.string(question.answer),
      "custom": JSONText.object([
        "question": JSONText.string(question.question), "choices": JSONText.strings(question.choices),
        "answer_index": String(question.answerIndex) + question.rateMembers,
      ]),
    ])
  }
}
