import Testing

@testable import Tensors

@Suite struct NormGradientTests {
  static let shapes = [(1, 3), (1, 7), (2, 37), (5, 128), (67, 20), (130, 257)]

  @Test(arguments: shapes) func rmsNormEqualsItsDoubleTwin(rows: Int, columns: Int) {
    var random = RandomNumbers(seed: 11)
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, columns], scale: 3)], weights: [random.tensor([columns])],
      operation: { tape, inputs, weights in tape.rmsNorm(inputs[0], weight: weights[0], epsilon: 1e-2) },
      plain: { values in
        (0..<rows).flatMap { row in
          let x = values[0][row * columns..<(row + 1) * columns]
          let square = x.reduce(0) { $0 + $1 * $1 } / Double(columns)
          return zip(x, values[1]).map { $0 / (square + Double(Float(1e-2))).squareRoot() * $1 }
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 2e-6, "\(difference)")
  }

  @Test(arguments: shapes) func layerNormEqualsItsDoubleTwin(rows: Int, columns: Int) {
    var random = RandomNumbers(seed: 12)
    var x = random.tensor([rows, columns], scale: 3)
    x.add(Tensor([Float](repeating: 2, count: x.count), shape: x.shape))
    let twin = DoubleTwin(
      inputs: [x], weights: [random.tensor([columns]), random.tensor([columns])],
      operation: { tape, inputs, weights in
        tape.layerNorm(inputs[0], weight: weights[0], bias: weights[1], epsilon: 1e-2)
      },
      plain: { values in
        (0..<rows).flatMap { row in
          let x = values[0][row * columns..<(row + 1) * columns]
          let mean = x.reduce(0, +) / Double(columns)
          let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
          let deviation = (variance + Double(Float(1e-2))).squareRoot()
          return x.enumerated().map { ($1 - mean) / deviation * values[1][$0] + values[2][$0] }
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 3e-6, "\(difference)")
  }

  @Test func normsWithoutRowsLeaveTheGradientsZero() {
    let weight = Parameter(name: "weight", value: Tensor([1, 2], shape: [2]))
    let x = Variable(Tensor(shape: [0, 2]), needsGradient: true)
    let tape = Tape()

    let out = tape.rmsNorm(x, weight: .trained(weight), epsilon: 1e-6)
    out.accumulate(Tensor(shape: [0, 2]))
    tape.backward()

    #expect(weight.gradient.values == [0, 0])
    #expect(x.gradient?.shape == [0, 2])
  }

  @Test func aFrozenNormOfWhatNobodyTrainsRecordsNothing() {
    let weight = VectorWeight.frozen(Tensor([1, 2], shape: [2]))
    let x = Variable(Tensor([1, 2], shape: [1, 2]))
    let tape = Tape()

    let rms = tape.rmsNorm(x, weight: weight, epsilon: 1e-6)
    let layer = tape.layerNorm(x, weight: weight, bias: weight, epsilon: 1e-6)

    #expect(!rms.needsGradient)
    #expect(!layer.needsGradient)
  }

  @Test(arguments: [true, false]) func onlyWhatIsTrainedGetsAGradient(trainsBias: Bool) {
    var random = RandomNumbers(seed: 4)
    let (weight, bias) = (random.tensor([9]), Parameter(name: "bias", value: random.tensor([9])))
    let x = Variable(random.tensor([100, 9]))
    let tape = Tape()
    let scale = Parameter(name: "weight", value: weight)

    let out = tape.layerNorm(
      x, weight: trainsBias ? .frozen(weight) : .trained(scale),
      bias: trainsBias ? .trained(bias) : .frozen(bias.value),
      epsilon: 1e-5)
    out.accumulate(Tensor([Float](repeating: 1, count: 900), shape: [100, 9]))
    tape.backward()

    #expect(x.gradient == nil)
    #expect(bias.gradient.values == [Float](repeating: trainsBias ? 100 : 0, count: 9))
    #expect(scale.gradient.values.contains { $0 != 0 } == !trainsBias)
  }

  @Test func gradientsOfParametersAddUp() {
    var random = RandomNumbers(seed: 5)
    let weight = Parameter(name: "weight", value: random.tensor([33]))
    let (x, direction) = (random.tensor([5, 33]), random.tensor([5, 33]))

    func run() -> Tensor {
      let tape = Tape()
      tape.rmsNorm(Variable(x), weight: .trained(weight), epsilon: 1e-6).accumulate(direction)
      tape.backward()
      return weight.gradient
    }
    let (once, twice) = (run(), run())

    #expect(twice.values == once.values.map { 2 * $0 })
  }

  @Test func anyNumberOfThreadsGivesTheSameGradientsToTheBit() {
    var random = RandomNumbers(seed: 6)
    let (x, direction, weight) = (random.tensor([700, 90]), random.tensor([700, 90]), random.tensor([90]))
    let threads = Parallel.threads
    defer { Parallel.threads = threads }

    let runs = [1, 2, 2].map { count in
      Parallel.threads = count
      let parameters = (0..<2).map { Parameter(name: "\($0)", value: weight) }
      let (tape, input) = (Tape(), Variable(x, needsGradient: true))
      let out = tape.layerNorm(input, weight: .trained(parameters[0]), bias: .trained(parameters[1]), epsilon: 1e-5)
      out.accumulate(direction)
      tape.backward()
      return [input.gradient ?? x] + parameters.map(\.gradient)
    }

    #expect(runs[1] == runs[0])
    #expect(runs[2] == runs[0])
  }
}
