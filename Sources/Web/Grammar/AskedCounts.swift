/// How many questions and wrong answers a prompt asks for.
struct AskedCounts: Equatable {
  static let questionRange = 1...20
  static let wrongAnswerRange = 1...7

  var questions = 5
  var wrongAnswers = 3

  /// Reads phrases such as "Write up to 6 questions", "three wrong answers", "3 distractors" and "4 choices". The
  /// user's text goes before the system's, digits before words ("no two questions alike"), and then the first before
  /// the later.
  init(userText: String, systemText: String = "") {
    let scans = [userText, systemText].map { PhraseScan(Array($0.utf8)) }
    func first(_ found: KeyPath<PhraseScan, PhraseScan.Found>) -> Int? {
      scans.lazy.compactMap { $0[keyPath: found].value }.first
    }
    if let asked = first(\.questions) { questions = Self.bounded(asked, to: Self.questionRange) }
    if let asked = first(\.wrongAnswers) ?? first(\.choices).map({ $0 - 1 }) {
      wrongAnswers = Self.bounded(asked, to: Self.wrongAnswerRange)
    }
  }

  private static func bounded(_ value: Int, to range: ClosedRange<Int>) -> Int {
    min(max(value, range.lowerBound), range.upperBound)
  }
}

/// One pass over the words of a text.
private struct PhraseScan {
  struct Found {
    var inDigits: Int?
    var inWords: Int?
    var value: Int? { inDigits ?? inWords }
  }

  private struct Number {
    var value: Int
    var isDigits: Bool
    /// Words since the number.
    var age = 0
  }

  private static let numberWords = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  ].map { Array($0.utf8) }

  /// A number further back does not belong to the noun: "5 short multiple-choice questions" is the longest seen.
  private static let oldest = 3

  var questions = Found()
  var wrongAnswers = Found()
  /// Right and wrong answers together.
  var choices = Found()
  private var number: Number?
  private var wrongAge = Int.max

  init(_ bytes: [UInt8]) {
    var start: Int?
    for (place, byte) in bytes.enumerated() {
      if Self.isWordByte(byte) {
        start = start ?? place
      } else {
        if let start { read(bytes[start..<place]) }
        start = nil
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "!") { number = nil }
      }
    }
    if let start { read(bytes[start...]) }
  }

  private mutating func read(_ word: ArraySlice<UInt8>) {
    number?.age += 1
    if let age = number?.age, age > Self.oldest { number = nil }
    if wrongAge < Self.oldest { wrongAge += 1 }
    if let value = Self.digits(word) {
      number = Number(value: value, isDigits: true)
    } else if Self.matches(word, "question") {
      note(\.questions)
    } else if Self.matches(word, "distractor") {
      note(\.wrongAnswers)
    } else if Self.matches(word, "wrong") || Self.matches(word, "incorrect") || Self.matches(word, "false") {
      wrongAge = 0
    } else if Self.matches(word, "correct") || Self.matches(word, "right") {
      number = nil
    } else if Self.matches(word, "answer") || Self.matches(word, "choice") || Self.matches(word, "option") {
      // "Multiple choice" counts nothing, whatever number stands before it.
      if wrongAge <= 2 { note(\.wrongAnswers) } else if Self.isPlural(word) { note(\.choices) }
    } else if let value = Self.numberWords.firstIndex(where: { Self.equal(word, $0) }) {
      number = Number(value: value, isDigits: false)
    }
  }

  private mutating func note(_ found: WritableKeyPath<PhraseScan, Found>) {
    guard let number, number.value >= 2 || found != \.choices else { return }
    if number.isDigits {
      self[keyPath: found].inDigits = self[keyPath: found].inDigits ?? number.value
    } else {
      self[keyPath: found].inWords = self[keyPath: found].inWords ?? number.value
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }

  private static func digits(_ word: ArraySlice<UInt8>) -> Int? {
    guard word.count <= 3, let first = word.first, first <= UInt8(ascii: "9") else { return nil }
    return Int(String(decoding: word, as: UTF8.self))
  }

  /// Whether `word` is `noun` or its plural, in any case.
  private static func matches(_ word: ArraySlice<UInt8>, _ noun: StaticString) -> Bool {
    guard word.count - noun.utf8CodeUnitCount <= 1, word.count >= noun.utf8CodeUnitCount else { return false }
    return noun.withUTF8Buffer { noun in
      equal(word.prefix(noun.count), noun) && (word.count == noun.count || isPlural(word))
    }
  }

  private static func isPlural(_ word: ArraySlice<UInt8>) -> Bool {
    word.last.map { $0 | 0x20 } == UInt8(ascii: "s")
  }

  private static func equal(_ word: ArraySlice<UInt8>, _ lower: some Collection<UInt8>) -> Bool {
    word.count == lower.count && zip(word, lower).allSatisfy { $0 | 0x20 == $1 }
  }
}
