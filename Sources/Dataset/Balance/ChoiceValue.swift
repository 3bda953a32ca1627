import Foundation

/// A choice that names a quantity: a number with what stands around it, or a note of the scale.
struct ChoiceValue: Equatable {
  /// The text with `#` for the number; quantities of equal shapes can be compared.
  let shape: String
  /// Of a note: semitones above C0.
  let number: Double

  /// Nil for a text without a number, or with several.
  init?(_ text: String) {
    let small = text.lowercased()
    if let note = small.wholeMatch(of: /([a-g])(#|b)?(-?[0-9])/) {
      let (name, octave) = (Self.semitones[note.1] ?? 0, Double(note.3) ?? 0)
      (shape, number) = ("note", 12 * octave + name + (note.2 == "#" ? 1 : note.2 == "b" ? -1 : 0))
      return
    }
    let numbers = small.matches(of: /-?[0-9]+(?:\.[0-9]+)?/)
    guard numbers.count == 1, let match = numbers.first, let number = Double(match.output) else { return nil }
    shape = small.replacingCharacters(in: match.range, with: "#")
    self.number = number
  }

  private static let semitones: [Substring: Double] = ["c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11]

  /// How far two quantities of one shape are apart, as a difference and, of positive numbers but notes, as a ratio's
  /// logarithm.
  func distance(to other: ChoiceValue) -> (difference: Double, ratio: Double?) {
    let isScale = shape == "note" || number <= 0 || other.number <= 0
    return (abs(number - other.number), isScale ? nil : abs(log(number / other.number)))
  }
}

/// Which quantities are as surely wrong of a question as its writer's own wrong choices.
struct ValueSpacing {
  private let answer: ChoiceValue
  private let difference: Double
  private let ratio: Double?

  /// Writers set wrong numbers well apart; what is half as far from the right one as the nearest of them is still told
  /// from it.
  private static let nearness = 0.5

  /// Nil where the answer or all wrong choices are no quantities of one shape.
  init?(correct: String, distractors: [String]) {
    guard let answer = ChoiceValue(correct) else { return nil }
    let distances = distractors.compactMap(ChoiceValue.init).filter { $0.shape == answer.shape && $0 != answer }
      .map { answer.distance(to: $0) }
    guard let difference = distances.map(\.difference).min() else { return nil }
    self.answer = answer
    self.difference = difference * Self.nearness
    ratio = distances.compactMap(\.ratio).min().map { $0 * Self.nearness }
  }

  func excludes(_ value: ChoiceValue) -> Bool {
    guard value.shape == answer.shape else { return false }
    let distance = answer.distance(to: value)
    guard distance.difference > 0, distance.difference >= difference else { return false }
    guard let ratio, let own = distance.ratio else { return true }
    return own >= ratio
  }
}
