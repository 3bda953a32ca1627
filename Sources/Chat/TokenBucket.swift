/// An allowance that is used up in pieces and grows back at a steady rate up to its capacity.
struct TokenBucket: Equatable {
  let capacity: Double
  /// What grows back in a second.
  let rate: Double
  /// What is left; below 0 after a piece that was larger than the capacity.
  private(set) var level: Double
  private var updated: Double

  /// Full. `capacity` and `rate` are above 0.
  init(capacity: Double, rate: Double, now: Double) {
    self.capacity = capacity
    self.rate = rate
    level = capacity
    updated = now
  }

  /// Seconds until `amount` may be taken. What is larger than the whole bucket may go when the bucket is full: it
  /// leaves a debt, so that the rate holds over time.
  mutating func wait(for amount: Double, now: Double) -> Double {
    refill(now)
    let missing = min(amount, capacity) - level
    // Rounding must not make somebody wait for a millionth of a request.
    return missing > capacity * 1e-9 ? missing / rate : 0
  }

  /// Takes `amount`, whether it is there or not; a negative amount is given back.
  mutating func take(_ amount: Double, now: Double) {
    refill(now)
    level = min(capacity, level - amount)
  }

  /// Believes somebody who knows better what is left.
  mutating func set(level: Double, now: Double) {
    self.level = min(capacity, max(-capacity, level))
    updated = max(updated, now)
  }

  private mutating func refill(_ now: Double) {
    guard now > updated else { return }
    level = min(capacity, level + (now - updated) * rate)
    updated = now
  }
}
