/// Mean and unbiased standard deviation of the numbers that are there.
struct Spread: Equatable {
  /// `nil` where there is no number.
  var mean: Double?
  /// 0 where there are fewer than two numbers.
  var deviation: Double

  init(_ values: some Sequence<Double?>) {
    let present = values.compactMap { $0 }
    guard !present.isEmpty else {
      (mean, deviation) = (nil, 0)
      return
    }
    let mean = present.reduce(0, +) / Double(present.count)
    let squares = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = present.count > 1 ? (squares / Double(present.count - 1)).squareRoot() : 0
  }

  /// A number's distance from the mean in deviations.
  func scaled(_ value: Double?, epsilon: Double) -> Double? {
    guard let value, let mean else { return nil }
    return (value - mean) / (deviation + epsilon)
  }
}
