/// Those that wait for their turn, first come first served; those that had a turn already come before those that had
/// none, as they came earlier. Each operation costs the same however many wait, on average.
struct WaitingLine {
  private var returning = Line()
  private var fresh = Line()
  /// The tokens that each asks for; who is missing here has left.
  private var tokens: [UInt64: Int] = [:]

  var count: Int { tokens.count }

  mutating func join(_ id: UInt64, tokens: Int, isReturning: Bool) {
    self.tokens[id] = tokens
    if isReturning { returning.append(id) } else { fresh.append(id) }
  }

  /// False where it waits no more.
  mutating func leave(_ id: UInt64) -> Bool {
    guard tokens.removeValue(forKey: id) != nil else { return false }
    // Places of those that left are kept until they come up, but not by the thousand.
    let most = 2 * tokens.count + 64
    if returning.count > most { returning.keep { tokens[$0] != nil } }
    if fresh.count > most { fresh.keep { tokens[$0] != nil } }
    return true
  }

  /// Who is next, and the tokens that it asks for.
  mutating func first() -> (id: UInt64, tokens: Int)? {
    while let id = returning.first {
      if let tokens = tokens[id] { return (id, tokens) }
      returning.removeFirst()
    }
    while let id = fresh.first {
      if let tokens = tokens[id] { return (id, tokens) }
      fresh.removeFirst()
    }
    return nil
  }

  /// Everybody leaves.
  mutating func empty() -> [UInt64] {
    defer { self = WaitingLine() }
    return Array(tokens.keys)
  }

  /// Numbers in the order in which they came.
  private struct Line {
    private var items: [UInt64] = []
    private var head = 0

    var count: Int { items.count - head }
    var first: UInt64? { head < items.count ? items[head] : nil }

    mutating func append(_ id: UInt64) { items.append(id) }

    mutating func removeFirst() {
      head += 1
      guard head >= 64, head * 2 >= items.count else { return }
      items.removeFirst(head)
      head = 0
    }

    mutating func keep(where isWanted: (UInt64) -> Bool) {
      items = items[head...].filter(isWanted)
      head = 0
    }
  }
}
