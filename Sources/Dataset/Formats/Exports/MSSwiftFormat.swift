/// Rows for ms-swift: `sft-SPLIT.jsonl` with the answer as the assistant's turn, `grpo-SPLIT.jsonl` with it as `solution`.
///
/// Beside `messages` there is no member that ms-swift takes for another name of one of its own (question, query, answer,
/// response, text, label, audio, …).
public enum MSSwiftFormat: SetFormat {
  /// Names that ms-swift takes for `messages` or `audios` where these are there too.
  private static let aliases = [
    "question", "query", "prompt", "input", "instruction", "answer", "response", "output", "text", "label", "audio",
    "image", "images", "video", "videos",
  ]

  public static func check(_ row: CheckedRow) throws(RowProblem) {
    if let alias = aliases.first(where: { row.value.member($0) != nil }) {
      throw RowProblem(reason: "'\(alias)' beside 'messages' is taken for another name of one of its own")
    }
    let isPrompted = row.value.member("solution") != nil
    try row.checkMessages("messages", sounds: "audios", endsWithUser: isPrompted)
    if isPrompted { try row.checkSolution("solution") }
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("sft-\(split).jsonl", configuration: "sft") { LineEncoder { supervised($0) } },
      SetFile("grpo-\(split).jsonl", configuration: "grpo") { LineEncoder { prompted($0) } },
    ]
  }

  static func supervised(_ row: SetRow) -> String {
    JSONText.object([
      "messages": JSONText.array([ChatMessages.user(row), ChatMessages.message("assistant", row.taggedAnswer)]),
      "audios": ChatMessages.sounds(row),
    ])
  }

  static func prompted(_ row: SetRow) -> String {
    JSONText.object([
      "messages": JSONText.array([ChatMessages.user(row)]),
      "audios": ChatMessages.sounds(row),
      "solution": JSONText.string(row.taggedAnswer),
      "choices": JSONText.strings(row.question.choices),
      "question_id": JSONText.string(row.question.id) + row.question.rateMembers,
    ])
  }
}
