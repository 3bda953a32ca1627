import CKernels
import Foundation
import Testing

@testable import Tensors

@Suite struct ActivationTests {
  @Test func geluEqualsTorch() throws {
    let recorded = try RecordedOperations()
    var x = try recorded.tensor("activations", "x")

    x.gelu()

    let difference = try largestDifference(x, recorded.tensor("activations", "gelu"))
    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func geluOfTheExtremes() {
    var x = Tensor([.infinity, -.infinity, 1e30, -1e30, 0, .nan], shape: [6])

    x.gelu()

    let values = x.values
    #expect(values[0] == .infinity && values[2] == 1e30 && values[4] == 0 && values[5].isNaN)
    #expect(values[1].magnitude < 1e-18 && values[3].magnitude < 1e-18)
  }

  @Test func siluTimesEqualsTorch() throws {
    let recorded = try RecordedOperations()
    var x = try recorded.tensor("activations", "x")

    try x.silu(times: recorded.tensor("activations", "y"))

    let expected = try recorded.tensor("activations", "silu")
    for (value, torch) in zip(x.values, expected.values) {
      #expect((value - torch).magnitude <= max(1e-7, torch.magnitude * 3e-7), "\(value), torch: \(torch)")
    }
  }

  @Test func exponentialsAreWithinTwoUnitsInTheLastPlace() {
    let x = stride(from: Float(-87.3), through: 88.3, by: 0.0037).map { $0 }
    var out = [Float](repeating: 0, count: x.count)

    transformer_exp(x, x.count, &out)

    let worst = zip(x, out).map { x, value in
      let exact = exp(Double(x))
      return abs(Double(value) - exact) / Double(Float(exact).ulp)
    }.max()!
    #expect(worst <= 2, "\(worst) units")
  }

  @Test func exponentialsOfTheExtremesAreInOrder() {
    let x: [Float] = [-.infinity, -1000, -87.4, 0, 1000, .nan]
    var out = [Float](repeating: -1, count: x.count)

    transformer_exp(x, x.count, &out)

    #expect(out[...3] == [0, 0, 0, 1])
    #expect(out[4] > 2e38)
    #expect(out[5].isNaN)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 100_003])
  func activationsOfAnyCountEqualThePlainOnes(count: Int) {
    var random = RandomNumbers(seed: 5)
    let x = random.tensor([count], scale: 3)
    let y = random.tensor([count])
    var (gelu, silu, sum) = (x, x, x)

    gelu.gelu()
    silu.silu(times: y)
    sum.add(y)

    let pairs = zip(x.values, y.values)
    let plainGelu = x.values.map { Float(0.5 * Double($0) * (1 + erf(Double($0) * 0.5.squareRoot()))) }
    let plainSilu = pairs.map { Float(Double($0) / (1 + exp(-Double($0))) * Double($1)) }
    #expect(largestDifference(gelu, Tensor(plainGelu, shape: [count])) <= 1e-6)
    #expect(largestDifference(silu, Tensor(plainSilu, shape: [count])) <= 3e-6)
    #expect(sum.values == pairs.map { $0 + $1 })
  }

  @Test func nothingIsWrittenToACopy() {
    var random = RandomNumbers(seed: 6)
    let x = random.tensor([40])
    var other = x

    other.gelu()
    other.add(x)

    #expect(other != x)
    #expect(
      x
        == {
          var random = RandomNumbers(seed: 6)
          return random.tensor([40])
        }())
  }
}
