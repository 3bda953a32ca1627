import Foundation
import Testing

@testable import Tensors

@Suite struct ActivationGradientTests {
  @Test(arguments: [0, 1, 15, 200, 17_001]) func geluEqualsItsDoubleTwin(count: Int) {
    var random = RandomNumbers(seed: 21)
    let twin = DoubleTwin(
      inputs: [random.tensor([count, 1], scale: 2)],
      operation: { tape, inputs, _ in tape.gelu(inputs[0]) },
      plain: { values in values[0].map { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) } })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func theSlopeOfGeluIsExactEverywhere() {
    let points = stride(from: Float(-20), through: 20, by: 0.01).map { $0 } + [-100, 100, -0.0, 3e38, -3e38]
    let x = Variable(Tensor(points, shape: [points.count]), needsGradient: true)
    let tape = Tape()

    tape.gelu(x).accumulate(Tensor([Float](repeating: 1, count: points.count), shape: [points.count]))
    tape.backward()

    let slopes = points.map { point in
      let x = Double(point)
      return 0.5 * erfc(-x / 2.0.squareRoot()) + (x.magnitude < 1e9 ? x * exp(-x * x / 2) / (2 * .pi).squareRoot() : 0)
    }
    let worst = zip(x.gradient?.values ?? [], slopes).map { (Double($0) - $1).magnitude }.max() ?? .infinity
    #expect(worst <= 3e-7, "\(worst)")
  }

  @Test(arguments: [(0, 3), (1, 1), (3, 17), (61, 301)]) func siluEqualsItsDoubleTwin(rows: Int, columns: Int) {
    var random = RandomNumbers(seed: 22)
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, columns], scale: 3), random.tensor([rows, columns])],
      operation: { tape, inputs, _ in tape.silu(inputs[0], times: inputs[1]) },
      plain: { values in zip(values[0], values[1]).map { $0 / (1 + exp(-$0)) * $1 } })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test(arguments: [true, false]) func siluGivesOneGradientAsItGivesBoth(ofTheGate: Bool) {
    var random = RandomNumbers(seed: 23)
    let (x, y, direction) = (random.tensor([9, 30]), random.tensor([9, 30]), random.tensor([9, 30]))
    func gradients(gate: Bool, up: Bool) -> (Tensor?, Tensor?) {
      let (gate, up) = (Variable(x, needsGradient: gate), Variable(y, needsGradient: up))
      let tape = Tape()
      tape.silu(gate, times: up).accumulate(direction)
      tape.backward()
      return (gate.gradient, up.gradient)
    }

    let both = gradients(gate: true, up: true)
    let one = gradients(gate: ofTheGate, up: !ofTheGate)

    #expect(one.0 == (ofTheGate ? both.0 : nil))
    #expect(one.1 == (ofTheGate ? nil : both.1))
  }

  @Test(arguments: [(0, 3), (1, 1), (77, 300)]) func sumsEqualTheirDoubleTwins(rows: Int, columns: Int) {
    var random = RandomNumbers(seed: 24)
    let constant = random.tensor([rows, columns])
    let added = constant.values.map(Double.init)
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, columns]), random.tensor([rows, columns])],
      operation: { tape, inputs, _ in tape.adding(constant, to: tape.add(inputs[0], inputs[1])) },
      plain: { values in values[0].indices.map { values[0][$0] + values[1][$0] + added[$0] } })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func aSumOfAValueWithItselfHasTwiceTheGradient() {
    let x = Variable(Tensor([1, -2], shape: [2]), needsGradient: true)
    let tape = Tape()

    tape.add(x, x).accumulate(Tensor([3, 5], shape: [2]))
    tape.backward()

    #expect(x.gradient?.values == [6, 10])
  }

  @Test func frozenInputsRecordNothing() {
    let x = Variable(Tensor([1, -2], shape: [1, 2]))
    let tape = Tape()

    let results = [
      tape.gelu(x), tape.silu(x, times: x), tape.add(x, x), tape.adding(x.value, to: x),
      tape.averagedPairs(x, rowCounts: [1]), tape.neighbourhoods(x, segments: [0..<1], rowCounts: [1], stride: 1),
      tape.rotary(x, heads: 1, positions: [4], table: RotaryTable(headDimension: 2, theta: 10_000, positions: 5)),
      tape.attention(
        queries: x, keys: x, values: x, heads: 1, keyValueHeads: 1,
        blocks: [AttentionBlock(queries: 0..<1, keys: 0..<1, isCausal: true)], scale: 1),
    ]

    #expect(results.allSatisfy { !$0.needsGradient })
  }
}
