extension BenchmarkItem {
  /// A row that says by `task` what is to be done, with the sound under the usual names, and with its right answer in
  /// `answer`, `reference`, `references` or `gt`, or under the task's own name: `label`, `transcript`, `translation`,
  /// `caption`. Lines of Qwen2-Audio's evaluation scripts (`audio`, `prompt`, `source`, `gt`) are such rows once they
  /// have a task.
  init(task row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    let task = try row.needed("task")
    guard let form = TaskForm(task: task) else {
      let known = TaskForm.all.map { $0.names[0] }.joined(separator: ", ")
      throw RowProblem(reason: "the task '\(shortened(task))' is none of \(known)")
    }
    self.init(
      id: try row.text(["id", "uniq_id", "question_id", "uid"]) ?? "", kind: form.kind,
      question: try row.speech(RowMembers.question) ?? "")
    try takeSound(row, sounds)
    try takeAnswer(row, form)
    language = try row.text(["language", "source_language", "lang"])
    targetLanguage = try row.text(["target_language", "target_lang"])
    recording = try row.text(["recording", "recording_id"])
    groups = try row.groups()
    describe("task", task)
    for name in ["dataset", "source", "category", "sub-category", "difficulty", "modality", "split", "speaker"] {
      describe(name, try row.joined(name))
    }
    describe("language", language)
    describe("target-language", targetLanguage)
    prediction = try row.prediction(RowMembers.predictions + ["response"])
    guard audio != nil || !question.isEmpty else { throw RowProblem(reason: "neither a sound nor a question") }
  }

  private mutating func takeSound(_ row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    audio = try sounds.find(row)
    start = try row.number(["start", "start_time", "offset"], in: 0...1e9)
    duration = try row.number(["duration"], in: 1e-3...1e9)
    if duration == nil, let start, let end = try row.number(["end", "end_time"], in: 0...1e9) {
      guard end > start else { throw RowProblem(reason: "the sound ends at \(end), before it starts") }
      duration = end - start
    }
  }

  private mutating func takeAnswer(_ row: RowMembers, _ form: TaskForm) throws(RowProblem) {
    switch form.kind {
    case .choice: take(try row.choices("choices", answer: "answer"))
    case .label:
      answer = try row.text(form.answers)
      if let labels = row.first(["choices", "labels"]) {
        choices = try RowChoices(labels.value, named: labels.name).texts
      }
      answerIndex = answer.flatMap { choices.firstIndex(of: $0) }
      guard answer == nil || choices.isEmpty || answerIndex != nil else {
        throw RowProblem(reason: "the label '\(shortened(answer ?? ""))' is none of the row's")
      }
    default: references = try row.texts(form.answers)
    }
  }
}

/// What rows of a task hold.
struct TaskForm {
  var kind: BenchmarkItem.Kind
  var names: [String]
  /// The members with the right answer, in the order they are tried.
  var answers: [String]

  static let all = [
    TaskForm(kind: .choice, names: ["choice", "mcq"], answers: ["answer"]),
    TaskForm(
      kind: .label, names: ["classification", "label", "emotion", "ser", "vocal-sound", "vsc"],
      answers: ["label", "answer", "gt", "reference"]),
    TaskForm(
      kind: .transcript, names: ["transcript", "transcription", "asr"],
      answers: ["transcript", "references", "reference", "gt", "answer", "text"]),
    TaskForm(
      kind: .translation, names: ["translation", "s2tt", "ast", "st"],
      answers: ["translation", "translations", "references", "reference", "gt", "answer"]),
    TaskForm(
      kind: .caption, names: ["caption", "captioning", "aac"],
      answers: ["captions", "caption", "references", "reference", "gt", "answer"]),
    TaskForm(kind: .wordTimes, names: ["word-times", "srwt"], answers: ["word_times", "reference", "gt", "answer"]),
    TaskForm(kind: .openChat, names: ["open-chat", "chat"], answers: ["references", "reference", "gt", "answer"]),
  ]

  init?(task: String) {
    let name = task.lowercased().replacing("_", with: "-")
    guard let form = Self.all.first(where: { $0.names.contains(name) }) else { return nil }
    self = form
  }

  private init(kind: BenchmarkItem.Kind, names: [String], answers: [String]) {
    self.kind = kind
    self.names = names
    self.answers = answers
  }
}
