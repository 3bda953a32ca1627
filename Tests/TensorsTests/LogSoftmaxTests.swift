import Foundation
import Testing

@testable import Tensors

@Suite struct LogSoftmaxTests {
  @Test(arguments: [37, 128]) func logSumExpEqualsTorch(columns: Int) throws {
    let recorded = try RecordedOperations()

    let sums = try recorded.tensor("norms \(columns)", "x", columns: columns).logSumExp()

    let expected = try recorded.tensor("norms \(columns)", "log").values
    for (sum, torch) in zip(sums, expected) { #expect((sum - torch).magnitude <= 2e-6, "\(sum), torch: \(torch)") }
  }

  @Test func logSumExpOfAVocabularyIsExactToFloat32() {
    var random = RandomNumbers(seed: 8)
    let x = random.tensor([2, 152_064], scale: 2)

    let sums = x.logSumExp()

    for row in 0..<2 {
      let values = x.rows(row..<row + 1).values
      let exact = log(values.reduce(0) { $0 + exp(Double($1)) })
      #expect(abs(Double(sums[row]) - exact) <= 1e-6, "\(sums[row]), exactly \(exact)")
    }
  }

  @Test func logSumExpOfTheExtremes() {
    #expect(Tensor([1000, 1000], shape: [1, 2]).logSumExp()[0] == 1000 + logf(2))
    #expect(Tensor([-.infinity, 0], shape: [1, 2]).logSumExp() == [0])
    #expect(Tensor([-.infinity, -.infinity], shape: [1, 2]).logSumExp() == [-.infinity])
    #expect(Tensor([.infinity, 0], shape: [1, 2]).logSumExp() == [.infinity])
    #expect(Tensor([.nan, 0], shape: [1, 2]).logSumExp()[0].isNaN)
    #expect(Tensor(shape: [0, 5]).logSumExp().isEmpty)
  }

  @Test(arguments: [1, 63, 64, 255, 256, 1_001, 152_064])
  func argmaxIsTheFirstOfEquals(columns: Int) {
    var random = RandomNumbers(seed: 9)
    for place in [0, columns / 2, columns - 1] {
      var row = random.tensor([1, columns]).values
      row[place] = 50
      row[columns - 1] = 50

      #expect(Tensor(row, shape: [1, columns]).argmax() == [place])
    }
  }

  @Test func argmaxOfEqualOrInfiniteElements() {
    #expect(Tensor([-.infinity, -.infinity], shape: [1, 2]).argmax() == [0])
    #expect(Tensor([1, .infinity, 3, 4, 4, 2], shape: [2, 3]).argmax() == [1, 0])
    #expect(Tensor([.nan, 1], shape: [1, 2]).argmax() == [1])
  }
}
