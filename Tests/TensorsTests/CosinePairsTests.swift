import Testing

@testable import Tensors

@Suite struct CosinePairsTests {
  private static func vectors(_ count: Int, _ dimension: Int) -> [[Float]] {
    var state: UInt64 = 3
    return (0..<count).map { number in
      CosinePairs.normalised(
        (0..<dimension).map { place in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          // Groups of seven have much in common.
          return Float(state >> 40) / Float(1 << 24) - 0.5 + (place == number / 7 % dimension ? 3 : 0)
        })
    }
  }

  @Test(arguments: [1, 7, 64, 1000]) func blocksGiveThePairsThatEachAgainstEachGives(block: Int) {
    let vectors = Self.vectors(150, 24)
    var expected: [[Int]] = []
    for first in vectors.indices {
      for second in (first + 1)..<vectors.count {
        let cosine = zip(vectors[first], vectors[second]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        // None lies so near the threshold that rounding decides.
        #expect(abs(cosine - 0.8) > 1e-6)
        if cosine >= 0.8 { expected.append([first, second]) }
      }
    }

    var found: [[Int]] = []
    var rowsAtOnce = 0
    CosinePairs.find(
      count: vectors.count, dimension: 24, threshold: 0.8, block: block,
      rows: { range in
        rowsAtOnce = max(rowsAtOnce, range.count)
        return vectors[range].flatMap(\.self)
      }, found: { first, second, _ in found.append([first, second]) })

    #expect(expected.count > 100)
    #expect(found.sorted { $0.lexicographicallyPrecedes($1) } == expected)
    #expect(rowsAtOnce == min(block, 150))
  }

  @Test func rowsOfZerosAreLikeNone() {
    let rows: [[Float]] = [[0, 0], CosinePairs.normalised([0, 0]), [1, 0], CosinePairs.normalised([2, 0])]
    var found: [[Int]] = []

    CosinePairs.find(
      count: 4, dimension: 2, threshold: 0.5, rows: { rows[$0].flatMap(\.self) },
      found: { first, second, _ in found.append([first, second]) })

    #expect(found == [[2, 3]])
    #expect(CosinePairs.normalised([3, 4]) == [0.6, 0.8])
    #expect(CosinePairs.normalised([.infinity, 1]) == [0, 0])
  }
}
