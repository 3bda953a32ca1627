import Transfer

/// What one attempt sends.
struct HTTPCall {
  let method: HTTPRequest.Method
  let path: String
  let body: [UInt8]
  let output: StructuredOutput
}

/// What came of one attempt.
private enum Outcome {
  case answered(HTTPResponse)
  case refused(HTTPResponse, NextStep, AttemptFailure)
  case failed(TransferError)
}

extension ChatClient {
  /// Makes attempts until one settles the matter, with an answer of whatever status or with an error.
  func settle(
    _ call: HTTPCall, _ tally: inout AttemptTally, _ hook: AttemptHook
  ) async throws(ChatError) -> HTTPResponse {
    while true {
      try await waitForPause()
      tally.begin()
      try await tell(hook, AttemptEvent(number: tally.number, output: call.output, happening: .sending))
      let failure: AttemptFailure
      let step: NextStep
      switch await attempt(call) {
      case .answered(let response): return response
      case .failed(let error): (failure, step) = (.transfer(error), NextStep(after: error))
      case .refused(let response, .settle, let reason):
        try await tell(hook, AttemptEvent(number: tally.number, output: call.output, happening: .failed(reason)))
        return response
      case .refused(_, let next, let reason): (failure, step) = (reason, next)
      }
      try await tell(hook, AttemptEvent(number: tally.number, output: call.output, happening: .failed(failure)))
      try await prepareNext(step, after: failure, &tally)
    }
  }

  /// Waits as `step` says; throws when there is to be no further attempt.
  private func prepareNext(
    _ step: NextStep, after failure: AttemptFailure, _ tally: inout AttemptTally
  ) async throws(ChatError) {
    switch step {
    case .settle: throw error(for: failure, tally)
    case .pause(let seconds):
      gate.pause(until: pacing.now() + (try reasonable(seconds)))
      tally.countPause()
      guard tally.pauses <= pacing.maximumPauses else { throw tally.error(endpoint: endpoint.identity, last: failure) }
    case .retry(let wait):
      tally.count(failure)
      guard !tally.isExhausted else { throw tally.error(endpoint: endpoint.identity, last: failure) }
      try await sleep(try reasonable(wait ?? pacing.wait(afterFailures: tally.failures)))
    }
  }

  private func attempt(_ call: HTTPCall) async -> Outcome {
    do throws(TransferError) {
      let response = try await http.send(httpRequest(call))
      guard !(200..<300).contains(response.status) else { return .answered(response) }
      let advice = RetryAdvice(headers: response.headers, secondsSince1970: pacing.secondsSince1970())
      let text = excerpt(of: response.body, hiding: endpoint.key)
      return .refused(
        response, NextStep(after: response, advice: advice), .status(response.status, excerpt: text))
    } catch {
      return .failed(error)
    }
  }

  private func httpRequest(_ call: HTTPCall) -> HTTPRequest {
    var headers: HTTPHeaders = ["Accept": "application/json"]
    if call.method == .post { headers.append("Content-Type", "application/json") }
    if let key = endpoint.key { headers.append("Authorization", "Bearer \(key.value)") }
    return HTTPRequest(
      method: call.method, url: endpoint.baseURL + call.path, headers: headers, body: call.body,
      connectTimeout: endpoint.connectTimeout, idleTimeout: endpoint.idleTimeout,
      maximumResponseBytes: endpoint.maximumResponseBytes)
  }

  private func error(for failure: AttemptFailure, _ tally: AttemptTally) -> ChatError {
    guard case .transfer(let error) = failure else { return tally.error(endpoint: endpoint.identity, last: failure) }
    switch error {
    case .cancelled, .closed: return .cancelled
    case .tls: return .unreachable(endpoint: endpoint.identity, attempts: tally.number, error)
    default: return .transfer(endpoint: endpoint.identity, error)
    }
  }

  /// Waits as long as the endpoint wants all to wait, and a moment of chance more, so that not all go on at once.
  private func waitForPause() async throws(ChatError) {
    while true {
      let left = gate.pausedUntil - pacing.now()
      guard left > 0 else { return }
      try await sleep(left + pacing.base * pacing.jitter())
    }
  }

  private func reasonable(_ seconds: Double) throws(ChatError) -> Double {
    guard seconds <= pacing.longestPause else {
      throw .pauseTooLong(endpoint: endpoint.identity, seconds: seconds)
    }
    return seconds
  }

  private func sleep(_ seconds: Double) async throws(ChatError) {
    do { try await pacing.sleep(seconds) } catch { throw .cancelled }
  }

  private func tell(_ hook: AttemptHook, _ event: AttemptEvent) async throws(ChatError) {
    do {
      try await hook(event)
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw .notRecorded(error)
    }
  }
}
