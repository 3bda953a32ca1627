/// Counts the answers of the last minute and remembers how long the last ones took. What comes in costs the same
/// however many there are.
struct FlowMeter {
  private var slots = [Slot](repeating: Slot(), count: 60)
  private var latencies: [Double] = []
  private var next = 0
  /// The mean of the last answers' seconds, later ones weighing more; 0 before the first.
  private(set) var usualSeconds = 0.0

  private struct Slot {
    var second = -1
    var answers = 0
    var tokens = 0
  }

  private static let remembered = 255

  mutating func add(seconds: Double, tokens: Int, now: Double) {
    let second = Int(clamping: now)
    let place = ((second % slots.count) + slots.count) % slots.count
    if slots[place].second != second { slots[place] = Slot(second: second) }
    slots[place].answers += 1
    slots[place].tokens += tokens
    usualSeconds = latencies.isEmpty ? seconds : 0.9 * usualSeconds + 0.1 * seconds
    if latencies.count < Self.remembered {
      latencies.append(seconds)
    } else {
      latencies[next] = seconds
    }
    next = (next + 1) % Self.remembered
  }

  /// Answers and their tokens in the last 60 seconds.
  func lastMinute(now: Double) -> (answers: Int, tokens: Int) {
    let recent = (Int(clamping: now) - slots.count + 1)...Int(clamping: now)
    return slots.reduce(into: (answers: 0, tokens: 0)) { sum, slot in
      guard recent.contains(slot.second) else { return }
      sum.answers += slot.answers
      sum.tokens += slot.tokens
    }
  }

  var medianSeconds: Double? {
    latencies.isEmpty ? nil : latencies.sorted()[latencies.count / 2]
  }
}
