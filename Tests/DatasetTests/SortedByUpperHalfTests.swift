import Testing

@testable import Dataset

@Suite struct SortedByUpperHalfTests {
  @Test func equalsStayInTheirOrder() {
    var state: UInt64 = 7
    let entries = (0..<50_000).map { index -> UInt64 in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      let key: UInt64 = index % 3 == 0 ? state >> 60 : state >> 32
      return key << 32 | UInt64(index)
    }

    #expect(entries.sortedByUpperHalf() == entries.sorted())
    #expect([UInt64]().sortedByUpperHalf() == [])
    #expect([UInt64.max, 0].sortedByUpperHalf() == [0, .max])
  }
}
