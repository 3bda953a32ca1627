extension BenchmarkItem {
  /// A line of our own export. The first file that its clip was found in is its recording.
  init(exported row: JSONValue, _ sounds: BenchmarkSounds) throws(RowProblem) {
    let members = RowMembers(row)
    let read = try sounds.first { (places) throws(RowProblem) in try QuestionFormat.jsonl.question(row, places) }
    self.init(imported: read)
    recording = read.groups.dropFirst().first ?? read.groups.first
    describe("skill", read.task)
    describe("difficulty", try members.text(["difficulty"]))
    describe("split", try members.text(["split"]))
    prediction = try members.prediction()
  }

  /// A question with choices that a reader of training sets has read.
  init(imported question: ImportedQuestion) {
    self.init(
      id: question.id, kind: .choice, audio: question.audio, start: question.start, duration: question.duration,
      question: question.question, choices: question.choices)
    groups = question.groups
    captions = question.captions
    answer = question.answerText
    answerIndex = answer.flatMap { choices.firstIndex(of: $0) }
  }
}
