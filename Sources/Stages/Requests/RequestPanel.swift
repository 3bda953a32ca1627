import Chat
import Dispatch
import Pipelines
import Store
import Synchronization

/// What is shown while requests go out: how far they are and how fast, what they cost so far and in the end, and what
/// holds them up.
final class RequestPanel: Sendable {
  private struct State {
    var done = 0
    var promptTokens = 0
    var completionTokens = 0
    /// Of each answer's cost in US dollars, for the interval of the projection.
    var costs = (count: 0, sum: 0.0, squares: 0.0)
    var start = RequestPanel.now()
    var shown = -Double.infinity
    /// Batches under way, each with its state and how many of its requests are done.
    var batches: [Int64: (state: String, done: Int, requests: Int)] = [:]
  }

  private let context: StageContext
  /// Clips that wait for an answer.
  private let total: Int
  private let budget: Budget
  /// What is counted.
  private let unit: String
  private let state = Mutex(State())

  init(_ context: StageContext, total: Int, budget: Budget, unit: String = "clips") {
    (self.context, self.total, self.budget, self.unit) = (context, total, budget, unit)
  }

  /// An answer came, at this cost.
  func answered(_ response: ResponseRecord, _ charge: Charge) {
    state.withLock { state in
      state.promptTokens += response.promptTokens
      state.completionTokens += response.completionTokens
      guard let usd = charge.usd else { return }
      state.costs.count += 1
      state.costs.sum += usd
      state.costs.squares += usd * usd
    }
  }

  /// Attempts that failed and requests that were given up, of those under way.
  struct Failures {
    /// Attempts that failed, the most frequent first.
    var kinds: [(reason: String, count: Int)]
    var givenUp: Int
  }

  /// So many clips have theirs; shown at most twice in a second.
  func settled(_ clips: Int, flow: () -> FlowState, failures: () -> Failures) {
    let now = Self.now()
    let shown = state.withLock { state -> State? in
      state.done += clips
      guard now - state.shown >= 0.5 else { return nil }
      state.shown = now
      return state
    }
    guard let shown else { return }
    let text = Self.text(shown, total: total, unit, spent: budget.spent.usd, flow(), failures(), now: now)
    context.progress.shows(stage: context.place.name, text)
  }

  /// How a batch stands now.
  func batch(_ id: Int64, _ status: BatchStatus, requests: Int) {
    let word = status.state.rawValue.replacing("_", with: " ")
    state.withLock { $0.batches[id] = (word, status.completed + status.failed, max(requests, status.total)) }
  }

  func batchEnded(_ id: Int64) { state.withLock { _ = $0.batches.removeValue(forKey: id) } }

  /// So many more clips have an answer of a batch; their questions are read later.
  func harvested(_ answers: Int) { state.withLock { $0.done = min(total, $0.done + answers) } }

  /// Shows how batches stand, where nothing else goes out.
  func showBatches(_ failures: Failures) {
    let state = state.withLock { $0 }
    context.progress.shows(
      stage: context.place.name,
      Self.text(state, total: total, unit, spent: budget.spent.usd, nil, failures, now: Self.now()))
  }

  /// Such as "2 batches: validating, in progress 340/1000".
  private static func text(of batches: [(state: String, done: Int, requests: Int)]) -> String {
    let told = batches.prefix(4).map { $0.done > 0 ? "\($0.state) \($0.done)/\($0.requests)" : $0.state }
    let more = batches.count > 4 ? ", …" : ""
    return "\(batchCount(batches.count)): " + told.joined(separator: ", ") + more
  }

  private static func text(
    _ state: State, total: Int, _ unit: String, spent: Double, _ flow: FlowState?, _ failures: Failures, now: Double
  ) -> String {
    let rate = Double(state.done) / max(now - state.start, 0.001)
    var parts = ["\(state.done)/\(total) \(unit)"]
    if let flow { parts.append("\(flow.requestsPerMinute)/min") }
    parts.append("tokens \(short(state.promptTokens)) in, \(short(state.completionTokens)) out")
    if state.costs.count > 0 {
      parts.append(dollars(spent) + projection(state, left: max(0, total - state.done), spent: spent))
    }
    if flow != nil, state.done > 0, total > state.done {
      parts.append("\(time(Double(total - state.done) / rate)) left")
    }
    if let flow { parts.append("\(flow.inFlight) of \(flow.allowed) in flight") }
    if !state.batches.isEmpty { parts.append(text(of: state.batches.sorted { $0.key < $1.key }.map(\.value))) }
    if !failures.kinds.isEmpty {
      parts.append("errors " + failures.kinds.prefix(3).map { "\($0.count) \($0.reason)" }.joined(separator: ", "))
    }
    if failures.givenUp > 0 { parts.append("\(failures.givenUp) given up") }
    if let hold = flow?.hold { parts.append("\(hold)") }
    return parts.joined(separator: "  ")
  }

  /// What it will be in the end, with an interval of 95 % from how much the answers' costs differ.
  private static func projection(_ state: State, left: Int, spent: Double) -> String {
    let costs = state.costs
    guard costs.count >= 20, left > 0 else { return "" }
    let mean = costs.sum / Double(costs.count)
    let variance = max(0, costs.squares / Double(costs.count) - mean * mean)
    // Of the mean of those that came, and of the sum of those to come.
    let error = 1.96 * (variance * (Double(left) * Double(left) / Double(costs.count) + Double(left))).squareRoot()
    let end = spent + mean * Double(left)
    return " of about \(dollars(end)) (\(dollars(max(spent, end - error)))-\(dollars(end + error)))"
  }

  private static func short(_ count: Int) -> String {
    switch count {
    case ..<10_000: "\(count)"
    case ..<10_000_000: "\(count / 1_000)k"
    default: "\(count / 1_000_000)M"
    }
  }

  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(seconds)) s"
    case ..<5_400: "\(Int(seconds / 60)) min"
    default: "\(Int(seconds / 3_600)) h \(Int(seconds / 60) % 60) min"
    }
  }

  private static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
