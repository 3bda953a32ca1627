/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), with the
/// constants of Vigna's splitmix64.c.
///
/// Draws through ``uniform(_:)``, ``index(below:)`` and ``shuffled(_:)`` are the same on every machine and with every
/// version of Swift, which those of the standard library do not promise.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator whose numbers follow from `seed`.
  public init(seed: UInt64) { state = seed }

  /// A generator for item `index` of a series that has `seed`: every item can be made without those before it.
  public init(seed: UInt64, index: UInt64) {
    var ofSeries = SplitMix64(seed: seed)
    var ofItem = SplitMix64(seed: ofSeries.next() ^ index)
    state = ofItem.next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in `range`, the upper bound left out.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(next() >> 11) * 0x1p-53
  }

  /// A number in 0..<count; `count` is above 0.
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "there is nothing to choose from")
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// One of `choices`, of which there is at least one.
  public mutating func choice<Element>(_ choices: [Element]) -> Element { choices[index(below: choices.count)] }

  /// The elements in a random order (Fisher and Yates).
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(last, index(below: last + 1)) }
    return elements
  }
}
