import Testing

@testable import Audio

@Suite struct SplitMix64Tests {
  /// The first numbers of Vigna's splitmix64.c for the seed 1234567, as listed in Rosetta Code's task of this name.
  @Test func numbersEqualThoseOfTheReference() {
    var random = SplitMix64(seed: 1_234_567)

    #expect(
      (0..<5).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test func drawsStayInTheirRangeAndReachAllOfIt() {
    var random = SplitMix64(seed: 5)
    let numbers = (0..<1000).map { _ in random.uniform(-2...3) }
    let indices = (0..<1000).map { _ in random.index(below: 7) }

    #expect(numbers.allSatisfy { $0 >= -2 && $0 < 3 })
    #expect(numbers.min()! < -1.9 && numbers.max()! > 2.9)
    #expect(Set(indices) == Set(0..<7))
    #expect(random.shuffled(Array(0..<50)).sorted() == Array(0..<50))
  }

  @Test func itemsOfASeriesDiffer() {
    let firsts = (0..<1000).map { index in
      var random = SplitMix64(seed: 9, index: UInt64(index))
      return random.next()
    }

    #expect(Set(firsts).count == 1000)
  }
}
