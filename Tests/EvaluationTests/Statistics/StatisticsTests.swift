import Foundation
import Testing

@testable import Evaluation

// The reference is scipy's: Tests/Fixtures/evaluation/rules_reference.py.
@Suite struct StatisticsTests {
  @Test func wilsonIntervalsAreScipys() throws {
    let cases = try RuleFixtures.read("rules-statistics.json", as: RuleFixtures.Statistics.self).wilson
    var largest = 0.0
    for row in cases {
      let interval = try #require(Interval.wilson(right: Int(row[0]), of: Int(row[1])))
      largest = max(largest, abs(interval.low - row[2]), abs(interval.high - row[3]))
    }

    #expect(cases.count > 30)
    #expect(largest < 1e-12, "largest difference \(largest)")
    #expect(Interval.wilson(right: 0, of: 0) == nil)
    #expect(Interval.wilson(right: 3, of: 2) == nil)
  }

  @Test func mcNemarsTestIsScipysBinomialTest() throws {
    let cases = try RuleFixtures.read("rules-statistics.json", as: RuleFixtures.Statistics.self).mcnemar
    for row in cases {
      let value = McNemar.pValue(onlyFirst: Int(row[0]), onlySecond: Int(row[1]))
      #expect(abs(value - row[2]) <= 1e-9 * row[2], "\(row) \(value)")
      #expect(McNemar.pValue(onlyFirst: Int(row[1]), onlySecond: Int(row[0])) == value)
    }
  }

  @Test func theBootstrapOfAShareIsAsWideAsWilsons() throws {
    let values = (0..<1000).map { $0 % 10 < 6 ? 1.0 : 0.0 }

    let drawn = try #require(Bootstrap(seed: 1).mean(values))
    let wilson = try #require(Interval.wilson(right: 600, of: 1000))

    #expect(abs(drawn.low - wilson.low) < 0.003 && abs(drawn.high - wilson.high) < 0.003)
    #expect(Bootstrap(seed: 1).mean(values) == drawn)
    #expect(Bootstrap(seed: 2).mean(values) != drawn)
    #expect(Bootstrap().mean([]) == nil)
    #expect(Bootstrap().mean([0.5]) == Interval(low: 0.5, high: 0.5))
  }

  @Test func itemsOfOneRecordingWidenTheInterval() throws {
    // Four items a recording that are all right or all wrong: as uncertain as a quarter of the items.
    let values = (0..<1000).map { $0 / 4 % 10 < 6 ? 1.0 : 0.0 }
    let clusters = (0..<1000).map { "\($0 / 4)" }

    let alone = try #require(Bootstrap(draws: 4000).mean(values))
    let together = try #require(Bootstrap(draws: 4000).mean(values, clusters: clusters))
    let single = try #require(Bootstrap(draws: 4000).mean(values, clusters: (0..<1000).map(String.init)))

    let widening = (together.high - together.low) / (alone.high - alone.low)
    #expect(abs(widening - 2) < 0.15, "\(widening)")
    #expect(single == alone)
  }

  @Test func ratiosAndFreeStatisticsAgreeWithMeans() throws {
    let values = (0..<200).map { Double($0 * 37 % 11) }
    let bootstrap = Bootstrap(draws: 500, seed: 4)

    let mean = try #require(bootstrap.mean(values))
    let free = try #require(bootstrap.interval(items: 200) { drawn in drawn.reduce(0) { $0 + values[$1] } / 200 })
    let ratio = try #require(bootstrap.ratio(values, over: values.map { _ in 2 }))

    #expect(free == mean)
    #expect(abs(ratio.low * 2 - mean.low) < 1e-12 && abs(ratio.high * 2 - mean.high) < 1e-12)
    #expect(bootstrap.ratio([1], over: [0]) == nil)
  }

  @Test func theMiddleOfTheDrawsIsNumpys() {
    // numpy.percentile([1, 2, …, 50], [2.5, 97.5])
    let middle = Bootstrap.middle((1...50).map(Double.init).reversed())

    #expect(abs(middle.low - 2.225) < 1e-12 && abs(middle.high - 48.775) < 1e-12)
  }

  @Test func tenThousandDrawsOfTenThousandItemsTakeLessThanASecond() throws {
    let values = (0..<10_000).map { Double($0 % 3) }
    let start = threadSeconds()

    _ = Bootstrap(draws: 10_000).mean(values)

    let took = threadSeconds() - start
    #expect(took < 1, "\(took) s")
  }

  /// Of the processor, so that a busy machine does not count.
  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  @Test func pairedRunsAreToldApartWhereUnpairedOnesAreNot() throws {
    // The second run has all that the first has right, and 20 items more.
    let first = (0..<1000).map { $0 % 10 < 5 ? 1.0 : 0.0 }
    let second = (0..<1000).map { $0 % 10 < 5 || $0 % 50 == 7 ? 1.0 : 0.0 }

    let difference = try #require(PairedDifference(first, second))

    #expect(abs(difference.difference + 0.02) < 1e-12)
    #expect(difference.interval.high < 0 && difference.interval.low > -0.03)
    #expect(difference.pValue < 0.001)
    #expect(try #require(PairedDifference(first, first)).pValue == 1)
    #expect(PairedDifference([], []) == nil)
  }

  @Test func theIntervalCoversTheTruthAboutAsOftenAsItSays() throws {
    var generator = SplitMix64(seed: 9)
    var (byWilson, byDraws) = (0, 0)
    for trial in 0..<400 {
      let values = (0..<200).map { _ in Double.random(in: 0..<1, using: &generator) < 0.3 ? 1.0 : 0.0 }
      let right = values.count { $0 == 1 }
      byWilson += try #require(Interval.wilson(right: right, of: 200)).contains(0.3) ? 1 : 0
      byDraws += try #require(Bootstrap(draws: 1000, seed: UInt64(trial)).mean(values)).contains(0.3) ? 1 : 0
    }

    #expect((368...396).contains(byWilson), "\(byWilson) of 400")
    #expect((364...396).contains(byDraws), "\(byDraws) of 400")
  }
}
