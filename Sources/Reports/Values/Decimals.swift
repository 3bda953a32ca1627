import Foundation

/// Numbers as text, the same on every machine and in every language.
enum Decimals {
  /// What stands where there is no number.
  static let missing = "–"

  /// A fixed number of decimals, thousands grouped by commas from 10,000 on, no "-0.0".
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return missing }
    let text = String(format: "%.\(max(0, min(decimals, 15)))f", value.magnitude)
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return (value < 0 && !isZero ? "-" : "") + grouped(text)
  }

  /// The shortest text that reads back as the same number; empty where there is none.
  static func exact(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let text = "\(value == 0 ? 0 : value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// As "2.5e-6", with four digits at most.
  static func scientific(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let parts = String(format: "%.3e", value).split(separator: "e")
    var digits = parts[0]
    while digits.hasSuffix("0") { digits.removeLast() }
    if digits.hasSuffix(".") { digits.removeLast() }
    return "\(digits)e\(Int(parts[1]) ?? 0)"
  }

  /// A place in a picture, to a tenth of a pixel.
  static func pixels(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    return exact(tenths / 10)
  }

  private static func grouped(_ text: String) -> String {
    let whole = Array(text.prefix { $0 != "." })
    guard whole.count > 4 else { return text }
    var result = ""
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.count - place).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return result + text.dropFirst(whole.count)
  }
}
