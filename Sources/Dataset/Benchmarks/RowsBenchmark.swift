extension BenchmarkItem {
  /// A question with choices under the usual names, as training reads them: `audio`, `question`, `choices`, `answer`.
  init(row: JSONValue, _ sounds: BenchmarkSounds) throws(RowProblem) {
    let members = RowMembers(row)
    let read = try sounds.first { (places) throws(RowProblem) in try QuestionFormat.rows.question(row, places) }
    guard !read.choices.isEmpty else { throw RowProblem(reason: "the row has no choices; say what to do by 'task'") }
    self.init(imported: read)
    recording = try members.text(["recording", "recording_id"])
    describe("task", read.task)
    for name in ["category", "difficulty", "split"] { describe(name, try members.joined(name)) }
    prediction = try members.prediction()
  }
}
