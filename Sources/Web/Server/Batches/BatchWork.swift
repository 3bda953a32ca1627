import Foundation

/// Works through the requests of a batch.
struct BatchWork: Sendable {
  /// What it came to: the lines of the two files.
  struct Results: Sendable {
    var output = Data()
    var errors = Data()
    var completed = 0
    var failed = 0
  }

  let desk: AnswerDesk
  let ledger: RequestLedger

  /// Answers the first `done` of `items`; the rest goes to the errors, with `code` and `message`.
  @concurrent func results(
    _ items: [BatchInput.Item], done: Int, rest: (code: String, message: String)
  ) async -> Results {
    var results = Results()
    for item in items.prefix(done) {
      // A server that stops charges for nothing more.
      if Task.isCancelled { break }
      let answer = await answer(item)
      let line = Self.line(item, hash: StableHash.of(Array(item.body)), answer: answer)
      if answer.status == 200 {
        results.output += line
        results.completed += 1
      } else {
        results.errors += line
        results.failed += 1
      }
    }
    for item in items.dropFirst(done) { results.errors += Self.line(item, code: rest.code, message: rest.message) }
    return results
  }

  private func answer(_ item: BatchInput.Item) async -> Answer {
    let hash = StableHash.of(Array(item.body))
    let answer = await unsettledAnswer(item, hash: hash)
    await ledger.settle(answer, body: hash, inBatch: true)
    return answer
  }

  private func unsettledAnswer(_ item: BatchInput.Item, hash: UInt64) async -> Answer {
    let asked: ChatRequest
    do {
      asked = try ChatRequest(body: item.body)
    } catch {
      return desk.refusal(.invalid(error))
    }
    if let complaint = desk.capabilities.complaint(about: asked) { return desk.refusal(complaint) }
    let earlier = await ledger.arrival(of: hash)
    let fault = desk.faults.fault(body: hash, earlier: earlier).flatMap { $0.isOfTheWire ? nil : $0 }
    return desk.answer(asked, body: hash, bytes: item.body.count, earlier: earlier, fault: fault)
  }

  /// A line of the output, or of the errors where the answer is one. The answer's bytes are kept as they are.
  private static func line(_ item: BatchInput.Item, hash: UInt64, answer: Answer) -> Data {
    let request = StableHash.hex(hash)
    var line = Data(
      #"{"custom_id":\#(quoted(item.customID)),"error":null,"id":"batch_req_\#(request)","response":"#.utf8)
    line += Data(#"{"body":"#.utf8) + answer.body
    line += Data(#","request_id":"\#(request)","status_code":\#(answer.status)}}\#n"#.utf8)
    return line
  }

  /// A line for a request that was not worked on.
  private static func line(_ item: BatchInput.Item, code: String, message: String) -> Data {
    let request = StableHash.hex(StableHash.of(Array(item.body)))
    let error = #"{"code":\#(quoted(code)),"message":\#(quoted(message))}"#
    let line =
      #"{"custom_id":\#(quoted(item.customID)),"error":\#(error),"id":"batch_req_\#(request)","response":null}"#
    return Data((line + "\n").utf8)
  }

  private static func quoted(_ text: String) -> String {
    JSONBytes.text(of: text) ?? "\"\""
  }
}

extension StandInFault {
  /// Whether it is one of connections and time, which a batch knows nothing of.
  var isOfTheWire: Bool {
    switch self {
    case .slow, .cutOff, .reset, .drip, .shortLength, .doubled, .pause: true
    default: false
    }
  }
}
