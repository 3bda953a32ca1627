/// What a number measures, and so how it is written.
public enum Quantity: Sendable, Hashable {
  case number(decimals: Int)
  /// A share from 0 to 1, written as a percentage with one decimal.
  case percent
  /// A difference of two shares, written in percentage points with its sign.
  case points
  case seconds
  /// An amount of money, with the currency's sign or code.
  case money(String)

  public func text(_ value: Double) -> String {
    guard value.isFinite else { return Decimals.missing }
    return switch self {
    case .number(let decimals): Decimals.fixed(value, decimals)
    case .percent: Decimals.fixed(value * 100, 1)
    case .points: Self.signed(value * 100)
    case .seconds: Self.duration(value)
    case .money(let currency): Self.amount(value, currency)
    }
  }

  /// The number and its interval, as "61.2 (58.0-64.3)"; where signs would make that hard to read, as
  /// "-1.2 (-3.4 to 1.0)".
  public func text(_ estimate: Estimate) -> String {
    [text(estimate.value), intervalText(estimate)].compactMap { $0 }.joined(separator: " ")
  }

  /// The interval alone, in brackets.
  func intervalText(_ estimate: Estimate) -> String? {
    guard estimate.value.isFinite, let interval = estimate.interval else { return nil }
    let hasSigns = self == .points || interval.lowerBound < 0
    return "(\(text(interval.lowerBound))\(hasSigns ? " to " : "-")\(text(interval.upperBound)))"
  }

  /// What a heading says beside its name.
  var unit: String? {
    switch self {
    case .percent: "%"
    case .points: "points"
    case .number, .seconds, .money: nil
    }
  }

  private static func signed(_ value: Double) -> String {
    let text = Decimals.fixed(value, 1)
    return value > 0 && text != "0.0" ? "+" + text : text
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds.magnitude < 1e12 else { return Decimals.scientific(seconds) + " s" }
    if seconds.magnitude < 9.95 { return Decimals.fixed(seconds, 1) + " s" }
    let whole = Int(seconds.magnitude.rounded())
    let sign = seconds < 0 ? "-" : ""
    return switch whole {
    case ..<60: "\(sign)\(whole) s"
    case ..<3600: "\(sign)\(whole / 60) min" + (whole % 60 > 0 ? " \(whole % 60) s" : "")
    default: hours(minutes: (whole + 30) / 60, sign)
    }
  }

  private static func hours(minutes: Int, _ sign: String) -> String {
    "\(sign)\(minutes / 60) h" + (minutes % 60 > 0 ? " \(minutes % 60) min" : "")
  }

  /// Cents, and more decimals below a dime: a run of a small endpoint costs less than a cent.
  private static func amount(_ value: Double, _ currency: String) -> String {
    let text = Decimals.fixed(value.magnitude, value != 0 && value.magnitude < 0.1 ? 4 : 2)
    let sign = value < 0 ? "-" : ""
    return currency.count == 1 ? sign + currency + text : "\(sign)\(text) \(currency)"
  }
}
