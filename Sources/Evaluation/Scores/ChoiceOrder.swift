import Dataset

/// An order in which the choices of an item are shown.
public struct ChoiceOrder: Sendable, Hashable {
  /// By place shown: the place in the file.
  public let places: [Int]

  /// The order of the file.
  public init(choices: Int) { places = Array(0..<max(0, choices)) }

  /// Nil for what is no order: a place that comes twice or is missing.
  public init?(places: [Int]) {
    guard places.sorted() == Array(places.indices) else { return nil }
    self.places = places
  }

  /// The choices as shown.
  public func shown(_ choices: [String]) -> [String] {
    precondition(choices.count == places.count, "an order has a place for each choice")
    return places.map { choices[$0] }
  }

  /// Where a place of the file is shown.
  public func placeShown(_ place: Int) -> Int? { places.firstIndex(of: place) }

  /// `count` orders for an item: that of the file, then its rotations, so that every choice comes to every place, then
  /// such as follow from the id. An item with fewer orders than `count` gets all it has.
  public static func orders(_ count: Int, choices: Int, id: String) -> [ChoiceOrder] {
    guard choices > 0, count > 0 else { return [] }
    var orders = (0..<min(count, choices)).map { shift in
      ChoiceOrder(unchecked: (0..<choices).map { ($0 + shift) % choices })
    }
    var seen = Set(orders)
    let most = choices > 12 ? Int.max : (1...choices).reduce(1, *)
    var generator = SplitMix64(seed: stableHash("earshot choice order 1", id))
    while orders.count < min(count, most) {
      let order = ChoiceOrder(unchecked: Array(0..<choices).shuffled(using: &generator))
      if seen.insert(order).inserted { orders.append(order) }
    }
    return orders
  }

  private init(unchecked places: [Int]) { self.places = places }
}
