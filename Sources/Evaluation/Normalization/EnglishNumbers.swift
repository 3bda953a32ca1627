/// Writes numbers that are spelled out in digits, word by word: "two hundred dollars" as "$200", "one oh one" as "101".
///
/// Follows `EnglishNumberNormalizer` of openai-whisper 20250625, also where that is odd.
struct EnglishNumbers {
  /// The number so far: counted, or digits put together ("one oh", "3.", an address).
  private enum Value {
    case integer(DecimalInteger)
    case text(String)

    var text: String {
      switch self {
      case .integer(let number): number.description
      case .text(let text): text
      }
    }
  }

  private var value: Value?
  private var prefix: String?
  private var written: [String] = []
  private var skipsNext = false

  static func inDigits(_ words: [String]) -> [String] {
    var numbers = EnglishNumbers()
    for (index, word) in words.enumerated() {
      let previous = index > 0 ? NumberWord.all[words[index - 1]] : nil
      numbers.take(word, after: previous, before: index + 1 < words.count ? words[index + 1] : nil)
    }
    numbers.writeValue()
    return numbers.written
  }

  private mutating func take(_ word: String, after previous: NumberWord?, before next: String?) {
    if skipsNext {
      skipsNext = false
      return
    }
    guard let meaning = NumberWord.all[word] else { return takeOther(word) }
    switch meaning {
    case .zero: value = .text(textSoFar + "0")
    case .one(let number): value = adding(one: number, after: previous)
    case .oneEnding(let number, let ending): write(adding(one: number, after: previous).text + ending)
    case .ten(let number): value = adding(ten: number)
    case .tenEnding(let number, let ending): write(adding(ten: number).text + ending)
    case .multiplier(let power): value = .integer(multiplying(byTenToThe: power))
    case .multiplierEnding(let power, let ending): write(multiplying(byTenToThe: power).description + ending)
    case .sign, .currency, .per, .percent: takeSign(meaning, word, before: next)
    case .and, .times, .point: takeJoint(meaning, word, after: previous, before: next)
    }
  }

  /// Nothing for zero too, as Python holds zero for false.
  private var textSoFar: String {
    if case .integer(let number) = value, number.isZero { return "" }
    return value?.text ?? ""
  }

  private mutating func write(_ text: String) {
    written.append((prefix ?? "") + text)
    value = nil
    prefix = nil
  }

  private mutating func writeValue() {
    if let value { write(value.text) }
  }

  /// A number in digits, perhaps with a currency in front, or a word that is no number.
  private mutating func takeOther(_ word: String) {
    let sign = word.unicodeScalars.first.flatMap { Self.signs.contains($0) ? String($0) : nil }
    let unsigned = sign == nil ? word : String(word.unicodeScalars.dropFirst())
    guard let number = WrittenNumber(unsigned), number.isComplete else {
      writeValue()
      return write(word)
    }
    if case .text(let text) = value, text.hasSuffix(".") {
      value = .text(text + word)
      return
    }
    writeValue()
    prefix = sign ?? prefix
    value = number.timesTen(toThe: 0).map(Value.integer) ?? .text(unsigned)
  }

  private static let signs: Set<Unicode.Scalar> = ["-", "+", "£", "€", "$", "¢"]

  private func adding(one number: Int, after previous: NumberWord?) -> Value {
    guard let value else { return .integer(DecimalInteger(number)) }
    if case .integer(let sum) = value, previous?.isOne != true {
      return sum.remainder(lastDigits: number < 10 ? 1 : 2) == 0
        ? .integer(sum + DecimalInteger(number)) : .text("\(sum)\(number)")
    }
    let replacesZero = previous?.isTen == true && number < 10
    return .text((replacesZero ? String(value.text.dropLast()) : value.text) + String(number))
  }

  private func adding(ten number: Int) -> Value {
    switch value {
    case nil: .integer(DecimalInteger(number))
    case .integer(let sum) where sum.remainder(lastDigits: 2) == 0: .integer(sum + DecimalInteger(number))
    case .some(let value): .text(value.text + String(number))
    }
  }

  /// The number so far times the power; where the text so far is no number it is written, and the power counts alone.
  private mutating func multiplying(byTenToThe power: Int) -> DecimalInteger {
    switch value {
    case nil: break
    case .integer(let number): return number.multiplyingLastThreeDigits(byTenToThe: power)
    case .text(let text):
      if let product = WrittenNumber(text)?.timesTen(toThe: power) { return product }
      write(text)
    }
    return DecimalInteger(1).timesTen(toThe: power)
  }

  private mutating func takeSign(_ meaning: NumberWord, _ word: String, before next: String?) {
    switch meaning {
    case .sign(let sign):
      writeValue()
      if isNumber(next) { prefix = sign } else { write(word) }
    case .currency(let sign) where value != nil:
      prefix = sign
      writeValue()
    case .percent where value != nil: write((value?.text ?? "") + "%")
    case .per where value != nil && next == "cent":
      write((value?.text ?? "") + "%")
      skipsNext = true
    default:
      writeValue()
      write(word)
    }
  }

  private mutating func takeJoint(
    _ meaning: NumberWord, _ word: String, after previous: NumberWord?, before next: String?
  ) {
    let following = next.flatMap { NumberWord.all[$0] }
    switch meaning {
    case .and where isNumber(next) && previous?.isMultiplier == true: break
    case .times(let count) where following == .zero || following?.isOne == true:
      var digits = "0"
      if case .one(let number) = following { digits = String(number) }
      value = .text(textSoFar + String(repeating: digits, count: count))
      skipsNext = true
    case .point where isNumber(next):
      if following?.followsPoint ?? true { value = .text(textSoFar + ".") }
    default:
      writeValue()
      write(word)
    }
  }

  /// Whether a word can be part of a number.
  private func isNumber(_ word: String?) -> Bool {
    guard let word else { return false }
    return NumberWord.all[word] != nil || WrittenNumber(word)?.isComplete == true
  }
}

/// Decimal digits of any script with a point among them, or at one end.
private struct WrittenNumber {
  var whole: [UInt8] = []
  var fraction: [UInt8] = []
  private var hasPoint = false

  init?(_ text: String) {
    for point in text.unicodeScalars {
      if point == ".", !hasPoint {
        hasPoint = true
      } else if let digit = point.decimalDigit {
        if hasPoint { fraction.append(digit) } else { whole.append(digit) }
      } else {
        return nil
      }
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
  }

  /// Whether digits stand before the point, and behind it where there is one.
  var isComplete: Bool { !whole.isEmpty && fraction.isEmpty != hasPoint }

  /// The product, where it is whole.
  func timesTen(toThe power: Int) -> DecimalInteger? {
    let significant = fraction.count - fraction.reversed().prefix { $0 == 0 }.count
    guard significant <= power else { return nil }
    return DecimalInteger(digits: whole + fraction.prefix(significant)).timesTen(toThe: power - significant)
  }
}
