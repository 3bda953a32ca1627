extension BenchmarkItem {
  /// A row of AudioMCQ: `source_dataset`, `id`, `audio_path`, `question`, `choices`, `answer`, and where it is known
  /// `question_type` and `audio-contribution` (strong or weak).
  init(audioMCQ row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    self.init(id: try row.text(["id"]) ?? "", kind: .choice, question: try row.needed("question"))
    audio = try sounds.find(row)
    take(try row.choices("choices", answer: "answer"))
    describe("dataset", try row.text(["source_dataset"]))
    describe("type", try row.text(["question_type"]))
    describe("audio-contribution", try row.text(["audio-contribution", "audio_contribution"]))
    prediction = try row.prediction()
  }
}
