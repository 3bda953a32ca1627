import Foundation

/// How numbers, notes, lists and labels are written in captions.
enum Quantity {
  /// Counts up to this list's length are words, larger ones digits.
  static let countsInWords = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  ]

  /// Longest label passed on, characters.
  static let longestLabel = 80

  private static let noteNames = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

  /// "2.4 seconds", "1 second", "0.43 seconds".
  static func duration(_ seconds: Double) -> String {
    withUnit(short(seconds, decimals: seconds < 1 ? 2 : 1))
  }

  /// "1.2 seconds", "1 second", "0.1, 0.9 and 1.6 seconds".
  static func positions(_ seconds: [Double]) -> String {
    withUnit(list(seconds.map { short($0, decimals: 1) }))
  }

  /// "-21.3 dBFS".
  static func level(_ dBFS: Double) -> String {
    fixed(dBFS, decimals: 1) + " dBFS"
  }

  /// "440 Hz (A4)", with the nearest note of equal temperament at A4 = 440 Hz.
  static func pitch(_ hertz: Double) -> String {
    let shown = whole(hertz)
    guard hertz.isFinite, hertz > 0 else { return "\(shown) Hz" }
    let note = whole(69 + 12 * log2(hertz / 440))
    let octave = Int((Double(note) / 12).rounded(.down))
    return "\(shown) Hz (\(noteNames[note - octave * 12])\(octave - 1))"
  }

  /// "three", "17".
  static func count(_ number: Int) -> String {
    (1...countsInWords.count).contains(number) ? countsInWords[number - 1] : String(number)
  }

  /// "a", "a and b", "a, b and c".
  static func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The label as one line without double quotes.
  static func label(_ text: String) -> String {
    plainText(String(plainText(text.replacing("\"", with: "")).prefix(longestLabel)))
  }

  /// The nearest whole number, halves away from zero.
  static func whole(_ value: Double) -> Int {
    scaled(value, decimals: 0)
  }

  /// Exactly `decimals` decimals: "-3.0".
  static func fixed(_ value: Double, decimals: Int) -> String {
    let number = scaled(value, decimals: decimals)
    let scale = powerOfTen(decimals)
    let fraction = String(number.magnitude % scale)
    let zeros = String(repeating: "0", count: decimals - (decimals > 0 ? fraction.count : 0))
    return (number < 0 ? "-" : "") + "\(number.magnitude / scale)" + (decimals > 0 ? "." + zeros + fraction : "")
  }

  /// At most `decimals` decimals, without zeros at the end: "2.4", "2", "0.43".
  private static func short(_ value: Double, decimals: Int) -> String {
    var text = fixed(value, decimals: decimals)
    guard decimals > 0 else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  private static func withUnit(_ number: String) -> String {
    number == "1" ? "1 second" : "\(number) seconds"
  }

  private static func scaled(_ value: Double, decimals: Int) -> Int {
    // Past a billion no clip is honest, and the conversion to Int would trap far later.
    let bounded = value.isFinite ? min(max(value, -1e9), 1e9) : 0
    return Int((bounded * Double(powerOfTen(decimals))).rounded())
  }

  private static func powerOfTen(_ exponent: Int) -> UInt {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}

extension String {
  /// The text with its first letter in upper case.
  var capitalisedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}
