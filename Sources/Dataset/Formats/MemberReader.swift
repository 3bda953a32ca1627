/// Reads the members of a JSON object that all have to be there.
struct MemberReader {
  struct Problem: Error {
    var reason: String
    var code = ReasonCode.schema
  }

  private let value: JSONValue

  init(_ value: JSONValue) throws(Problem) {
    guard case .object = value else { throw Problem(reason: "\(value.kind) stands where an object belongs") }
    self.value = value
  }

  func text(_ name: String) throws(Problem) -> String {
    guard case .string(let text) = try member(name) else { throw wrong(name, "text") }
    return text
  }

  /// Empty where there is no such member: lines of an earlier version have fewer.
  func optionalText(_ name: String) throws(Problem) -> String {
    value.member(name) == nil ? "" : try text(name)
  }

  /// Nil where there is no such member, or null.
  func optionalNumber(_ name: String) throws(Problem) -> Double? {
    switch value.member(name) {
    case nil, .null?: return nil
    case .number(let digits)?:
      guard let number = Double(digits), number.isFinite else { throw wrong(name, "a number") }
      return number
    default: throw wrong(name, "a number")
    }
  }

  func texts(_ name: String) throws(Problem) -> [String] {
    let elements = try elements(name)
    let texts = elements.compactMap(\.string)
    guard texts.count == elements.count else { throw wrong(name, "a list of texts") }
    return texts
  }

  func integer(_ name: String) throws(Problem) -> Int {
    guard case .number(let digits) = try member(name), let number = Int(digits) else {
      throw wrong(name, "a whole number")
    }
    return number
  }

  func object(_ name: String) throws(Problem) -> MemberReader { try MemberReader(try member(name)) }

  func objects(_ name: String) throws(Problem) -> [MemberReader] {
    var readers: [MemberReader] = []
    for element in try elements(name) { readers.append(try MemberReader(element)) }
    return readers
  }

  private func elements(_ name: String) throws(Problem) -> [JSONValue] {
    guard let elements = try member(name).elements else { throw wrong(name, "a list") }
    return elements
  }

  private func member(_ name: String) throws(Problem) -> JSONValue {
    guard let member = value.member(name) else { throw Problem(reason: "'\(name)' is missing") }
    return member
  }

  private func wrong(_ name: String, _ kind: String) -> Problem { Problem(reason: "'\(name)' is not \(kind)") }
}

extension ExportedQuestion.Caption {
  init(_ caption: MemberReader) throws(MemberReader.Problem) {
    self.init(
      captioner: try caption.text("captioner"), text: try caption.text("text"),
      model: try caption.optionalText("model"), revision: try caption.optionalText("revision"),
      prompt: try caption.optionalText("prompt"), promptHash: try caption.optionalText("prompt_sha256"),
      sampling: try caption.optionalText("sampling"),
      meanLogProbability: try caption.optionalNumber("mean_logprob"), origin: try caption.optionalText("origin"))
  }
}

extension ExportedQuestion {
  init(_ members: MemberReader) throws(MemberReader.Problem) {
    var captions: [Caption] = []
    for caption in try members.objects("captions") { captions.append(try Caption(caption)) }
    self.init(
      id: try members.text("id"), clip: try members.text("clip"), split: try members.text("split"),
      audioPath: try members.text("audio_path"), question: try members.text("question"),
      choices: try members.texts("choices"), answerIndex: try members.integer("answer_index"),
      skill: try members.text("skill"), difficulty: try members.text("difficulty"),
      labels: try members.texts("labels"), evidence: try members.text("evidence"), captions: captions,
      provenance: try Provenance(try members.object("provenance"), hasSources: true))
    rationale = try members.optionalText("rationale")
    try takeContribution(try members.optionalText("audio_contribution"))
    try checkAnswer(try members.text("answer"))
  }
}
