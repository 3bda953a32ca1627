import Foundation

/// Decides what the stand-in writes: the one value a schema allows, a caption of a sound, prose, or questions.
enum StandInWriter {
  static func content(for request: ChatRequest) -> String {
    if case .jsonSchema(let only?) = request.format, let json = JSONBytes.text(of: only) { return json }
    guard let sound = request.sound else {
      return isProseWanted(request) ? StandInProse.text(for: request) : QuestionGrammar().content(for: request)
    }
    guard wantsJSON(request) else { return ListenedCaption.text(of: sound) }
    // A writer that hears: what it hears is one more caption.
    var heard = request
    heard.userText += "\n" + ListenedCaption.text(of: sound)
    return QuestionGrammar().content(for: heard)
  }

  private static func wantsJSON(_ request: ChatRequest) -> Bool {
    switch request.format {
    case .jsonObject, .jsonSchema: true
    case .text, nil: request.missesFormat || words(of: request).contains("json")
    }
  }

  /// Whether nothing in the request is about questions.
  private static func isProseWanted(_ request: ChatRequest) -> Bool {
    switch request.format {
    case .jsonObject, .jsonSchema: return false
    case .text, nil: break
    }
    return questionWords.isDisjoint(with: words(of: request)) && FactReader.facts(in: request.userText).evidence.isEmpty
  }

  private static let questionWords: Set<String> = [
    "question", "questions", "choice", "choices", "option", "options", "distractor", "distractors", "caption",
    "captions",
  ]

  private static func words(of request: ChatRequest) -> Set<String> {
    Set(TextTokens(request.userText + "\n" + request.systemText).words)
  }
}

/// A sentence about the weather, for those who ask the stand-in for something else than questions.
enum StandInProse {
  private static let places = [
    "Over the hills", "By the harbour", "In the old town", "Along the river", "At the coast",
  ]
  private static let times = ["at dawn", "before noon", "all day", "towards evening", "through the night"]
  private static let weathers = [
    "a light wind moves the trees", "low clouds drift in from the west", "the rain comes and goes",
    "fog lies on the fields", "the air is dry and clear", "thunder can be heard far away", "the first snow falls",
  ]
  private static let ends = [
    "and nobody minds", "as it often does", "for the third time this week", "and then it stops",
  ]

  /// The same text and seed give the same sentence; another seed most likely another.
  static func text(for request: ChatRequest) -> String {
    let own = UInt64(bitPattern: Int64(request.seed ?? 0))
    var random = SplitMix64(seed: StableHash.mix(StableHash.of(Array(request.userText.utf8)), own))
    let temperature = random.below(35)
    return "\(random.pick(places)) \(random.pick(weathers)) \(random.pick(times)) \(random.pick(ends)), "
      + "at \(temperature) degrees."
  }
}
