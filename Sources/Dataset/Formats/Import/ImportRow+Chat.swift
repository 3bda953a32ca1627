extension ImportRow {
  /// A row of a trainer on conversations: TRL's, ms-swift's, verl's and LLaMA-Factory's.
  init(chat value: JSONValue, _ row: RowMembers, _ places: AudioPlaces) throws(RowProblem) {
    let turns = try Self.turns(row)
    guard let asking = turns.first(where: { $0.role == "user" }) else {
      throw RowProblem(reason: "no turn of the user asks anything")
    }
    let asked = AskedQuestion(asking.text)
    let extra = RowMembers(row["extra_info"] ?? .null)
    let listed = try Self.choices(row, extra)
    guard let choices = listed ?? asked.choices else {
      throw RowProblem(reason: "the choices are neither a list of the row nor named in what is asked, as Earshot does")
    }
    var taken = try RowChoices(.array(choices.map { .string($0) }), named: "choices")
    try taken.answer(text: try Self.answer(row, turns), named: "the answer")
    guard let answer = taken.answer else {
      throw RowProblem(reason: "the answer is withheld", code: .answerNotInChoices)
    }
    self.init(stem: asked.stem, choices: choices, answerIndex: answer)
    let inner = try extra.text(["id"])
    question.id = try row.text(["id", "question_id"]) ?? inner ?? ""
    question.split = try extra.text(["split"]) ?? ""
    question.rates = try row.rates().merging(try extra.rates()) { own, _ in own }
    if let text = asked.description {
      question.captions = [ExportedQuestion.Caption(captioner: ExportedQuestion.Caption.given, text: text)]
    }
    question.audioPath = try row.audio() ?? ""
    if !question.audioPath.isEmpty { sound = ImportSound(.file(try places.resolve(question.audioPath))) }
  }

  private typealias Turn = (role: String, text: String)

  /// Those of the first member that has any, their texts put together.
  private static func turns(_ row: RowMembers) throws(RowProblem) -> [Turn] {
    guard let (name, value) = row.first(["messages", "prompt", "conversations"]), let elements = value.elements else {
      throw RowProblem(reason: "there is no list of messages")
    }
    var turns: [Turn] = []
    for element in elements {
      guard let role = element.member("role", "from")?.string, let content = element.member("content", "value") else {
        throw RowProblem(reason: "'\(name)' holds a message without role and content")
      }
      let parts = content.elements?.compactMap { $0.member("text")?.string } ?? content.string.map { [$0] }
      guard let parts else { throw RowProblem(reason: "'\(name)' holds a message whose content is \(content.kind)") }
      turns.append((role == "human" ? "user" : role == "gpt" ? "assistant" : role, parts.joined()))
    }
    return turns
  }

  private static func choices(_ row: RowMembers, _ extra: RowMembers) throws(RowProblem) -> [String]? {
    guard let value = row["choices"] ?? extra["choices"] else { return nil }
    return try RowChoices(value, named: "choices").texts
  }

  /// The right choice: what the reward holds completions against, else what the model is to say.
  private static func answer(_ row: RowMembers, _ turns: [Turn]) throws(RowProblem) -> String {
    let truth = row["reward_model"]?.member("ground_truth")?.string
    let chosen = row["chosen"]?.member("content", "value")?.string
    let said = turns.last { $0.role == "assistant" }?.text
    let solution = try row.text(["solution"])
    guard let text = truth ?? solution ?? chosen ?? said else {
      throw RowProblem(reason: "no answer: neither 'solution', 'reward_model', 'chosen' nor an assistant's turn")
    }
    guard let start = text.ranges(of: "<answer>").last?.upperBound,
      let end = text[start...].firstRange(of: "</answer>")?.lowerBound
    else { return text }
    return String(text[start..<end])
  }
}
