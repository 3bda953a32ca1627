import Audio

/// In which order examples are visited: each once an epoch, in an order that follows from the seed and the epoch alone,
/// so that a run can go on from any place.
public struct ExampleOrder: Sendable {
  /// An example in its turn.
  public struct Turn: Sendable, Equatable {
    public var index: Int
    /// From 0.
    public var epoch: Int
  }

  private let count: Int
  private let seed: UInt64
  private let shuffles: Bool
  private let ranking: (curriculum: Curriculum, rates: [PassRate])?
  /// The number of examples in an epoch.
  public let epochLength: Int

  /// An order of `count` examples, of which there is at least one.
  public init(count: Int, seed: UInt64, shuffles: Bool = true) {
    precondition(count > 0, "there is nothing to visit")
    self.count = count
    epochLength = count
    self.seed = seed
    self.shuffles = shuffles
    ranking = nil
  }

  /// Easy to hard by the share of attempts that were right, an example each; shuffled among equals. Nil where the
  /// curriculum leaves nothing. Those that it drops are never visited.
  public init?(passRates: [Double?], curriculum: Curriculum, seed: UInt64) {
    let rates = passRates.map { PassRate(share: $0) }
    epochLength = curriculum.keptCount(rates)
    guard epochLength > 0 else { return nil }
    count = rates.count
    shuffles = true
    ranking = (curriculum, rates)
    self.seed = seed
  }

  /// The indices of an epoch's examples, in its order.
  public func epoch(_ epoch: Int) -> [Int] {
    var indices = Array(0..<count)
    if shuffles {
      var random = SplitMix64(seed: seed, index: UInt64(truncatingIfNeeded: epoch))
      indices = random.shuffled(indices)
    }
    guard let (curriculum, rates) = ranking else { return indices }
    return curriculum.order(indices.map { rates[$0] }).map { indices[$0] }
  }

  /// Whose turn it is at places of the whole run, which count on from epoch to epoch, from 0.
  public func turns(_ places: Range<Int>) -> [Turn] {
    let length = epochLength
    var turns: [Turn] = []
    var place = places.lowerBound
    while place < places.upperBound {
      let epoch = place / length
      let end = min((epoch + 1) * length, places.upperBound)
      let indices = self.epoch(epoch)
      for place in place..<end { turns.append(Turn(index: indices[place % length], epoch: epoch)) }
      place = end
    }
    return turns
  }
}

extension PassRate {
  /// A share from 0 to 1; none where nothing was tried.
  init(share: Double?) {
    let attempts = 1_000_000
    guard let share else {
      self.init(solved: 0, attempts: 0)
      return
    }
    // What was solved at all is not taken for never, nor what failed at all for always.
    let solved = Int((min(max(share, 0), 1) * Double(attempts)).rounded())
    let inner = min(max(solved, 1), attempts - 1)
    self.init(solved: share <= 0 ? 0 : share >= 1 ? attempts : inner, attempts: attempts)
  }
}
