import Foundation

@testable import Chat

/// Answers everything after the same time.
struct SteadyServer: SimulatedServer {
  var seconds = 0.2

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) { (now + seconds, .tokens(100)) }
}

/// Works on so many requests at a time and queues the others without a word, as llama.cpp does with its slots. A token
/// takes the same time everywhere; answers differ in length.
struct QueueingServer: SimulatedServer {
  let width: Int
  var secondsPerToken = 0.002
  private var free: [Double]
  private var random = SplitMix(state: 7)

  init(width: Int) {
    self.width = width
    free = Array(repeating: 0, count: width)
  }

  /// From now on it works on `width` at a time.
  mutating func setWidth(_ width: Int, now: Double) {
    free = (0..<width).map { $0 < free.count ? free[$0] : now }
  }

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    let tokens = 50 + Int(random.next() % 100)
    let place = free.indices.min { free[$0] < free[$1] } ?? 0
    free[place] = max(now, free[place]) + Double(tokens) * secondsPerToken
    return (free[place], .tokens(tokens))
  }
}

/// Works on all requests together, each the slower the more there are, as vLLM does with its batches: with `knee` in
/// flight it has half of the throughput that it can ever have.
struct BatchingServer: SimulatedServer {
  let knee: Double
  private var ends: [Double] = []
  private var random = SplitMix(state: 9)

  init(knee: Double) {
    self.knee = knee
  }

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    ends.removeAll { $0 <= now }
    let tokens = 50 + Int(random.next() % 100)
    let end = now + Double(tokens) * 0.002 * (1 + Double(ends.count + 1) / knee)
    ends.append(end)
    return (end, .tokens(tokens))
  }
}

/// Refuses at once what goes beyond so many in flight.
struct RefusingServer: SimulatedServer {
  let most: Int
  private var ends: [Double] = []

  init(most: Int) {
    self.most = most
  }

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    ends.removeAll { $0 <= now }
    guard ends.count < most else { return (now + 0.005, .tooMany) }
    ends.append(now + 0.2)
    return (now + 0.2, .tokens(100))
  }
}

/// Takes ten times as long for a while.
struct MoodyServer: SimulatedServer {
  let slow: Range<Double>

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    (now + (slow.contains(now) ? 2 : 0.2), .tokens(100))
  }
}

/// Is away for a while.
struct AbsentServer: SimulatedServer {
  let away: Range<Double>
  private(set) var knocks: [Double] = []

  init(away: Range<Double>) {
    self.away = away
  }

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    guard away.contains(now) else { return (now + 0.2, .tokens(100)) }
    knocks.append(now)
    return (now + 0.001, .noConnection)
  }
}

/// Fails a share of the requests, by chance.
struct FlakyServer: SimulatedServer {
  let failing: Double
  let answer: SimulatedAnswer
  private var random = SplitMix(state: 3)

  init(failing: Double, answer: SimulatedAnswer = .failure) {
    (self.failing, self.answer) = (failing, answer)
  }

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    let fails = Double(random.next() >> 11) * 0x1p-53 < failing
    return (now + 0.2, fails ? answer : .tokens(100))
  }
}

struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Takes times for its answers that nothing explains, from nearly none to many times the mean of 0.2 s.
struct ErraticServer: SimulatedServer {
  private var random = SplitMix(state: 5)

  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer) {
    let chance = (Double(random.next() >> 11) + 1) * 0x1p-53
    return (now - 0.2 * log(chance), .tokens(20 + Int(random.next() % 300)))
  }
}
