import Testing

@testable import Tensors

@Suite struct LinearGradientTests {
  @Test(arguments: [(1, 1, 1), (1, 7, 5), (5, 16, 33), (70, 129, 65), (3, 600, 30), (33, 40, 530)])
  func trainedLayerEqualsItsDoubleTwin(rows: Int, outputs: Int, inputs: Int) {
    var random = RandomNumbers(seed: 1)
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, inputs])],
      weights: [random.tensor([outputs, inputs]), random.tensor([outputs])],
      operation: { tape, x, weights in
        tape.linear(x[0], LinearWeights(weight: MatrixWeight(weights[0]), bias: weights[1]))
      },
      plain: { values in
        plainLinear(values[0], values[1], inputs: inputs, outputs: outputs).enumerated()
          .map { $1 + values[2][$0 % outputs] }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 3e-6, "\(difference)")
  }

  @Test(arguments: [(1, 1, 1, 1), (5, 16, 33, 2), (70, 65, 40, 8), (17, 530, 20, 3)])
  func adapterEqualsItsDoubleTwin(rows: Int, outputs: Int, inputs: Int, rank: Int) {
    var random = RandomNumbers(seed: 2)
    let frozen = random.tensor([outputs, inputs])
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, inputs])],
      weights: [random.tensor([rank, inputs]), random.tensor([outputs, rank])],
      operation: { tape, x, weights in
        tape.linear(
          x[0],
          LinearWeights(
            weight: .frozen(WeightMatrix(frozen)), adapter: LowRankAdapter(weights[0], weights[1], scale: 0.5)))
      },
      plain: { values in
        let narrow = plainLinear(values[0], values[1], inputs: inputs, outputs: rank)
        let added = plainLinear(narrow, values[2], inputs: rank, outputs: outputs)
        let plain = plainLinear(values[0], frozen.values.map(Double.init), inputs: inputs, outputs: outputs)
        return zip(plain, added).map { $0 + 0.5 * $1 }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 3e-6, "\(difference)")
  }

  @Test func linearEqualsTorch() throws {
    let recorded = try RecordedLinearOperations()
    let weight = Parameter(name: "w", value: try recorded.tensor("linear", "w", columns: 7))
    let bias = Parameter(name: "b", value: try recorded.tensor("linear", "b"))
    let x = Variable(try recorded.tensor("linear", "x", columns: 7), needsGradient: true)
    let tape = Tape()

    let y = tape.linear(x, LinearWeights(weight: .trained(weight), bias: .trained(bias)))
    y.accumulate(try recorded.tensor("linear", "d y", columns: 6))
    tape.backward()

    let dx = try #require(x.gradient)
    #expect(relativeDifference(y.value, try recorded.tensor("linear", "y", columns: 6)) <= 1e-6)
    #expect(relativeDifference(dx, try recorded.tensor("linear", "d x", columns: 7)) <= 1e-6)
    #expect(relativeDifference(weight.gradient, try recorded.tensor("linear", "d w", columns: 7)) <= 1e-6)
    #expect(relativeDifference(bias.gradient, try recorded.tensor("linear", "d b")) <= 1e-6)
  }

  @Test func layersWithAdaptersEqualTorch() throws {
    let recorded = try RecordedLinearOperations()
    func parameter(_ name: String, columns: Int) throws -> Parameter {
      Parameter(name: name, value: try recorded.tensor("adapters", name, columns: columns))
    }
    let (a1, b1) = (try parameter("a1", columns: 7), try parameter("b1", columns: 2))
    let (a2, b2) = (try parameter("a2", columns: 7), try parameter("b2", columns: 3))
    let w2 = try parameter("w2", columns: 7)
    let x = Variable(try recorded.tensor("adapters", "x", columns: 7), needsGradient: true)
    let tape = Tape()

    let results = tape.linear(
      x,
      [
        LinearWeights(
          weight: .frozen(WeightMatrix(try recorded.tensor("adapters", "w1", columns: 7))),
          bias: .frozen(try recorded.tensor("adapters", "c1")), adapter: LowRankAdapter(a: a1, b: b1, scale: 0.5)),
        LinearWeights(weight: .trained(w2), adapter: LowRankAdapter(a: a2, b: b2, scale: 2)),
      ])
    results[0].accumulate(try recorded.tensor("adapters", "d y1", columns: 6))
    results[1].accumulate(try recorded.tensor("adapters", "d y2", columns: 4))
    tape.backward()

    #expect(relativeDifference(results[0].value, try recorded.tensor("adapters", "y1", columns: 6)) <= 1e-6)
    #expect(relativeDifference(results[1].value, try recorded.tensor("adapters", "y2", columns: 4)) <= 1e-6)
    let dx = try #require(x.gradient)
    #expect(relativeDifference(dx, try recorded.tensor("adapters", "d x", columns: 7)) <= 1e-6)
    for parameter in [a1, b1, a2, b2, w2] {
      let expected = try recorded.tensor("adapters", "d " + parameter.name, columns: parameter.value.columns)
      #expect(relativeDifference(parameter.gradient, expected) <= 1e-6, "\(parameter.name)")
    }
  }

  @Test func gradientsAddUpOverResultsAndPasses() {
    var random = RandomNumbers(seed: 3)
    let weight = Parameter(name: "w", value: random.tensor([4, 3]))
    let (x, dy) = (random.tensor([5, 3]), random.tensor([5, 4]))
    let layer = LinearWeights(weight: .trained(weight))
    func pass(_ times: Int) -> Tensor? {
      let (tape, variable) = (Tape(), Variable(x, needsGradient: true))
      for _ in 0..<times { tape.linear(variable, layer).accumulate(dy) }
      tape.backward()
      return variable.gradient
    }

    let once = pass(1)
    let gradient = weight.gradient
    let thrice = pass(3)

    var sum = gradient
    for _ in 0..<3 { sum.add(gradient) }
    #expect(relativeDifference(weight.gradient, sum) <= 1e-6)
    #expect(
      relativeDifference(thrice?.values.map { Double($0) } ?? [], once?.values.map { Double($0) * 3 } ?? []) <= 1e-6)
  }

  @Test func aGradientThatSomebodyHoldsStaysAsItWas() {
    var random = RandomNumbers(seed: 4)
    let x = Variable(random.tensor([2, 3]), needsGradient: true)
    let tape = Tape()
    let y = tape.linear(x, LinearWeights(weight: .frozen(WeightMatrix(random.tensor([4, 3])))))
    let before = random.tensor([2, 3])
    let copy = Tensor(before.values, shape: before.shape)
    x.accumulate(before)

    y.accumulate(random.tensor([2, 4]))
    tape.backward()

    #expect(before == copy)
    #expect(x.gradient != copy)
  }

  @Test func whatIsFrozenRecordsNothing() {
    var random = RandomNumbers(seed: 5)
    let frozen = LinearWeights(
      weight: .frozen(WeightMatrix(random.tensor([4, 3]))), bias: .frozen(random.tensor([4])))
    let trained = LinearWeights(
      weight: .trained(Parameter(name: "w", value: random.tensor([4, 3]))), bias: .frozen(random.tensor([4])))
    let (tape, x) = (Tape(), Variable(random.tensor([2, 3])))

    let results = tape.linear(x, [frozen, trained])
    for result in results { result.accumulate(random.tensor([2, 4])) }
    tape.backward()

    #expect(results.map(\.needsGradient) == [false, true])
    #expect(x.gradient == nil)
    #expect(!Tape(isRecording: false).linear(x, trained).needsGradient)
  }

  @Test func aResultWithoutGradientChangesNothing() {
    var random = RandomNumbers(seed: 6)
    let weights = (0..<2).map { Parameter(name: "\($0)", value: random.tensor([4, 3])) }
    let (tape, x) = (Tape(), Variable(random.tensor([2, 3]), needsGradient: true))

    let results = tape.linear(x, weights.map { LinearWeights(weight: .trained($0)) })
    results[1].accumulate(random.tensor([2, 4]))
    tape.backward()

    #expect(weights[0].gradient == Tensor(shape: [4, 3]))
    #expect(weights[1].gradient != Tensor(shape: [4, 3]))
    #expect(x.gradient != nil)
  }

  @Test func noRowsAreNothing() throws {
    let weight = Parameter(name: "w", value: normal([4, 3], seed: 1))
    let bias = Parameter(name: "b", value: normal([4], seed: 2))
    let adapter = LowRankAdapter(
      a: Parameter(name: "a", value: normal([2, 3], seed: 3)), b: Parameter(name: "c", value: normal([4, 2], seed: 4)),
      scale: 1, dropout: 0.5)
    let (tape, x) = (Tape(dropoutSeed: 1), Variable(Tensor(shape: [0, 3]), needsGradient: true))

    let y = tape.linear(x, LinearWeights(weight: .trained(weight), bias: .trained(bias), adapter: adapter))
    y.accumulate(Tensor(shape: [0, 4]))
    tape.backward()

    #expect(y.value.shape == [0, 4])
    #expect(x.gradient?.shape == [0, 3])
    for parameter in [weight, bias, adapter.a, adapter.b] {
      #expect(parameter.gradient == Tensor(shape: parameter.value.shape))
    }
  }
}
