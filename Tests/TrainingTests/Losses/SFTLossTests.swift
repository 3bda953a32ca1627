import Testing

@testable import Training

@Suite struct SFTLossTests {
  @Test func tokensWeighTheSameInEveryBatch() {
    let (short, slope) = SFTLoss.evaluate(logProbabilities: [-8], tokenCount: 4)
    let (long, other) = SFTLoss.evaluate(logProbabilities: [-1, -2, -1], tokenCount: 4)

    // The mean of the batches' means would be 4.67.
    #expect(short + long == 3)
    #expect(slope == -0.25 && other == -0.25)
  }

  @Test func noTokensGiveNothing() {
    #expect(SFTLoss.evaluate(logProbabilities: [], tokenCount: 0).loss == 0)
  }
}
