import Foundation

/// Numbers of a training run as people read them.
enum ProgressText {
  /// With this many decimals; what is not finite by its name, and what is beyond all measure with an exponent.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e6 else { return odd(value) }
    let text = String(format: "%.\(decimals)f", value)
    return text.hasPrefix("-") && !text.contains(where: { ("1"..."9").contains($0) }) ? String(text.dropFirst()) : text
  }

  static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// Three digits that count: "0.0123", "1.23", "12.3", "1.2e-05".
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return odd(value) }
    switch value.magnitude {
    case 0: return "0"
    case ..<0.001: return String(format: "%.1e", value)
    case ..<0.1: return String(format: "%.4f", value)
    case ..<10: return String(format: "%.3f", value)
    case ..<1_000: return String(format: "%.1f", value)
    case ..<1e6: return count(Int(value.rounded()))
    default: return odd(value)
    }
  }

  static func percent(_ share: Double) -> String {
    fixed(share * 100, 0) + "%"
  }

  private static func odd(_ value: Double) -> String {
    value.isFinite ? String(format: "%.1e", value) : "\(value)"
  }

  /// 1234567 as "1,234,567".
  static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var index = digits.endIndex
    while let next = digits.index(index, offsetBy: -3, limitedBy: digits.startIndex), next > digits.startIndex {
      digits.insert(",", at: next)
      index = next
    }
    return (value < 0 ? "-" : "") + digits
  }

  /// Seconds as "4 s", "3 min", "2 h 10 min", "3 d 4 h".
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "ages" }
    let whole = Int(max(0, seconds).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\((whole + 30) / 60) min" }
    if whole < 86_400 { return "\(whole / 3_600) h \(whole % 3_600 / 60) min" }
    return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
  }
}
