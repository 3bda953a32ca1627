/// How often the stand-in endpoint misbehaves, and how badly. A share is that of the requests that meet a fault, 0...1;
/// together they are at most 1.
///
/// What happens to a request depends on its body and on how often that body was seen, so a run can be repeated and a
/// retry gets through.
public struct StandInFaults: Sendable, Equatable {
  private var shares: [StandInFault: Double] = [:]
  /// What `Retry-After` asks for, seconds.
  public var retryAfterSeconds = 1
  /// What `retry-after-ms` asks for.
  public var retryAfterMilliseconds = 200
  /// How much later a slow answer comes.
  public var slowSeconds = 5.0
  /// How long nothing comes at a pause.
  public var pauseSeconds = 40.0
  /// How long a dripping body takes.
  public var dripSeconds = 5.0
  /// Time every answer takes, seconds; drawn from this range by the body.
  public var latencySeconds: ClosedRange<Double> = 0...0
  /// How often one body can meet a fault; from then on it is answered well.
  public var mostPerBody = 1
  /// Another seed hits other requests.
  public var seed: UInt64 = 0

  /// No faults and no latency.
  public init() {}

  /// The share of requests that meet `fault`.
  public subscript(fault: StandInFault) -> Double {
    get { shares[fault, default: 0] }
    set { shares[fault] = newValue == 0 ? nil : newValue }
  }

  /// The share of requests that meet any fault.
  public var total: Double { StandInFault.allCases.reduce(0) { $0 + self[$1] } }
}

extension StandInFaults {
  /// The fault for the body of this hash that was seen `earlier` times before, if any.
  func fault(body: UInt64, earlier: Int) -> StandInFault? {
    guard earlier < mostPerBody, !shares.isEmpty else { return nil }
    var random = SplitMix64(seed: StableHash.mix(body, StableHash.mix(seed, UInt64(earlier))))
    var left = random.unit()
    for fault in StandInFault.allCases {
      left -= self[fault]
      if left < 0 { return fault }
    }
    return nil
  }

  /// How long the answer to the body of this hash takes, seconds.
  func seconds(body: UInt64, fault: StandInFault?) -> Double {
    var random = SplitMix64(seed: StableHash.mix(body, ~seed))
    let latency = latencySeconds.lowerBound + random.unit() * (latencySeconds.upperBound - latencySeconds.lowerBound)
    let more =
      switch fault {
      case .slow: slowSeconds
      case .pause: pauseSeconds
      default: 0.0
      }
    return max(0, latency + more)
  }
}
