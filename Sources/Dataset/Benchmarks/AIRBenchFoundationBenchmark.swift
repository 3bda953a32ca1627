extension BenchmarkItem {
  /// A row of AIR-Bench's foundation part (Foundation_meta.json, or the lines of a result with `response`): `path`,
  /// `question`, `choice_a` to `choice_d`, of which the last two may be missing, `answer_gt`, `task_name`,
  /// `dataset_name`, `uniq_id`.
  init(airBenchFoundation row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    self.init(id: try row.text(["uniq_id"]) ?? "", kind: .choice, question: try row.needed("question"))
    audio = try sounds.find(try Self.airBenchPaths(row))
    var texts: [JSONValue] = []
    for letter in ["a", "b", "c", "d"] {
      if let text = try row.text(["choice_\(letter)"]) { texts.append(.string(text)) }
    }
    var taken = try RowChoices(.array(texts), named: "choice_a to choice_d")
    if let answer = try row.text(["answer_gt"]) { try taken.answer(text: answer, named: "answer_gt") }
    take(taken)
    describe("task", try row.text(["task_name"]))
    describe("dataset", try row.text(["dataset_name"]))
    prediction = try row.prediction(["response"] + RowMembers.predictions)
  }

  /// The sounds of a task are in `TASK_DATASET/`; those of Audio_Grounding are FLAC under another name.
  static func airBenchPaths(_ row: RowMembers) throws(RowProblem) -> [String] {
    let path = try row.needed("path")
    guard let task = try row.text(["task_name"]), let dataset = try row.text(["dataset_name"]) else { return [path] }
    let inFolder = "\(task)_\(dataset)/\(path)"
    let flac = inFolder.hasSuffix(".wav") ? [String(inFolder.dropLast(3)) + "flac"] : []
    return task == "Audio_Grounding" ? flac + [inFolder] : [inFolder]
  }
}
