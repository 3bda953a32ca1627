/// Where a batch stands. A pure sequence of steps; what moves it is the book's business.
struct BatchState: Sendable {
  enum Status: String, Sendable {
    case validating, failed, finalizing, completed, expired, cancelling, cancelled
    case inProgress = "in_progress"

    /// Whether nothing comes after it.
    var isLast: Bool {
      switch self {
      case .failed, .completed, .expired, .cancelled: true
      case .validating, .inProgress, .finalizing, .cancelling: false
      }
    }
  }

  private(set) var status = Status.validating
  /// Requests.
  let total: Int
  /// Requests worked on so far.
  private(set) var done = 0
  /// Seconds since 1970 at which each status began.
  private(set) var times: [Status: Int]
  private let isValid: Bool
  private let steps: Int
  /// How many are worked on before it expires; nil where it does not.
  private let last: Int?
  private var working = 0

  init(total: Int, isValid: Bool, settings: StandInBatches, at time: Int) {
    self.total = total
    self.isValid = isValid
    steps = max(1, settings.workingSteps)
    last = settings.expiresAfter.map { Int(Double(total) * min(max($0, 0), 1)) }
    times = [.validating: time]
  }

  /// Takes the next step.
  mutating func advance(at time: Int) {
    switch status {
    case .validating: enter(isValid ? .inProgress : .failed, at: time)
    case .inProgress:
      working += 1
      done = min(total * working / steps, last ?? total)
      if working == steps { enter(.finalizing, at: time) }
    case .finalizing: enter(last == nil ? .completed : .expired, at: time)
    case .cancelling: enter(.cancelled, at: time)
    case .failed, .completed, .expired, .cancelled: break
    }
  }

  /// Whether it can still be cancelled; then it is.
  mutating func cancel(at time: Int) -> Bool {
    guard status == .validating || status == .inProgress || status == .finalizing else { return false }
    enter(.cancelling, at: time)
    return true
  }

  private mutating func enter(_ next: Status, at time: Int) {
    status = next
    times[next] = time
  }
}
