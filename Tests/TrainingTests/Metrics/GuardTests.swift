import Foundation
import Testing

@testable import Training

@Suite struct GuardTests {
  private func reason(
    _ values: [[MetricName: Double]], rules: StopRules = StopRules()
  ) -> StopReason? {
    var watch = Guard(rules: rules)
    for (index, values) in values.enumerated() {
      if let reason = watch.check(StepMetrics(step: index + 1, epoch: 0, values: values)) { return reason }
    }
    return nil
  }

  private static let healthy: [MetricName: Double] = [
    .loss: 0.1, .gradientNorm: 2, .reward: 1, .rewardDeviation: 0.4, .shareWithoutSignal: 0.3, .divergence: 0.1,
  ]

  private static func ill(_ name: MetricName, _ value: Double) -> [MetricName: Double] {
    healthy.merging([name: value]) { $1 }
  }

  @Test func aHealthyRunGoesOn() {
    #expect(reason(Array(repeating: Self.healthy, count: 1_000)) == nil)
    #expect(reason([[:], [.loss: 1]]) == nil)
  }

  @Test(arguments: [MetricName.loss, .gradientNorm], [Double.nan, .infinity, -.infinity])
  func whatIsNotFiniteStopsAtOnce(name: MetricName, value: Double) throws {
    let found = try #require(reason([Self.healthy, Self.ill(name, value), Self.healthy]))

    #expect(found.step == 2 && found.since == 2)
    guard case .notFinite(name, let shown) = found.problem else { throw found }
    #expect(shown.description == value.description)
  }

  @Test func aStretchWithoutSignalStopsWhenItIsLong() {
    let flat = Array(repeating: Self.ill(.shareWithoutSignal, 0.95), count: 49)

    #expect(reason(flat + [Self.healthy] + flat) == nil)
    #expect(
      reason([Self.healthy] + flat + flat) == StopReason(problem: .noSignal(share: 0.95), step: 51, since: 2))
  }

  @Test func equalRewardsStopWhenTheyGoOn() {
    let flat = Array(repeating: Self.ill(.rewardDeviation, 0), count: 49)

    #expect(reason(flat + [Self.ill(.rewardDeviation, 1e-9)] + flat) == nil)
    #expect(reason(flat + flat) == StopReason(problem: .flatReward(1), step: 50, since: 1))
  }

  @Test func aRunawayDivergenceStopsWhenItStaysOrIsHuge() {
    let far = Array(repeating: Self.ill(.divergence, 10.5), count: 19)

    #expect(reason(far + [Self.healthy] + far) == nil)
    #expect(reason(far + far) == StopReason(problem: .divergence(10.5, limit: 10), step: 20, since: 1))
    #expect(
      reason([Self.healthy] + far.prefix(2) + [Self.ill(.divergence, 1_001)])
        == StopReason(problem: .divergence(1_001, limit: 1_000), step: 4, since: 2))
    #expect(reason([Self.ill(.divergence, .nan)]) != nil)
  }

  @Test func everyRuleCanBeOff() {
    let worst = Dictionary(uniqueKeysWithValues: Self.healthy.keys.map { ($0, Double.nan) })
    let flat: [MetricName: Double] = [.shareWithoutSignal: 1, .rewardDeviation: 0, .divergence: 1e30]

    #expect(reason(Array(repeating: worst, count: 100) + Array(repeating: flat, count: 100), rules: .off) == nil)
  }

  @Test func aStoredWatchStopsWhereAnUndisturbedOneDoes() throws {
    let flat = StepMetrics(step: 9, epoch: 0, values: Self.ill(.rewardDeviation, 0))
    var undisturbed = Guard()
    for _ in 0..<30 { #expect(undisturbed.check(flat) == nil) }
    #expect(undisturbed.doubtfulSteps == 30)
    // A step's weights are only seen to be good in the next one.
    #expect(Guard().doubtfulSteps == 1 && Guard(rules: .off).doubtfulSteps == 0)

    let state = try JSONDecoder().decode(Guard.State.self, from: JSONEncoder().encode(undisturbed.state))
    var resumed = Guard(state: state)

    for _ in 0..<19 { #expect(resumed.check(flat) == nil) }
    #expect(resumed.check(flat) != nil)
  }

  @Test func aStateOfBadNumbersIsNoCrash() throws {
    let text = #"{"withoutSignal": 9223372036854775807, "flat": -9223372036854775808, "diverged": 9223372036854775807}"#
    let state = try JSONDecoder().decode(Guard.State.self, from: Data(text.utf8))
    var watch = Guard(state: state)

    #expect(
      watch.check(StepMetrics(step: 1, epoch: 0, values: Self.ill(.divergence, 50)))?.description.isEmpty == false)
    #expect(watch.check(StepMetrics(step: 2, epoch: 0, values: Self.ill(.divergence, 1e9))) != nil)
  }

  @Test func theSentencesSayWhatAndWhatToDo() {
    let reasons = [
      StopReason(problem: .notFinite(.gradientNorm, .nan), step: 812, since: 812),
      StopReason(problem: .noSignal(share: 0.96), step: 151, since: 102),
      StopReason(problem: .flatReward(0), step: 50, since: 1),
      StopReason(problem: .divergence(12.34, limit: 10), step: 70, since: 51),
    ]

    #expect(
      reasons.map(\.description).joined(separator: "\n") == """
        step 812 – the gradient is nan. Lower the learning rate or the largest gradient norm.
        step 151 – 96% of the groups had completions of equal reward for 50 steps. Take harder or easier questions, \
        a higher temperature, more completions a group, or look whether the rewards fit what the model writes.
        step 50 – all completions had the same reward (0.00) for 50 steps. Take harder or easier questions, \
        a higher temperature, more completions a group, or look whether the rewards fit what the model writes.
        step 70 – the KL from the reference is 12.3, above 10.0 for 20 steps. Lower the learning rate or raise beta.
        """)
    #expect(reasons.map(\.lastGoodStep) == [810, 101, 0, 50])
    let broken = StopReason.broken(.logits, behind: 7)
    #expect(broken.description.hasPrefix("step 7 – the logits are nan. Lower") && broken.lastGoodStep == 6)
  }
}
