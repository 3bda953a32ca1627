/// Counts what the stand-in server answers.
actor RequestLedger {
  private(set) var statistics = StandInStatistics()
  private var seen: [UInt64: Int] = [:]
  private let log: RequestLog?

  init(log: RequestLog?) {
    self.log = log
  }

  /// Notes that a body came in; returns how often it came before.
  func arrival(of body: UInt64) -> Int {
    let earlier = seen[body, default: 0]
    seen[body] = earlier + 1
    return earlier
  }

  /// Notes an answer, before it is sent; on return it is in the log.
  func settle(_ answer: Answer, body: UInt64, inBatch: Bool = false) {
    statistics.requests += 1
    statistics.byStatus[String(answer.status), default: 0] += 1
    if let note = answer.note { statistics.byFault[note, default: 0] += 1 }
    if answer.status == 200 {
      statistics.billed += 1
      if inBatch { statistics.batched += 1 }
      statistics.promptTokens += answer.usage?.promptTokens ?? 0
      statistics.completionTokens += answer.usage?.completionTokens ?? 0
    }
    guard let log else { return }
    let words = [StableHash.hex(body), String(answer.status), answer.note, inBatch ? "batch" : nil]
    log.add(words.compactMap(\.self).joined(separator: " "))
  }
}
