extension ImportRow {
  /// A line of our own export.
  init(exported value: JSONValue, _ row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    do {
      self.init(question: try ExportedQuestion(MemberReader(value)))
    } catch {
      throw RowProblem(reason: error.reason, code: error.code)
    }
    question.rates = try row.rates()
    if !question.audioPath.isEmpty { sound = ImportSound(.file(try places.resolve(question.audioPath))) }
  }

  /// A row of the flat tables that we write for the hub; see ``HubColumn``.
  init(hub value: JSONValue, _ row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    do {
      self.init(question: try ExportedQuestion(hub: MemberReader(value)))
    } catch {
      throw RowProblem(reason: error.reason, code: error.code)
    }
    question.rates = try row.rates()
    question.audioPath = try row.audio() ?? ""
    if !question.audioPath.isEmpty { sound = ImportSound(.file(try places.resolve(question.audioPath))) }
  }

  /// A line of AVQA, as R1-AQA reads and we write them.
  init(r1AQA value: JSONValue, _ row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    try self.init(read: try QuestionFormat.r1AQA.question(value, places), row)
    let video = try row.text(["video_name"])
    // A video's name is a clip's: others cut each video but once.
    if let video, sound != nil || Self.isIdentity(video) { question.clip = stemOfVideo(video) ?? video }
    if let clip = YouTubeClip(stem: question.clip) { recording = clip.video }
    question.split = try row.text(["split"]) ?? ""
  }

  /// A row under the usual names: MMAU's, MMAR's, AudioMCQ's, and those of many others.
  init(flat value: JSONValue, _ row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    let format: QuestionFormat = row["answerKey"] == nil ? .rows : .arc
    try self.init(read: try format.question(value, places), row)
    // MMAU's tasks are kinds of sounds; what is asked for stands in other members.
    let asked = ["skill", "sub-category", "question_type"]
    for name in asked + (asked.contains(where: row.has) ? [] : ["task"]) {
      if let text = try row.joined(name) {
        question.skill = text
        break
      }
      question.skill = ""
    }
    question.clip = try row.text(["clip", "clip_id"]) ?? ""
    question.split = try row.text(["split"]) ?? ""
    let address = try row.text(["url"])
    recording = try row.text(["recording", "recording_id"]) ?? address ?? ""
    for name in Self.described {
      if let text = try? row.joined(name) { metadata[name] = text }
    }
  }

  /// Members of published sets that tell what a sound is and where it comes from.
  private static let described = [
    "dataset", "source_dataset", "task", "category", "modality", "language", "source", "url", "timestamp", "license",
    "youtube_id", "freesound_id",
  ]

  private init(read imported: ImportedQuestion, _ row: RowMembers) throws(RowProblem) {
    guard !imported.choices.isEmpty else {
      throw RowProblem(reason: "the row has no choices; questions with choices are read")
    }
    guard let answer = imported.answer else {
      throw RowProblem(reason: "the answer is withheld", code: .answerNotInChoices)
    }
    self.init(stem: imported.question, choices: imported.choices, answerIndex: answer)
    question.id = imported.id
    question.skill = imported.task
    question.difficulty = try row.text(["difficulty"]) ?? ""
    question.labels = imported.labels
    question.evidence = try row.text(["evidence"]) ?? ""
    question.rationale = imported.rationale ?? ""
    question.audioContribution = imported.audioContribution
    question.captions = imported.captions.map {
      ExportedQuestion.Caption(captioner: ExportedQuestion.Caption.given, text: $0)
    }
    question.audioPath = try row.audio() ?? ""
    question.rates = try row.rates()
    sound = imported.audio.map { ImportSound(.file($0), start: imported.start, duration: imported.duration) }
  }
}

extension RowMembers {
  func has(_ name: String) -> Bool { self[name] != nil }
}

extension ExportedQuestion {
  /// A row of the flat tables; its sound's path is left empty.
  init(hub members: MemberReader) throws(MemberReader.Problem) {
    let texts = try members.texts("captions")
    let sources = try members.text("caption_sources")
    self.init(
      id: try members.text("id"), clip: try members.text("clip"), split: try members.optionalText("split"),
      audioPath: "", question: try members.text("question"), choices: try members.texts("choices"),
      answerIndex: try members.integer("answer_index"), skill: try members.text("skill"),
      difficulty: try members.text("difficulty"), labels: try members.texts("labels"),
      evidence: try members.text("evidence"),
      captions: try Self.captions(json: sources) ?? texts.map { Caption(captioner: Caption.given, text: $0) },
      provenance: Provenance(
        model: try members.text("writer"), prompt: try members.text("prompt"),
        promptHash: try members.text("prompt_sha256"), captioners: try members.texts("captioners"),
        checksVersion: try members.integer("checks_version"), sources: try members.texts("sources")))
    rationale = try members.optionalText("rationale")
    try takeContribution(try members.optionalText("audio_contribution"))
    try checkAnswer(try members.text("answer"))
  }
}
