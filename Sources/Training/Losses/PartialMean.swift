/// A mean that can be continued.
struct PartialMean: Sendable, Equatable {
  private(set) var sum = 0.0
  private(set) var weight = 0.0

  /// `nil` where nothing was added.
  var mean: Double? { weight > 0 ? sum / weight : nil }

  mutating func add(_ value: Double) {
    sum += value
    weight += 1
  }

  mutating func merge(_ other: PartialMean) {
    sum += other.sum
    weight += other.weight
  }
}
