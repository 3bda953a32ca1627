import Transfer

/// What one attempt sends.
struct HTTPCall {
  let method: HTTPRequest.Method
  let path: String
  let body: [UInt8]
  let output: StructuredOutput
  /// The tokens that it counts for; nil for what needs no turn among those that send.
  let tokens: Int?
  var contentType = "application/json"
  /// Sent in place of `body`, a piece at a time.
  var bodySource: BodySource?
  /// Takes the body of a good answer, of each attempt anew.
  var sink: BodySink?
}

extension ChatClient {
  /// Makes attempts until one settles the matter, with an answer of whatever status or with an error. What waits for
  /// its next attempt holds no place.
  func settle(
    _ call: HTTPCall, _ tally: inout AttemptTally, _ hook: AttemptHook
  ) async throws(ChatError) -> HTTPResponse {
    while true {
      let permit = try await permit(for: call, tally)
      tally.begin()
      let (outcome, end) = try await makeAttempt(call, permit, tally.number, hook)
      let failure: AttemptFailure
      let step: NextStep
      switch outcome {
      case .answered(let response): return response
      case .failed(let error): (failure, step) = (.transfer(error), NextStep(after: error))
      case .refused(_, let next, let reason): (failure, step) = (reason, next)
      }
      try await tell(hook, AttemptEvent(number: tally.number, output: call.output, happening: .failed(failure)))
      if case .refused(let response, .settle, _) = outcome { return response }
      if let end { throw end }
      // A trial fails because everything does, which is not for this request to pay for.
      if permit?.isTrial == true, case .retry = step { continue }
      try await prepareNext(step, after: failure, &tally, isInLine: permit != nil)
    }
  }

  private func permit(for call: HTTPCall, _ tally: AttemptTally) async throws(ChatError) -> Permit? {
    guard let tokens = call.tokens else { return nil }
    return try await gate.admit(tokens: tokens, isReturning: tally.number > 0)
  }

  /// One attempt, with its permit given back however it ends. The error is for the request where there will be no other
  /// attempt.
  private func makeAttempt(
    _ call: HTTPCall, _ permit: Permit?, _ number: Int, _ hook: AttemptHook
  ) async throws(ChatError) -> (AttemptOutcome, ChatError?) {
    do throws(ChatError) {
      try await tell(hook, AttemptEvent(number: number, output: call.output, happening: .sending))
    } catch {
      if let permit { _ = gate.finish(permit, .unsent) }
      throw error
    }
    let began = pacing.now()
    let outcome = await attempt(call)
    guard let permit else { return (outcome, nil) }
    let ending = outcome.ending(began: began, now: pacing.now(), longestPause: pacing.longestPause)
    return (outcome, gate.finish(permit, ending, outcome.rateHeaders))
  }

  /// Waits as `step` says; throws when there is to be no further attempt.
  private func prepareNext(
    _ step: NextStep, after failure: AttemptFailure, _ tally: inout AttemptTally, isInLine: Bool
  ) async throws(ChatError) {
    switch step {
    case .settle: throw error(for: failure, tally)
    case .pause(let seconds):
      let seconds = try reasonable(seconds)
      tally.countPause()
      guard tally.pauses <= pacing.maximumPauses else { throw tally.error(endpoint: endpoint.identity, last: failure) }
      // Those in line are all held back until the pause is over.
      if !isInLine { try await sleep(seconds) }
    case .retry(let wait):
      tally.count(failure)
      guard !tally.isExhausted else { throw tally.error(endpoint: endpoint.identity, last: failure) }
      try await sleep(try reasonable(wait ?? pacing.wait(afterFailures: tally.failures)))
    }
  }

  private func attempt(_ call: HTTPCall) async -> AttemptOutcome {
    do throws(TransferError) {
      let request = httpRequest(call)
      let response =
        if let sink = call.sink { try await http.download(request, to: sink) } else { try await http.send(request) }
      if (200..<300).contains(response.status) {
        return endsWithinObject(response.body) ? .failed(.cutOff(received: response.body.count)) : .answered(response)
      }
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
    if call.method == .post { headers.append("Content-Type", call.contentType) }
    if let key = endpoint.key { headers.append("Authorization", "Bearer \(key.value)") }
    var request = HTTPRequest(
      method: call.method, url: endpoint.baseURL + call.path, headers: headers, body: call.body,
      connectTimeout: endpoint.connectTimeout, idleTimeout: endpoint.idleTimeout,
      maximumResponseBytes: endpoint.maximumResponseBytes)
    request.bodySource = call.bodySource
    return request
  }

  private func error(for failure: AttemptFailure, _ tally: AttemptTally) -> ChatError {
    guard case .transfer(let error) = failure else { return tally.error(endpoint: endpoint.identity, last: failure) }
    switch error {
    case .cancelled, .closed: return .cancelled
    case .tls: return .unreachable(endpoint: endpoint.identity, attempts: tally.number, error)
    default: return .transfer(endpoint: endpoint.identity, error)
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
