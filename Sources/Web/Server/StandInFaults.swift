/// How the stand-in endpoint misbehaves. All rates are shares of requests, 0...1, and together at most 1.
///
/// What happens to a request depends on its body and on how often that body was seen, so a run can be repeated and a
/// retry gets through.
public struct StandInFaults: Sendable, Equatable {
  /// Share answered with 429 and `Retry-After`.
  public var rateLimited = 0.0
  /// What `Retry-After` asks for, seconds.
  public var retryAfterSeconds = 1
  /// Share answered with 500.
  public var serverError = 0.0
  /// Share answered only after `slowSeconds` more.
  public var slow = 0.0
  public var slowSeconds = 5.0
  /// Share whose body ends, with the connection, before its Content-Length.
  public var cutOff = 0.0
  /// Share whose content is not the JSON that was asked for.
  public var wrongJSON = 0.0
  /// Share whose content stops half-way, with the finish reason "length".
  public var truncated = 0.0
  /// Share that is refused in the words of a model.
  public var refusal = 0.0
  /// Time every answer takes, seconds; drawn from this range by the body.
  public var latencySeconds: ClosedRange<Double> = 0...0
  /// How often one body can meet a fault; from then on it is answered well.
  public var mostPerBody = 1
  /// Another seed hits other requests.
  public var seed: UInt64 = 0

  /// No faults and no latency.
  public init() {}
}

/// What goes wrong with one answer.
enum Fault: String, CaseIterable {
  case rateLimited = "rate-limited"
  case serverError = "server-error"
  case slow
  case cutOff = "cut-off"
  case wrongJSON = "wrong-json"
  case truncated
  case refusal
}

extension StandInFaults {
  /// The fault for the body of this hash that was seen `earlier` times before, if any.
  func fault(body: UInt64, earlier: Int) -> Fault? {
    guard earlier < mostPerBody else { return nil }
    var random = SplitMix64(seed: StableHash.mix(body, StableHash.mix(seed, UInt64(earlier))))
    var left = random.unit()
    for fault in Fault.allCases {
      left -= rate(of: fault)
      if left < 0 { return fault }
    }
    return nil
  }

  /// How long the answer to the body of this hash takes, seconds.
  func seconds(body: UInt64, fault: Fault?) -> Double {
    var random = SplitMix64(seed: StableHash.mix(body, ~seed))
    let latency = latencySeconds.lowerBound + random.unit() * (latencySeconds.upperBound - latencySeconds.lowerBound)
    return max(0, latency + (fault == .slow ? slowSeconds : 0))
  }

  private func rate(of fault: Fault) -> Double {
    switch fault {
    case .rateLimited: rateLimited
    case .serverError: serverError
    case .slow: slow
    case .cutOff: cutOff
    case .wrongJSON: wrongJSON
    case .truncated: truncated
    case .refusal: refusal
    }
  }
}
