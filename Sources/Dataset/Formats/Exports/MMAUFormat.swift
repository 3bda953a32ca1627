/// MMAU's lists (repository at 110127f), as its scorer and R1-AQA's tester read them.
public enum MMAUFormat: SetFormat {
  /// The values that the scorer's tables have; another one stops it with a KeyError.
  static let tasks = ["sound", "music", "speech"]
  static let difficulties = ["easy", "medium", "hard"]

  public static let rowExtensions = ["json"]

  /// An answer may be withheld, as in MMAU's own test set.
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    try row.checkQuestion("question", choices: "choices")
    if try !row.text("answer").isEmpty { try row.checkAnswer("answer", among: "choices") }
    for (name, values) in [("task", tasks), ("difficulty", difficulties)] {
      let value = try row.text(name)
      guard values.contains(value) else {
        let known = values.joined(separator: ", ")
        throw RowProblem(reason: "'\(name)' is '\(shortened(value))'; the scorer knows \(known)")
      }
    }
    let sound = try row.text("audio_id")
    guard !sound.hasPrefix("/") else { throw RowProblem(reason: "'audio_id' is an absolute path") }
    try row.checkSound(sound)
  }

  public static func files(of split: String) -> [SetFile] {
    [SetFile("\(split).json", configuration: "default") { ListEncoder { object($0.question) } }]
  }

  /// A skill that is no task counts as `sound`, where the question does not come with its task; a difficulty that the
  /// scorer does not know as `medium`.
  static func object(_ question: ExportedQuestion) -> String {
    let given = question.origin["task"]?.lowercased() ?? question.skill.lowercased()
    let task = tasks.first { $0 == given } ?? "sound"
    let difficulty = difficulties.first { $0 == question.difficulty.lowercased() } ?? "medium"
    return JSONText.object([
      "id": JSONText.string(question.id),
      "audio_id": JSONText.string("./" + question.audioPath),
      "question": JSONText.string(question.question),
      "choices": JSONText.strings(question.choices),
      "answer": JSONText.string(question.answer),
      "dataset": JSONText.string(question.origin["dataset"] ?? "earshot"),
      "task": JSONText.string(task),
      "split": JSONText.string(question.split),
      "category": JSONText.string(question.origin["category"] ?? "Reasoning"),
      "sub-category": JSONText.string(question.skill),
      "difficulty": JSONText.string(difficulty),
    ])
  }
}
