extension BenchmarkItem {
  /// A row of AIR-Bench's chat part (Chat_meta.json, or the lines of a result with `response`): `meta_info`,
  /// `question`, `answer_gt`, `path`, `task_name`, `dataset_name`, `uniq_id`.
  init(airBenchChat row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    self.init(id: try row.text(["uniq_id"]) ?? "", kind: .openChat, question: try row.needed("question"))
    audio = try sounds.find(try Self.airBenchPaths(row))
    references = try row.text(["answer_gt"]).map { [$0] } ?? []
    soundDescription = try Self.soundDescription(row)
    let task = try row.text(["task_name"])
    describe("domain", task.flatMap { Self.airBenchDomains[$0] })
    describe("task", task)
    describe("dataset", try row.text(["dataset_name"]))
    prediction = try row.prediction(["response"] + RowMembers.predictions)
  }

  /// The four domains of AIR-Bench's table; its mixed score is the mean of its two tasks', the others pool theirs.
  private static let airBenchDomains = [
    "speech_QA": "speech", "speech_dialogue_QA": "speech", "sound_QA": "sound", "sound_generation_QA": "sound",
    "music_QA": "music", "music_generation_analysis_QA": "music", "speech_and_sound_QA": "mixed",
    "speech_and_music_QA": "mixed",
  ]

  private static func soundDescription(_ row: RowMembers) throws(RowProblem) -> String? {
    let isList = row["meta_info"]?.elements != nil
    return isList ? try row.texts(["meta_info"]).joined(separator: "\n") : try row.text(["meta_info"])
  }
}
