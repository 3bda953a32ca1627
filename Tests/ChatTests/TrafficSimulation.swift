@testable import Chat

/// A server as a simulation sees it: told when a request comes, it says when and how that ends.
protocol SimulatedServer {
  mutating func take(at now: Double) -> (end: Double, answer: SimulatedAnswer)
}

enum SimulatedAnswer {
  /// An answer of so many tokens.
  case tokens(Int)
  case tooMany
  case failure
  case noConnection
}

/// Plays `TrafficControl` against a made-up server, in virtual time. There is always more to send; what failed comes
/// again after half a second, without a place.
struct TrafficSimulation<Server: SimulatedServer> {
  private enum Event {
    case end(Permit, began: Double, SimulatedAnswer)
    case comesAgain
    case wake
  }

  /// What happened in one second.
  struct Second {
    var answered = 0
    var refused = 0
    var failed = 0
    var mostInFlight = 0
    var allowed = 0
  }

  var traffic: TrafficControl
  var server: Server
  private(set) var now = 0.0
  private(set) var seconds: [Second] = []
  private(set) var givenUp: TrafficControl.GivenUp?
  private var inFlight = 0
  private var lastID: UInt64 = 0
  private var events = EventQueue<Event>()
  private var nextWake: Double?
  /// Counted so that what comes again does not make the line grow without end.
  private let backlog: Int

  init(_ server: Server, ceiling: Int, limits: RateLimits = RateLimits(), patience: Double = 600, backlog: Int = 2048) {
    self.server = server
    self.backlog = backlog
    traffic = TrafficControl(ceiling: ceiling, limits: limits, patience: patience, now: 0)
  }

  /// The answers a second from one second to another.
  func rate(_ range: Range<Int>) -> Double {
    Double(seconds[range].map(\.answered).reduce(0, +)) / Double(range.count)
  }

  mutating func run(until end: Double) {
    send()
    while let (instant, event) = events.first, instant <= end, givenUp == nil {
      events.removeFirst()
      now = instant
      switch event {
      case .wake: if nextWake == instant { nextWake = nil }
      case .comesAgain: join(isReturning: true)
      case .end(let permit, let began, let answer): finish(permit, began, answer)
      }
      send()
    }
    now = max(now, end)
    lengthen(to: now)
  }

  private mutating func lengthen(to instant: Double) {
    while seconds.count <= Int(instant) { seconds.append(Second(allowed: traffic.allowed)) }
  }

  private mutating func join(isReturning: Bool) {
    lastID += 1
    traffic.join(lastID, tokens: 500, isReturning: isReturning)
  }

  private mutating func finish(_ permit: Permit, _ began: Double, _ answer: SimulatedAnswer) {
    inFlight -= 1
    let outcome: SendOutcome
    switch answer {
    case .tokens(let count):
      outcome = .answered(
        began: began, seconds: now - began, usage: TokenUsage(prompt: 100, completion: count))
      note { $0.answered += 1 }
    case .tooMany:
      outcome = .overloaded(began: began, isAway: false, reason: "status 429")
      note { $0.refused += 1 }
    case .noConnection:
      outcome = .overloaded(began: began, isAway: true, reason: "no connection")
      note { $0.failed += 1 }
    case .failure:
      outcome = .failed(reason: "status 500")
      note { $0.failed += 1 }
    }
    if case .tokens = answer {} else { events.add(.comesAgain, at: now + 0.5) }
    givenUp = traffic.finish(permit, outcome, nil, now: now)
  }

  private mutating func send() {
    while true {
      if traffic.waiting < backlog { for _ in traffic.waiting..<backlog { join(isReturning: false) } }
      switch traffic.next(now: now) {
      case .admit(_, let permit):
        inFlight += 1
        let (end, answer) = server.take(at: now)
        events.add(.end(permit, began: now, answer), at: end)
        note { _ in }
      case .wait(let instant):
        guard let instant, nextWake.map({ instant < $0 }) ?? true else { return }
        nextWake = instant
        events.add(.wake, at: instant)
        return
      }
    }
  }

  private mutating func note(_ change: (inout Second) -> Void) {
    lengthen(to: now)
    change(&seconds[Int(now)])
    seconds[Int(now)].mostInFlight = max(seconds[Int(now)].mostInFlight, inFlight)
    seconds[Int(now)].allowed = traffic.allowed
  }
}

/// Events by their instants, those of one instant in the order they were added.
struct EventQueue<Event> {
  private var heap: [(instant: Double, number: Int, event: Event)] = []
  private var added = 0

  var first: (Double, Event)? { heap.first.map { ($0.instant, $0.event) } }

  mutating func add(_ event: Event, at instant: Double) {
    added += 1
    heap.append((instant, added, event))
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let children = (2 * parent + 1...2 * parent + 2).filter { $0 < heap.count }
      guard let least = children.min(by: isBefore), isBefore(least, parent) else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isBefore(_ one: Int, _ other: Int) -> Bool {
    (heap[one].instant, heap[one].number) < (heap[other].instant, heap[other].number)
  }
}
