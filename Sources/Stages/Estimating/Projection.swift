/// What a whole will come to, by a sample of its parts, with an interval of 95 %.
public struct Projection: Sendable, Equatable, Encodable {
  public var low: Double
  public var middle: Double
  public var high: Double

  public init(low: Double, middle: Double, high: Double) {
    (self.low, self.middle, self.high) = (low, middle, high)
  }

  /// What is known exactly.
  init(exactly value: Double) {
    self.init(low: value, middle: value, high: value)
  }

  /// The sum of `count` more like those in the sample: the mean, give or take 1.96 standard errors of the mean and of the
  /// sum to come. Nil of no sample; of one alone, nothing is known of the others, so the interval is from nothing to twice.
  init?(of sample: [Double], count: Double) {
    guard !sample.isEmpty else { return nil }
    let size = Double(sample.count)
    let mean = sample.reduce(0, +) / size
    guard sample.count > 1 else {
      self.init(low: 0, middle: mean * count, high: 2 * mean * count)
      return
    }
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (size - 1)
    let error = 1.96 * (variance * (count * count / size + count)).squareRoot()
    self.init(low: max(0, mean * count - error), middle: mean * count, high: mean * count + error)
  }

  /// Both together; that their errors have nothing to do with each other is not assumed.
  static func + (one: Projection, other: Projection) -> Projection {
    Projection(low: one.low + other.low, middle: one.middle + other.middle, high: one.high + other.high)
  }

  static func * (one: Projection, other: Projection) -> Projection {
    Projection(low: one.low * other.low, middle: one.middle * other.middle, high: one.high * other.high)
  }

  func scaled(by factor: Double) -> Projection {
    Projection(low: low * factor, middle: middle * factor, high: high * factor)
  }
}
