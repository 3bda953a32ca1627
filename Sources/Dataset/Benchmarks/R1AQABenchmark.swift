extension BenchmarkItem {
  /// A line of AVQA, as R1-AQA reads it. Its clips are `VIDEO_SECOND`; those of one video are one recording.
  init(r1AQA row: JSONValue, _ sounds: BenchmarkSounds) throws(RowProblem) {
    let members = RowMembers(row)
    let read = try sounds.first { (places) throws(RowProblem) in try QuestionFormat.r1AQA.question(row, places) }
    self.init(imported: read)
    recording = read.groups.last
    describe("task", read.task)
    describe("relation", try members.text(["question_relation"]))
    describe("dataset", try members.text(["dataset_name"]))
    prediction = try members.prediction()
  }
}
