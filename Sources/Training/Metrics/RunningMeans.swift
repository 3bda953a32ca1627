/// Measurements gathered between two lines of the log.
///
/// A value, and one that can be stored, so that a checkpoint in the middle of a window keeps what the window has seen.
public struct RunningMeans: Sendable, Equatable, Codable {
  private enum Kind: String, Codable {
    case mean, smallest, largest, latest
  }

  private struct Gathered: Sendable, Equatable, Codable {
    var kind: Kind
    // As its bits: JSON cannot hold what is not finite.
    private var bits: UInt64 = 0
    var weight = 0.0

    init(kind: Kind) { self.kind = kind }

    var value: Double {
      get { Double(bitPattern: bits) }
      set { bits = newValue.bitPattern }
    }
  }

  private var gathered: [String: Gathered] = [:]

  public init() {}

  public var isEmpty: Bool { gathered.isEmpty }

  /// Adds to a weighted mean: a value that is itself a mean over tokens has their number as its weight, which makes the
  /// result the mean over all tokens however they were batched. `nil` is a value that does not exist, such as the
  /// reward of a function that judged nothing, and does not count; a value that is not a number does.
  public mutating func add(_ name: MetricName, _ value: Double?, weight: Double = 1) {
    update(name, .mean, value) { gathered, value in
      guard weight > 0 else { return }
      gathered.value += value * weight
      gathered.weight += weight
    }
  }

  /// Keeps the smallest value of the window.
  public mutating func addSmallest(_ name: MetricName, _ value: Double?) {
    update(name, .smallest, value) { gathered, value in
      gathered.value = gathered.weight > 0 ? Double.minimum(gathered.value, value) : value
      gathered.weight = 1
    }
  }

  /// Keeps the largest value of the window.
  public mutating func addLargest(_ name: MetricName, _ value: Double?) {
    update(name, .largest, value) { gathered, value in
      gathered.value = gathered.weight > 0 ? Double.maximum(gathered.value, value) : value
      gathered.weight = 1
    }
  }

  /// Keeps the last value of the window, as for the learning rate and the number of tokens so far.
  public mutating func set(_ name: MetricName, _ value: Double) {
    update(name, .latest, value) { gathered, value in
      gathered.value = value
      gathered.weight = 1
    }
  }

  /// The values of the window, which ends here. Names that only saw values that do not exist are not numbers.
  public mutating func take() -> [MetricName: Double] {
    defer { gathered = [:] }
    return current
  }

  /// The values of the window so far.
  public var current: [MetricName: Double] {
    Dictionary(
      uniqueKeysWithValues: gathered.map { name, gathered in
        (MetricName(rawValue: name), gathered.weight > 0 ? gathered.value / gathered.weight : .nan)
      })
  }

  private mutating func update(
    _ name: MetricName, _ kind: Kind, _ value: Double?, _ change: (inout Gathered, Double) -> Void
  ) {
    var entry = gathered[name.rawValue] ?? Gathered(kind: kind)
    precondition(entry.kind == kind, "\(name.rawValue) is gathered as \(entry.kind.rawValue) and as \(kind.rawValue)")
    if let value { change(&entry, value) }
    gathered[name.rawValue] = entry
  }
}
