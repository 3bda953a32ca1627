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
  func settle(body: UInt64, status: Int, fault: Fault?, usage: ChatCompletion.Usage?) {
    statistics.requests += 1
    statistics.byStatus[String(status), default: 0] += 1
    if let fault { statistics.byFault[fault.rawValue, default: 0] += 1 }
    if status == 200 {
      statistics.billed += 1
      statistics.promptTokens += usage?.promptTokens ?? 0
      statistics.completionTokens += usage?.completionTokens ?? 0
    }
    log?.add("\(StableHash.hex(body)) \(status)" + (fault.map { " \($0.rawValue)" } ?? ""))
  }
}
