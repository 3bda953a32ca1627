import Foundation

/// A text around one number, such as "about 1.5 seconds", for other numbers to be put in its place.
struct QuantityText {
  private let before: String
  private let after: String
  /// Digits behind the point.
  let decimals: Int

  /// Nil for a text without a number, or with several.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let place = ChoiceValue.onlyNumber(in: bytes) else { return nil }
    before = String(decoding: bytes[..<place.lowerBound], as: UTF8.self)
    after = String(decoding: bytes[place.upperBound...], as: UTF8.self)
    let point = bytes[place].firstIndex(of: UInt8(ascii: "."))
    decimals = point.map { place.upperBound - $0 - 1 } ?? 0
  }

  /// The text with `number`, rounded to the digits that it has.
  func with(_ number: Double) -> String {
    let text = String(format: "%.\(decimals)f", number)
    // Nothing is written as "-0".
    return before + (Double(text) == 0 ? String(format: "%.\(decimals)f", 0.0) : text) + after
  }
}
