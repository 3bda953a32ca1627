extension ImportRow {
  /// A cut of Lhotse with its question as the supervision's own members, as we write them.
  init(lhotse value: JSONValue, _ places: AudioPlaces) throws(RowProblem) {
    let cut = RowMembers(value)
    let recording = RowMembers(cut["recording"] ?? .null)
    let supervision = RowMembers(cut["supervisions"]?.elements?.first ?? .null)
    guard let custom = supervision["custom"], custom.member("choices") != nil else {
      throw RowProblem(reason: "the cut's supervision holds no question with choices")
    }
    let members = RowMembers(custom)
    var choices = try members.choices("choices", answer: "answer")
    guard let index = try members.integer(["answer_index"]) else {
      throw RowProblem(reason: "'answer_index' is missing")
    }
    try choices.answer(place: index, named: "answer_index")
    self.init(
      stem: try members.needed("question"), choices: choices.texts, answerIndex: choices.answer ?? 0)
    question.id = try cut.text(["id"]) ?? ""
    question.clip = try recording.text(["id"]) ?? ""
    question.rates = try members.rates()
    question.skill = cut["custom"]?.member("task")?.string ?? ""
    if let source = recording["sources"]?.elements?.first {
      try takeSound(RowMembers(source), cut, recording, places)
    }
  }

  /// A cut that is the whole of its recording has no place in it.
  private mutating func takeSound(
    _ source: RowMembers, _ cut: RowMembers, _ recording: RowMembers, _ places: AudioPlaces
  ) throws(RowProblem) {
    guard try source.text(["type"]) == "file", let path = try source.text(["source"]) else {
      throw RowProblem(reason: "the recording's source is not a file")
    }
    question.audioPath = path
    var sound = ImportSound(.file(try places.resolve(path)))
    let start = try cut.number(["start"], in: 0...1e9) ?? 0
    let duration = try cut.number(["duration"], in: 1e-3...1e9)
    let whole = try recording.number(["duration"], in: 0...1e9)
    if start > 0 || whole.map({ abs($0 - (duration ?? $0)) > 1e-3 }) == true {
      (sound.start, sound.duration) = (start, duration)
    }
    self.sound = sound
  }

  /// A task for Label Studio, as we write it or as it comes back.
  init(labelStudio value: JSONValue, _ places: AudioPlaces) throws(RowProblem) {
    let data = RowMembers(value.member("data") ?? .null)
    let texts = data["choices"]?.elements?.map { $0.member("value")?.string ?? $0.string }
    guard let texts, !texts.contains(nil) else { throw RowProblem(reason: "'choices' is not a list of choices") }
    var choices = try RowChoices(.array(texts.map { .string($0 ?? "") }), named: "choices")
    try choices.answer(text: try data.needed("answer"), named: "answer")
    self.init(stem: try data.needed("question"), choices: choices.texts, answerIndex: choices.answer ?? 0)
    question.id = try data.text(["question_id"]) ?? ""
    question.split = try data.text(["split"]) ?? ""
    question.rates = try data.rates()
    if let text = try data.text(["captions"]) {
      question.captions = [ExportedQuestion.Caption(captioner: ExportedQuestion.Caption.given, text: text)]
    }
    guard let path = try data.audio() else { return }
    // How Label Studio serves files of its own folder.
    question.audioPath = path.firstRange(of: "?d=").map { String(path[$0.upperBound...]) } ?? path
    sound = ImportSound(.file(try places.resolve(question.audioPath)))
  }
}
