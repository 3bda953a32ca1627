/// Prompts for TRL's GRPO trainer: with the sound, for trainers that take one, and with the captions in its place.
///
/// TRL itself has no path for sounds (at 1.16); `text-SPLIT.jsonl` trains there as it is, and is what a policy that never
/// hears is to be measured by.
public enum TRLFormat: SetFormat {
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    let messages = try row.objects("prompt")
    guard let last = messages.last, try last.text("role") == "user" else {
      throw RowProblem(reason: "'prompt' does not end with the user's turn")
    }
    try row.checkSolution("solution")
    if row.value.member("choices") != nil { try row.checkChoices("choices") }
    guard row.value.member("audio") != nil else { return }
    try row.checkSound(try row.text("audio"))
    var sounds = 0
    for message in messages {
      for part in try message.objects("content") where try part.text("type") == "audio" { sounds += 1 }
    }
    guard sounds == 1 else { throw RowProblem(reason: "'prompt' has \(sounds) places for the one sound") }
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("\(split).jsonl", configuration: "default") { LineEncoder { line($0) } },
      SetFile("text-\(split).jsonl", configuration: "text") { LineEncoder { textLine($0) } },
    ]
  }

  /// `content` is a list in every row, `text` null for the sound: one type for each member in the whole file.
  static func line(_ row: SetRow) -> String {
    let content = JSONText.array([
      JSONText.object(["type": JSONText.string("audio"), "text": "null"]),
      JSONText.object(["type": JSONText.string("text"), "text": JSONText.string(row.asked)]),
    ])
    return JSONText.object([
      "prompt": JSONText.array([JSONText.object(["role": JSONText.string("user"), "content": content])]),
      "audio": JSONText.string(row.question.audioPath),
      "solution": JSONText.string(row.taggedAnswer),
      "choices": JSONText.strings(row.question.choices),
      "id": JSONText.string(row.question.id) + row.question.rateMembers,
    ])
  }

  static func textLine(_ row: SetRow) -> String {
    let heard = row.captionText.isEmpty ? "" : "A sound is described so:\n\(row.captionText)\n\n"
    let message = JSONText.object([
      "role": JSONText.string("user"), "content": JSONText.string(heard + row.asked),
    ])
    return JSONText.object([
      "prompt": JSONText.array([message]),
      "solution": JSONText.string(row.taggedAnswer),
      "choices": JSONText.strings(row.question.choices),
      "id": JSONText.string(row.question.id) + row.question.rateMembers,
    ])
  }
}
