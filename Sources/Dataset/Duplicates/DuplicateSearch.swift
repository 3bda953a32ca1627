/// The search for duplicates over a whole set: what is asked twice of one sound, and which wordings are too many.
///
/// Questions about different sounds are never duplicates, whatever their words; a wording that too many of them share is
/// cut to its limit. Numbers, hashes and words are kept, not the questions: about 300 bytes for each different text.
public struct DuplicateSearch: Sendable {
  /// A question of the set; the order in which they come is the one in which the first stays.
  public struct Question: Sendable {
    public var stem: String
    public var choices: [String]
    /// The right answer; nil where it is withheld.
    public var answer: String?
    /// Names the sound: equal names are the same sound, nil is an unknown one that all such questions share.
    public var sound: String?
    /// Whether the sound's questions are still to be held against each other.
    public var isCompared: Bool
    /// As `QuestionTexts.Words.signature`.
    public var signature: [UInt32]?

    public init(
      stem: String, choices: [String], answer: String?, sound: String?, isCompared: Bool = true,
      signature: [UInt32]? = nil
    ) {
      self.stem = stem
      self.choices = choices
      self.answer = answer
      self.sound = sound
      self.isCompared = isCompared
      self.signature = signature
    }
  }

  /// Sounds with more questions are compared by wording and answer alone, not each question with each other.
  static let mostCompared = 256

  public private(set) var texts: QuestionTexts
  /// Hashes of the normalised answer and stem of each question.
  private(set) var answers: [UInt64] = []
  private(set) var stems: [UInt64] = []
  private var sounds: [String: UInt32] = [:]
  /// For each question its sound; those not to be compared are not in `compared`.
  private(set) var soundOfQuestion: [UInt32] = []
  private(set) var compared: [UInt32: [Int]] = [:]
  /// Stem and answer of the questions that are compared.
  private var claims: [Int: [UInt8]] = [:]

  public init(_ settings: NearSettings) { texts = QuestionTexts(settings) }

  public mutating func add(_ questions: [Question], threads: Int) {
    let first = texts.questions
    texts.add(
      questions.map { QuestionTexts.Words(stem: $0.stem, choices: $0.choices, signature: $0.signature) },
      threads: threads)
    for (offset, question) in questions.enumerated() { add(question, number: first + offset) }
  }

  private mutating func add(_ question: Question, number: Int) {
    var claim: [UInt8] = []
    PlainBytes.append(question.stem, to: &claim)
    stems.append(Self.hash(claim[...]))
    claim.append(0x20)
    let answer = claim.count
    PlainBytes.append(question.answer ?? "", to: &claim)
    answers.append(Self.hash(claim[answer...]))
    let name = question.sound.map { "=" + $0 } ?? ""
    let sound = sounds[name] ?? UInt32(sounds.count)
    sounds[name] = sound
    soundOfQuestion.append(sound)
    guard question.isCompared else { return }
    compared[sound, default: []].append(number)
    if question.sound != nil { claims[number] = claim }
  }

  /// Stem and answer of a question that is compared with the others of its sound.
  func claim(of question: Int) -> [UInt8] { claims[question] ?? [] }

  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
