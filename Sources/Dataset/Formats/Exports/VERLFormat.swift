/// Rows for verl: JSON lines under the name `SPLIT.json`, which its loaders of January and of August 2026 both read
/// (the earlier knows no `.jsonl`).
public enum VERLFormat: SetFormat {
  /// By which reward functions tell our rows from others.
  static let source = "earshot"

  public static let rowExtensions = ["json", "jsonl"]

  public static func check(_ row: CheckedRow) throws(RowProblem) {
    _ = try row.text("data_source")
    try row.checkMessages("prompt", sounds: "audios", endsWithUser: true)
    let truth = try row.object("reward_model").text("ground_truth")
    let extra = try row.object("extra_info")
    _ = try extra.integer("index")
    if extra.value.member("choices") != nil {
      try extra.checkChoices("choices")
      guard try extra.texts("choices").contains(truth) else {
        throw RowProblem(reason: "'ground_truth' is '\(shortened(truth))', which is none of the choices")
      }
    }
  }

  public static func files(of split: String) -> [SetFile] {
    [SetFile("\(split).json", configuration: "default") { LineEncoder { line($0) } }]
  }

  static func line(_ row: SetRow) -> String {
    let question = row.question
    return JSONText.object([
      "data_source": JSONText.string(source),
      "prompt": JSONText.array([ChatMessages.user(row)]),
      "audios": ChatMessages.sounds(row),
      "ability": JSONText.string("audio_qa"),
      "reward_model": JSONText.object([
        "style": JSONText.string("rule"), "ground_truth": JSONText.string(question.answer),
      ]),
      "extra_info": JSONText.object([
        "split": JSONText.string(question.split),
        "index": String(row.number),
        "id": JSONText.string(question.id),
        "choices": JSONText.strings(question.choices) + question.rateMembers,
      ]),
    ])
  }
}
