import Foundation

/// Numbers as people read them.
enum Quantity {
  /// 1234567 as "1,234,567".
  static func count(_ value: Int) -> String {
    var digits = String(abs(value))
    var index = digits.endIndex
    while let next = digits.index(index, offsetBy: -3, limitedBy: digits.startIndex), next > digits.startIndex {
      digits.insert(",", at: next)
      index = next
    }
    return (value < 0 ? "-" : "") + digits
  }

  /// "1 clip", "2 clips": `unit` is given in the plural.
  static func count(_ value: Int, _ unit: String) -> String {
    "\(count(value)) \(value == 1 && unit.hasSuffix("s") ? String(unit.dropLast()) : unit)"
  }

  /// Seconds as "0.4 s", "12 s", "3 min 05 s", "2 h 10 min".
  static func duration(_ seconds: Double) -> String {
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
  }

  /// A number with this many decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

  static func percent(_ share: Double) -> String {
    String(format: "%.1f%%", share * 100)
  }

  static func rate(_ perSecond: Double) -> String {
    perSecond < 10 ? String(format: "%.1f/s", perSecond) : "\(count(Int(perSecond.rounded())))/s"
  }

  static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 1000 && unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : String(format: "%.1f %@", value, units[unit])
  }
}
