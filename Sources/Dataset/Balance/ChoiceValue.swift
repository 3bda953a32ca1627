import Foundation

/// A choice that names a quantity: a number with what stands around it, or a note of the scale.
struct ChoiceValue: Equatable {
  /// The text with `#` for the number; quantities of equal shapes can be compared.
  let shape: String
  /// Of a note: semitones above C0.
  let number: Double

  /// Nil for a text without a number, or with several.
  init?(_ text: String) {
    let bytes = Array(text.lowercased().utf8)
    if let semitones = Self.note(bytes) {
      (shape, number) = ("note", Double(semitones))
      return
    }
    guard let place = Self.onlyNumber(in: bytes), let number = Double(String(decoding: bytes[place], as: UTF8.self))
    else { return nil }
    shape = String(
      decoding: bytes[..<place.lowerBound] + [UInt8(ascii: "#")] + bytes[place.upperBound...], as: UTF8.self)
    self.number = number
  }

  /// Where the number stands, in UTF-8; nil where there is none, or several.
  static func onlyNumber(in bytes: [UInt8]) -> Range<Int>? {
    guard let first = number(in: bytes, from: 0) else { return nil }
    return number(in: bytes, from: first.upperBound) == nil ? first : nil
  }

  /// The next number at or behind `place`: digits, with a minus before them and decimals behind them where there are.
  private static func number(in bytes: [UInt8], from place: Int) -> Range<Int>? {
    guard let first = bytes[place...].firstIndex(where: isDigit) else { return nil }
    var end = first
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), isDigit(bytes[end + 1]) {
      end += 1
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    }
    let isNegative = first > place && bytes[first - 1] == UInt8(ascii: "-")
    return (isNegative ? first - 1 : first)..<end
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Of a note's name in small letters, such as "c#3" and "bb-1".
  private static func note(_ bytes: [UInt8]) -> Int? {
    let steps = [9, 11, 0, 2, 4, 5, 7]
    guard (2...4).contains(bytes.count), let first = bytes.first,
      (UInt8(ascii: "a")...UInt8(ascii: "g")).contains(first)
    else { return nil }
    var rest = bytes.dropFirst()
    let shift = rest.first == UInt8(ascii: "#") ? 1 : rest.first == UInt8(ascii: "b") ? -1 : 0
    if shift != 0 { rest = rest.dropFirst() }
    let sign = rest.first == UInt8(ascii: "-") ? -1 : 1
    if sign < 0 { rest = rest.dropFirst() }
    guard rest.count == 1, let octave = rest.first, isDigit(octave) else { return nil }
    return 12 * sign * Int(octave - UInt8(ascii: "0")) + steps[Int(first - UInt8(ascii: "a"))] + shift
  }

  /// How far two quantities of one shape are apart as a ratio's logarithm; nil for notes, and where one is not positive.
  func ratio(to other: ChoiceValue) -> Double? {
    shape == "note" || number <= 0 || other.number <= 0 ? nil : abs(log(number / other.number))
  }
}

/// On which scale the quantities of a pool of questions lie, and how far apart two of them must be for the one to be
/// wrong where the other is right.
///
/// The writers tell: they set wrong numbers well apart, by ratios ("220 Hz" beside "140 Hz") or by steps ("-20 dBFS"
/// beside "-26 dBFS"). Whichever of the two distances from the right number to the nearest wrong one differs less among
/// the questions is the scale.
struct ValueScale: Sendable, Equatable {
  private let isRatio: Bool
  /// The least distance on the scale.
  let least: Double

  /// What is three tenths as far as writers have their nearest wrong choice is still told from the right one: where they
  /// keep a ratio of 1.6, about 15 %; of pitch two semitones.
  private static let nearness = 0.3

  /// Nil where the writers' wrong choices are no quantities of the same shapes.
  init?(_ questions: [SetQuestion]) {
    var (differences, ratios): ([Double], [Double]) = ([], [])
    for question in questions {
      guard let answer = ChoiceValue(question.correct) else { continue }
      let wrong = question.distractors.compactMap(ChoiceValue.init).filter {
        $0.shape == answer.shape && $0.number != answer.number
      }
      guard let nearest = wrong.map({ abs($0.number - answer.number) }).min() else { continue }
      differences.append(nearest)
      let quotients = wrong.compactMap { answer.ratio(to: $0) }
      if quotients.count == wrong.count, let nearest = quotients.min() { ratios.append(nearest) }
    }
    guard let difference = Self.middle(differences) else { return nil }
    let ratio = ratios.count == differences.count ? Self.middle(ratios) : nil
    isRatio = ratio.map { Self.spread(ratios, $0) < Self.spread(differences, difference) } ?? false
    least = Self.nearness * (isRatio ? ratio ?? 0 : difference)
  }

  /// Where a quantity lies on the scale.
  func place(of value: ChoiceValue) -> Double {
    isRatio ? log(max(value.number, .leastNonzeroMagnitude)) : value.number
  }

  /// The quantity at a place, and whether one has a place: on a scale of ratios, only what is above 0.
  func number(at place: Double) -> Double { isRatio ? exp(place) : place }
  func holds(_ value: ChoiceValue) -> Bool { !isRatio || value.number > 0 }

  private static func middle(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }

  /// The middle distance from `middle`, as a share of it.
  private static func spread(_ values: [Double], _ middle: Double) -> Double {
    (Self.middle(values.map { abs($0 - middle) }) ?? 0) / max(middle, .leastNonzeroMagnitude)
  }
}
