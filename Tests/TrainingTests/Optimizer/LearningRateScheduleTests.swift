import Testing

@testable import Training

@Suite struct LearningRateScheduleTests {
  @Test(arguments: LearningRateSchedule.allCases, [0, 3, 12])
  func factorsEqualTransformers(schedule: LearningRateSchedule, warmUpSteps: Int) throws {
    let recorded = try RecordedOptimizer().numbers("schedules", "\(schedule.rawValue) \(warmUpSteps)")

    let factors = (0...12).map { schedule.factor(step: $0, warmUpSteps: warmUpSteps, steps: 12) }

    for (factor, expected) in zip(factors, recorded) { #expect(abs(factor - expected) <= 1e-12) }
    #expect(factors.count == recorded.count)
  }

  @Test func afterTheLastStepTheFactorStays() {
    #expect(LearningRateSchedule.constant.factor(step: 90, warmUpSteps: 1, steps: 10) == 1)
    #expect(LearningRateSchedule.linear.factor(step: 90, warmUpSteps: 1, steps: 10) == 0)
    #expect(LearningRateSchedule.cosine.factor(step: 90, warmUpSteps: 1, steps: 10) == 0)
  }
}
