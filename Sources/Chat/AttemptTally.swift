import Transfer

/// What has become of one request's attempts so far.
struct AttemptTally {
  let maximum: Int
  private(set) var number = 0
  private(set) var failures = 0
  private(set) var pauses = 0
  private var everConnected = false

  init(maximum: Int) {
    self.maximum = maximum
  }

  var isExhausted: Bool { failures >= maximum }

  mutating func begin() { number += 1 }

  mutating func countPause() { pauses += 1 }

  mutating func count(_ failure: AttemptFailure) {
    failures += 1
    switch failure {
    case .transfer(.couldNotResolve), .transfer(.refused), .transfer(.connectTimeout): break
    default: everConnected = true
    }
  }

  func error(endpoint: String, last: AttemptFailure) -> ChatError {
    if !everConnected, pauses == 0, case .transfer(let error) = last {
      return .unreachable(endpoint: endpoint, attempts: number, error)
    }
    return .exhausted(endpoint: endpoint, attempts: number, last: last)
  }
}
