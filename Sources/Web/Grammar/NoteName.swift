/// Names of notes in equal temperament, such as "A4" and "C#5", and their MIDI numbers.
enum NoteName {
  private static let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

  /// The MIDI number of `name`; A4 is 69.
  static func number(of name: String) -> Int? {
    let letters = name.prefix { $0.isLetter || $0 == "#" }
    guard let step = names.firstIndex(of: String(letters)), let octave = Int(name.dropFirst(letters.count)),
      (-1...10).contains(octave)
    else { return nil }
    return (octave + 1) * 12 + step
  }

  /// The name of a MIDI number, which must not be negative.
  static func name(of number: Int) -> String {
    "\(names[number % 12])\(number / 12 - 1)"
  }
}
