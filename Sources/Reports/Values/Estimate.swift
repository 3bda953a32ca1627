/// A number and, where it is known, the interval that holds the true one with 95 % confidence.
public struct Estimate: Sendable, Hashable {
  /// Not finite where there is no number: nothing is drawn then, and a dash is written.
  public var value: Double
  public var interval: ClosedRange<Double>?

  public init(_ value: Double, _ interval: ClosedRange<Double>? = nil) {
    self.value = value
    self.interval = interval.flatMap { Self.canBeDrawn($0.lowerBound) && Self.canBeDrawn($0.upperBound) ? $0 : nil }
  }

  /// Ends that are no numbers, or in the wrong order, make no interval.
  public init(_ value: Double, low: Double, high: Double) {
    self.init(value, low <= high ? low...high : nil)
  }

  var isNumber: Bool { Self.canBeDrawn(value) }
  /// What an axis has to reach.
  var low: Double { min(value, interval?.lowerBound ?? value) }
  var high: Double { max(value, interval?.upperBound ?? value) }

  // Differences of greater numbers may overflow.
  static func canBeDrawn(_ value: Double) -> Bool { value.isFinite && value.magnitude < 1e100 }
}

extension Estimate: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self.init(value) }
}
