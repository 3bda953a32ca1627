import Foundation

/// How far the captions of a clip can be trusted: what they say of measured quantities held against the measurements,
/// and against each other.
public struct CaptionTrust: Sendable, Equatable {
  /// Statements that could be compared.
  public private(set) var compared = 0
  /// Those that were denied, each as a sentence.
  public private(set) var contradictions: [String] = []

  /// The share of statements that held, with one that holds added: 1 where nothing is contradicted, 1/2 where the only
  /// statement is. (Laplace's rule without its failure: silence is no fault.)
  public var score: Double { Double(compared - contradictions.count + 1) / Double(compared + 1) }

  /// `captions` are those in free text, one for each captioner or run; `measured` is nil where nothing was measured.
  public init(captions: [String], measured: ClipMeasurements?) {
    let said = captions.map { CaptionEvents.sentences($0).flatMap(Statement.read) }
    if let measured {
      for statement in said.flatMap(\.self) {
        guard let holds = statement.holds(measured) else { continue }
        compared += 1
        if !holds { contradictions.append("'\(statement.text)' is not what was measured.") }
      }
    }
    for one in said.indices {
      for other in said.indices.dropFirst(one + 1) { compare(said[one], said[other]) }
    }
  }

  private mutating func compare(_ ones: [Statement], _ others: [Statement]) {
    for one in ones {
      for other in others {
        guard let agrees = one.agrees(with: other) else { continue }
        compared += 1
        if !agrees { contradictions.append("'\(one.text)' and '\(other.text)' cannot both be true.") }
      }
    }
  }
}

/// What a sentence of a caption says of the whole clip.
private struct Statement {
  enum Claim: Equatable {
    case seconds(Double)
    case tempo(Double)
    case events(Int)
    case loudness(CourseClaim)
    case pitch(CourseClaim)
    case has(ContentWords)
    case lacks(ContentWords)
  }

  var claim: Claim
  var text: String

  static func read(_ sentence: String) -> [Statement] {
    let text = shortened(trimmed(sentence))
    let plain = sentence.lowercased()
    let words = Dataset.words(in: plain)
    var claims: [Claim] = []
    if let match = plain.firstMatch(of: /(\d+(?:\.\d+)?)\s*(?:bpm|beats per minute)/), let beats = Double(match.1) {
      claims.append(.tempo(beats))
    }
    if let match = plain.firstMatch(
      of: /(?:recording|clip|audio|it) lasts (?:about |around )?(\d+(?:\.\d+)?) seconds?/),
      let seconds = Double(match.1)
    {
      claims.append(.seconds(seconds))
    }
    if let match = plain.firstMatch(of: /([a-z]+|\d+) (?:separate |distinct )?sound events/) {
      if let count = Int(match.1) ?? NumberWords.value(String(match.1)) { claims.append(.events(count)) }
    }
    let names = Set(words.map { String(decoding: $0.utf8, as: UTF8.self) })
    if !names.isDisjoint(with: ["loudness", "volume", "louder", "quieter"]), let course = CourseClaim(reading: plain) {
      claims.append(.loudness(course))
    } else if names.contains("pitch"), let course = CourseClaim(reading: plain) {
      claims.append(.pitch(course))
    }
    return claims.map { Statement(claim: $0, text: text) } + presence(plain, text)
  }

  /// "no speech", "without music": the one word that is denied; else the words that are said.
  private static func presence(_ plain: String, _ text: String) -> [Statement] {
    let denied = plain.matches(of: /\b(?:no|without|absence of)(?: any)? ([a-z]{3,})\b/).map { String($0.1) }
    let lacks = denied.filter { !vague.contains($0) }.map { Statement(claim: .lacks(ContentWords($0)), text: text) }
    return CaptionEvents.denies(plain) ? lacks : [Statement(claim: .has(ContentWords(plain)), text: text)]
  }

  /// Words that mean something only with what follows them.
  private static let vague: Set<String> = [
    "other", "clear", "separate", "further", "more", "one", "significant", "background", "additional", "distinct",
    "noticeable",
    "longer", "sign", "signs", "doubt", "apparent", "particular", "discernible", "obvious", "real", "specific", "sound",
  ]

  /// Whether it is as measured; nil where that is not known.
  func holds(_ measured: ClipMeasurements) -> Bool? {
    switch claim {
    case .seconds(let seconds): abs(seconds - measured.seconds) <= max(0.5, 0.08 * measured.seconds)
    case .tempo(let beats): measured.tempo.map { Self.sameTempo(beats, $0.beatsPerMinute) }
    case .events(let count):
      abs(count - measured.events.count) <= (measured.events.count > 8 ? measured.events.count / 8 : 0)
    case .loudness(let course):
      measured.loudness.map { !course.isContradicted(by: $0, change: measured.level.changeDB) }
    case .pitch(let course): measured.pitchCourse.map { !course.isContradicted(by: $0, change: nil) }
    case .has, .lacks: nil
    }
  }

  /// Whether both can be true; nil where they speak of different things.
  func agrees(with other: Statement) -> Bool? {
    switch (claim, other.claim) {
    case (.seconds(let one), .seconds(let two)): abs(one - two) <= max(0.5, 0.08 * max(one, two))
    case (.tempo(let one), .tempo(let two)): Self.sameTempo(one, two)
    case (.events(let one), .events(let two)): one == two
    case (.loudness(let one), .loudness(let two)), (.pitch(let one), .pitch(let two)):
      !one.isContradicted(by: two, change: nil) || !two.isContradicted(by: one, change: nil)
    // That a thing is not named is no statement; that it is both there and not is.
    case (.has(let one), .lacks(let two)), (.lacks(let two), .has(let one)): one.holds(two) ? false : nil
    default: nil
    }
  }

  /// Half and double count as the same beat.
  private static func sameTempo(_ one: Double, _ two: Double) -> Bool {
    [0.5, 1, 2].contains { abs(one - $0 * two) <= 0.06 * $0 * two + 1 }
  }
}
