import Testing
import Training

@Suite struct OptimizerSettingsTests {
  @Test func stepsFollowFromEpochsAndBatch() {
    var optimizer = OptimizerSettings(learningRate: 1, batch: 16, epochs: 2)

    #expect(optimizer.stepCount(examples: 100) == 13)
    #expect(optimizer.stepCount(examples: 0) == 1)
    optimizer.warmupRatio = 0.03
    #expect(optimizer.warmupCount(of: 100) == 3)
    #expect(optimizer.warmupCount(of: 10) == 1)
    optimizer.warmupSteps = 50
    #expect(optimizer.warmupCount(of: 10) == 10)
    optimizer.steps = 7
    #expect(optimizer.stepCount(examples: 100) == 7)
    optimizer.steps = nil
    optimizer.epochs = 1e300
    #expect(optimizer.stepCount(examples: 100) == 1_000_000_000_000_000)
  }
}
