/// From numbers to places in a picture.
struct Scale: Sendable {
  let domain: ClosedRange<Double>
  let from: Double
  let to: Double

  /// The place of a number; numbers beyond the domain stay at its ends.
  func callAsFunction(_ value: Double) -> Double {
    let inside = min(max(value, domain.lowerBound), domain.upperBound)
    return from + (inside - domain.lowerBound) / (domain.upperBound - domain.lowerBound) * (to - from)
  }
}

/// The units along an axis: `factor` of them are 1 of what the values are in.
struct AxisUnit: Sendable, Hashable {
  let factor: Double
  let name: String

  /// `size` is the greatest number along the axis.
  init(_ quantity: Quantity, upTo size: Double) {
    switch quantity {
    case .number: (factor, name) = (1, "")
    case .percent: (factor, name) = (100, "percent")
    case .points: (factor, name) = (100, "percentage points")
    case .money(let currency): (factor, name) = (1, currency)
    case .seconds:
      switch size {
      case ..<180: (factor, name) = (1, "seconds")
      case ..<10_800: (factor, name) = (1.0 / 60, "minutes")
      default: (factor, name) = (1.0 / 3600, "hours")
      }
    }
  }
}
