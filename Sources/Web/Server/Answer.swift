import Foundation

/// What one completion request is answered with.
struct Answer: Sendable {
  var status = 200
  var headers: [String: String] = [:]
  var body: Data
  /// What is charged for it; nil where nothing is.
  var usage: ChatCompletion.Usage?
  /// What went wrong with it: a fault's name, or what limit was reached.
  var note: String?
}

/// Answers completion requests. The same request, seen as often before, gets the same answer.
struct AnswerDesk: Sendable {
  /// A character that no text of ours has; it becomes bytes that are no UTF-8.
  private static let placeholder = "\u{E000}"

  let faults: StandInFaults
  let capabilities: StandInCapabilities
  let clock: StandInClock

  /// The answer to a body of this hash and length that was seen `earlier` times before.
  func answer(_ request: ChatRequest, body: UInt64, bytes: Int, earlier: Int, fault: StandInFault?) -> Answer {
    if let fault, let answer = failure(fault) { return answer }
    let heard = capabilities.heard(request, earlier: earlier)
    let completion = ChatCompletion(answering: heard, body: body, bytes: bytes, fault: fault)
    var data = fault == .invalidUTF8 ? Self.withBrokenText(completion) : JSONBytes.of(completion) ?? Data()
    if fault == .doubled { data += data }
    return Answer(body: data, usage: completion.usage, note: fault?.rawValue)
  }

  /// The answer to a request that is wrong in itself.
  func refusal(_ error: APIError, status: Int = 400) -> Answer {
    Answer(status: status, body: JSONBytes.of(error) ?? Data())
  }

  /// The answer to a request beyond a limit.
  func refusal(_ refusal: RateMeter.Refusal, model: String) -> Answer {
    var answer = self.refusal(.limited(refusal, model: model), status: 429)
    answer.note = "\(refusal.kind)-limit"
    if let seconds = refusal.seconds {
      answer.headers = [
        "Retry-After": String(Int(seconds.rounded(.up))), "retry-after-ms": String(Int((seconds * 1000).rounded(.up))),
      ]
    }
    return answer
  }

  /// The answer of a server that fails in this way; nil for faults of what it writes.
  private func failure(_ fault: StandInFault) -> Answer? {
    var answer: Answer
    switch fault {
    case .rateLimited, .rateLimitedBare, .rateLimitedDate, .rateLimitedMilliseconds:
      answer = refusal(.rateLimited, status: 429)
    case .unavailable, .unavailableBare: answer = refusal(.overloaded, status: 503)
    case .serverError: answer = refusal(.internalFault, status: 500)
    default: return nil
    }
    answer.note = fault.rawValue
    switch fault {
    case .rateLimited, .unavailable: answer.headers["Retry-After"] = String(faults.retryAfterSeconds)
    case .rateLimitedDate:
      answer.headers["Retry-After"] = HTTPDateText.text(clock.now() + Double(faults.retryAfterSeconds))
    case .rateLimitedMilliseconds: answer.headers["retry-after-ms"] = String(faults.retryAfterMilliseconds)
    default: break
    }
    return answer
  }

  private static func withBrokenText(_ completion: ChatCompletion) -> Data {
    var completion = completion
    for place in completion.choices.indices {
      guard let content = completion.choices[place].message.content else { continue }
      // Behind the first space: the JSON in it has none but in its texts.
      let split = content.firstIndex(of: " ").map { content.index(after: $0) } ?? content.endIndex
      completion.choices[place].message.content = content[..<split] + placeholder + content[split...]
    }
    var data = JSONBytes.of(completion) ?? Data()
    while let range = data.range(of: Data(placeholder.utf8)) { data.replaceSubrange(range, with: [0xFF, 0xC3]) }
    return data
  }
}
