import Testing

@testable import Training

@Suite struct CurriculumTests {
  static let rates = [
    PassRate(solved: 0, attempts: 8), PassRate(solved: 8, attempts: 8), PassRate(solved: 2, attempts: 4),
    PassRate(solved: 0, attempts: 0), PassRate(solved: 4, attempts: 8), PassRate(solved: 7, attempts: 8),
  ]

  @Test func easyQuestionsComeFirstAndUntriedOnesLast() {
    #expect(Curriculum().order(Self.rates) == [1, 5, 2, 4, 0, 3])
  }

  @Test func whatIsNeverOrAlwaysSolvedIsDroppedOnRequest() {
    #expect(Curriculum(dropsNeverSolved: true).order(Self.rates) == [1, 5, 2, 4, 3])
    #expect(Curriculum(dropsAlwaysSolved: true).order(Self.rates) == [5, 2, 4, 0, 3])
    #expect(Curriculum(dropsNeverSolved: true, dropsAlwaysSolved: true).order(Self.rates) == [5, 2, 4, 3])
  }

  @Test func ratesAreSharesOfAttempts() {
    #expect(Self.rates.map(\.share) == [0, 1, 0.5, nil, 0.5, 0.875])
  }
}

@Suite struct DynamicSamplingTests {
  private func groups(_ signals: [Bool]) -> [GroupStatistics] {
    signals.map { GroupStatistics(mean: 0, standardDeviation: $0 ? 1 : 0, hasSignal: $0) }
  }

  @Test func groupsWithoutSignalAreSampledAgain() {
    let sampling = DynamicSampling(maximumRounds: 3)

    #expect(
      sampling.decision(groups: groups([true, false, true, false]), wanted: 4, rounds: 1)
        == .sample(count: 2, keeping: [0, 2]))
    #expect(
      sampling.decision(groups: groups([true, false, true, false, true, true, true]), wanted: 4, rounds: 2)
        == .train(places: [0, 2, 4, 5]))
  }

  @Test func theRoundsAreBounded() {
    let sampling = DynamicSampling(maximumRounds: 3)

    #expect(sampling.decision(groups: groups([false, true]), wanted: 2, rounds: 3) == .train(places: [1]))
    #expect(sampling.decision(groups: groups([false, false]), wanted: 2, rounds: 3) == .train(places: []))
  }

  @Test func aSingleRoundKeepsEveryGroup() {
    let decision = DynamicSampling().decision(groups: groups([false, true]), wanted: 2, rounds: 1)

    #expect(decision == .train(places: [0, 1]))
  }
}
