import Testing

@testable import Reports

@Suite struct QuantityTests {
  @Test func sharesArePercentagesWithOneDecimalAndTheirInterval() {
    #expect(Quantity.percent.text(Estimate(0.612, low: 0.58, high: 0.643)) == "61.2 (58.0-64.3)")
    #expect(Quantity.percent.text(Estimate(1)) == "100.0")
    #expect(Quantity.percent.text(Estimate(0, low: 0, high: 0.0371)) == "0.0 (0.0-3.7)")
  }

  @Test func differencesHaveTheirSign() {
    #expect(Quantity.points.text(Estimate(0.031, low: -0.002, high: 0.064)) == "+3.1 (-0.2 to +6.4)")
    #expect(Quantity.points.text(-0.105) == "-10.5")
    #expect(Quantity.points.text(0) == "0.0")
    #expect(Quantity.points.text(-0.0001) == "0.0")
    #expect(Quantity.points.text(0.0001) == "0.0")
  }

  @Test func intervalsOfNegativeNumbersAreNoChainOfDashes() {
    #expect(Quantity.number(decimals: 2).text(Estimate(-1.2, low: -3.4, high: 1)) == "-1.20 (-3.40 to 1.00)")
  }

  @Test(arguments: [
    (0.25, "0.2 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min"), (61, "1 min 1 s"),
    (3599.6, "1 h"), (6510, "1 h 49 min"), (208_000, "57 h 47 min"), (-90, "-1 min 30 s"),
  ])
  func timesAreAsPeopleSayThem(seconds: Double, text: String) {
    #expect(Quantity.seconds.text(seconds) == text)
  }

  @Test func moneyHasCentsAndMoreWhereThereIsLittle() {
    #expect(Quantity.money("$").text(12.25) == "$12.25")
    #expect(Quantity.money("$").text(0.0042) == "$0.0042")
    #expect(Quantity.money("EUR").text(-1234567.5) == "-1,234,567.50 EUR")
  }

  @Test(arguments: [Quantity.percent, .points, .seconds, .money("$"), .number(decimals: 3)])
  func whatIsNoNumberIsADash(quantity: Quantity) {
    #expect(quantity.text(Double.nan) == "–")
    #expect(quantity.text(Estimate(.infinity, low: 0, high: 1)) == "–")
  }

  @Test func endsThatMakeNoIntervalAreNone() {
    #expect(Estimate(0.5, low: 0.6, high: 0.4).interval == nil)
    #expect(Estimate(0.5, low: .nan, high: 1).interval == nil)
    #expect(Estimate(0.5, low: 0, high: .infinity).interval == nil)
  }

  @Test(arguments: [
    (0.1 + 0.2, "0.30000000000000004"), (12, "12"), (-0.0, "0"), (1e-7, "1e-07"), (61.25, "61.25"), (.nan, ""),
  ])
  func exactNumbersReadBackAsTheSame(value: Double, text: String) {
    #expect(Decimals.exact(value) == text)
  }

  @Test func thousandsAreGroupedFromFiveDigitsOn() {
    #expect(Decimals.fixed(9999, 0) == "9999")
    #expect(Decimals.fixed(12345.678, 1) == "12,345.7")
    #expect(Decimals.fixed(-1_000_000, 0) == "-1,000,000")
  }
}
