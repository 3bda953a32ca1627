/// Parts of a question as JSON, for those who keep them.
extension ExportedQuestion {
  /// The captions as a JSON list, as a line of our own export has them.
  public var captionsText: String { JSONText.array(captions.map(JSONLFormat.caption)) }

  /// What made the question, as a JSON object, without its sources.
  public var makingText: String {
    var provenance = provenance
    provenance.sources = []
    return JSONLFormat.provenance(provenance)
  }

  /// The captions of such a list; nil where it is none.
  public static func captions(text: String) -> [Caption]? { try? captions(json: text) }

  /// What such an object says, with these sources; nil where it is none.
  public static func provenance(text: String, sources: [String]) -> Provenance? {
    guard let value = try? JSONParser.parse(Array(text.utf8)), let members = try? MemberReader(value),
      var made = try? Provenance(members, hasSources: false)
    else { return nil }
    made.sources = sources
    return made
  }

  /// Nil for an empty text.
  static func captions(json text: String) throws(MemberReader.Problem) -> [Caption]? {
    guard !text.isEmpty else { return nil }
    guard let elements = (try? JSONParser.parse(Array(text.utf8)))?.elements else {
      throw MemberReader.Problem(reason: "'caption_sources' is not a JSON list")
    }
    var captions: [Caption] = []
    for element in elements { captions.append(try Caption(MemberReader(element))) }
    return captions
  }

  mutating func takeContribution(_ text: String) throws(MemberReader.Problem) {
    audioContribution = AudioContribution(rawValue: text)
    guard text.isEmpty || audioContribution != nil else {
      throw MemberReader.Problem(reason: "'audio_contribution' is '\(shortened(text))', neither strong nor weak")
    }
  }

  func checkAnswer(_ text: String) throws(MemberReader.Problem) {
    guard choices.indices.contains(answerIndex) else {
      throw MemberReader.Problem(
        reason: "'answer_index' is \(answerIndex) with \(choices.count) choices", code: .answerNotInChoices)
    }
    guard text == answer else {
      throw MemberReader.Problem(reason: "'answer' is not the choice at 'answer_index'", code: .answerNotInChoices)
    }
  }
}

extension ExportedQuestion.Provenance {
  init(_ made: MemberReader, hasSources: Bool) throws(MemberReader.Problem) {
    self.init(
      model: try made.text("model"), prompt: try made.text("prompt"), promptHash: try made.text("prompt_sha256"),
      captioners: try made.texts("captioners"), checksVersion: try made.integer("checks_version"),
      sources: hasSources ? try made.texts("sources") : [])
  }
}
