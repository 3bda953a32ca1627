import Testing

@testable import Reports

@Suite struct TicksTests {
  @Test(arguments: [
    (0.0...1.0, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (0...100, 6, ["0", "20", "40", "60", "80", "100"]),
    (0...400, 9, ["0", "50", "100", "150", "200", "250", "300", "350", "400"]), (-12...31, 5, ["0", "20"]),
    (0.98...1, 5, ["0.980", "0.985", "0.990", "0.995", "1.000"]), (0...200_000, 3, ["0", "100,000", "200,000"]),
    (0...1e-6, 6, ["0", "2e-7", "4e-7", "6e-7", "8e-7", "1e-6"]), (0...2e9, 3, ["0", "1e9", "2e9"]),
  ])
  func ticksAreRoundAndTheirLabelsShort(range: ClosedRange<Double>, most: Int, labels: [String]) {
    #expect(Ticks(in: range, most: most).labels == labels)
  }

  @Test func ticksAreNeverMoreThanAskedForAndWithinTheRange() {
    for place in 0..<400 {
      let low = Double((place * 7919) % 2003) - 1000
      let high = low + Double((place * 104_729) % 9973 + 1) / 37
      for most in 2...9 {
        let ticks = Ticks(in: low...high, most: most)
        #expect(ticks.values.count <= most)
        #expect(ticks.values.allSatisfy { $0 >= low - 1e-6 && $0 <= high + 1e-6 })
        #expect(Set(ticks.labels).count == ticks.values.count)
      }
    }
  }

  @Test func roundedRangesHoldTheNumbersAndEndAtTicks() throws {
    for place in 0..<200 {
      let low = Double((place * 7919) % 2003) / 100 - 10
      let high = low + Double((place * 104_729) % 9973 + 1) / 370
      let (range, ticks) = Ticks.rounding(low...high, most: 7)
      let (first, last) = (try #require(ticks.values.first), try #require(ticks.values.last))
      #expect(range.lowerBound <= low + 1e-9 && range.upperBound >= high - 1e-9)
      #expect(abs(first - range.lowerBound) < 1e-6 && abs(last - range.upperBound) < 1e-6)
    }
  }

  @Test func stepsAreCountedInWholeNumbers() {
    #expect(Ticks(in: 0...3, most: 9, wholeOnly: true).labels == ["0", "1", "2", "3"])
    #expect(Ticks(in: 0...10, most: 5, wholeOnly: true).labels == ["0", "5", "10"])
  }

  @Test(arguments: [0...0, 5...5, -3...(-3), 1e-300...1e-300, 1e15...1e15.nextUp, 1e99...1e99])
  func oneNumberAloneHasAnAxisToo(range: ClosedRange<Double>) {
    let (wide, ticks) = Ticks.rounding(range, most: 6)
    #expect(wide.lowerBound < range.lowerBound && wide.upperBound > range.upperBound)
    #expect((2...8).contains(ticks.values.count))
  }

  @Test func anAxisOfSharesEndsAtAHundredPercent() {
    let axis = Axis(.percent, [0, 1], from: 0, to: 100, most: 6, ends: .round)
    #expect(axis.ticks.labels == ["0", "20", "40", "60", "80", "100"])
    #expect(axis.place(1) == 100)
    #expect(axis.place(0.5) == 50)
  }
}
