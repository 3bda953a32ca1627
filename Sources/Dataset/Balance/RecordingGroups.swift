/// Recordings that share a clip, and so have to stay together: a union-find forest.
public struct RecordingGroups: Sendable {
  private var numbers: [String: Int] = [:]
  private var parents: [Int] = []
  /// Of a root: how many recordings are below it, and the smallest of their names.
  private var sizes: [Int] = []
  private var smallest: [String] = []

  public init() {}

  /// Puts the recordings of one clip into one group.
  public mutating func join(_ recordings: [String]) {
    let members = recordings.map { number(of: $0) }
    guard let first = members.first else { return }
    for member in members.dropFirst() { join(first, member) }
  }

  /// The name of the recording's group: its smallest member, by UTF-8. A recording never seen is its own group.
  public func group(of recording: String) -> String {
    guard let number = numbers[recording] else { return recording }
    return smallest[root(of: number)]
  }

  private mutating func number(of recording: String) -> Int {
    if let number = numbers[recording] { return number }
    let number = parents.count
    numbers[recording] = number
    parents.append(number)
    sizes.append(1)
    smallest.append(recording)
    return number
  }

  private mutating func join(_ one: Int, _ other: Int) {
    var (large, small) = (root(of: one), root(of: other))
    guard large != small else { return }
    // By size: no path is longer than the logarithm of the number of recordings.
    if sizes[large] < sizes[small] { swap(&large, &small) }
    parents[small] = large
    sizes[large] += sizes[small]
    if smallest[small].utf8.lexicographicallyPrecedes(smallest[large].utf8) { smallest[large] = smallest[small] }
  }

  private func root(of number: Int) -> Int {
    var number = number
    while parents[number] != number { number = parents[number] }
    return number
  }
}
