import Tensors
import Testing

@testable import Training

@Suite struct AdamWTests {
  @Test func tenStepsEqualTorch() throws {
    let recorded = try RecordedOptimizer()
    let parameters = try recorded.parameters()
    let optimizer = makeOptimizer(parameters)

    for step in 0..<10 {
      try advance(optimizer, step, recorded)

      for (index, parameter) in parameters.enumerated() {
        let key = "\(step) \(index)"
        let values = try recorded.numbers("steps", "values " + key)
        #expect(largestDifference(parameter.value.values, values) <= 1e-6, "step \(step)")
        let (_, first, second) = optimizer.moments[index]
        #expect(largestDifference(first.values, try recorded.numbers("steps", "first " + key)) <= 1e-7)
        #expect(largestDifference(second.values, try recorded.numbers("steps", "second " + key)) <= 1e-7)
      }
    }
    #expect(optimizer.stepCount == 10)
  }

  @Test func aRestoredOptimizerGoesOnToTheBit() throws {
    let recorded = try RecordedOptimizer()
    let parameters = try recorded.parameters()
    let optimizer = makeOptimizer(parameters)
    for step in 0..<5 { try advance(optimizer, step, recorded) }
    let copies = parameters.map {
      Parameter(name: $0.name, value: Tensor($0.value.values, shape: $0.value.shape))
    }

    let again = makeOptimizer(copies)
    try again.restore(optimizer.moments.reversed(), stepCount: optimizer.stepCount)
    for step in 5..<10 {
      try advance(optimizer, step, recorded)
      try advance(again, step, recorded)
    }

    #expect(copies.map(\.value) == parameters.map(\.value))
    #expect(again.moments.map(\.second) == optimizer.moments.map(\.second))
  }

  @Test func savedMomentsDoNotChangeWithFurtherSteps() throws {
    let recorded = try RecordedOptimizer()
    let optimizer = makeOptimizer(try recorded.parameters())
    try advance(optimizer, 1, recorded)

    let saved = optimizer.moments
    let first = saved[0].first.values
    try advance(optimizer, 2, recorded)

    #expect(saved[0].first.values == first)
    #expect(optimizer.moments[0].first.values != first)
  }

  @Test func whoeverSharesTheValueSeesTheStep() {
    let value = Tensor([1, 2], shape: [1, 2])
    let matrix = WeightMatrix(sharing: value)
    let parameter = Parameter(name: "w", value: value)
    parameter.setGradient([1, -1])

    AdamW(parameters: [parameter]).step(learningRate: 0.5)

    #expect(matrix.product(Tensor([1, 0], shape: [1, 2])).values[0] == parameter.value.values[0])
    #expect(largestDifference(parameter.value.values, [0.5, 2.5]) <= 1e-6)
  }

  @Test func manyElementsAreEachStepped() {
    let count = 100_003
    let parameter = Parameter(name: "w", value: Tensor(shape: [count]))
    parameter.setGradient((0..<count).map { $0 % 2 == 0 ? 3 : -3 })

    AdamW(parameters: [parameter], weightDecay: 0.1).step(learningRate: 0.25)

    let wrong = parameter.value.values.enumerated().filter { abs($1 - ($0 % 2 == 0 ? -0.25 : 0.25)) > 1e-6 }
    #expect(wrong.isEmpty)
  }

  @Test func stateOfOtherParametersIsRefused() throws {
    let parameters = try RecordedOptimizer().parameters()
    let moments = makeOptimizer(parameters).moments
    func error(_ moments: [(name: String, first: Tensor, second: Tensor)], steps: Int = 1) -> OptimizerError? {
      let optimizer = makeOptimizer(parameters)
      do throws(OptimizerError) {
        try optimizer.restore(moments, stepCount: steps)
        return nil
      } catch {
        #expect(optimizer.stepCount == 0)
        return error
      }
    }
    let scalar = Tensor(shape: [1])

    #expect(error(moments) == nil)
    #expect(error(moments, steps: -1) == .negativeStepCount(-1))
    #expect(error([moments[0]]) == .missingMoments("vector"))
    #expect(error(moments + [moments[0]]) == .repeatedMoments("matrix"))
    #expect(error(moments + [("other", scalar, scalar)]) == .unknownMoments("other"))
    #expect(
      error([moments[0], ("vector", moments[1].first, scalar)]) == .wrongShape("vector", found: [1], expected: [5]))
    #expect(
      "\(OptimizerError.wrongShape("vector", found: [1], expected: [5]))"
        == "vector – its moments have the shape [1], not [5] – resume with the model of the checkpoint")
  }

  /// The optimizer of the recorded steps.
  private func makeOptimizer(_ parameters: [Parameter]) -> AdamW {
    AdamW(parameters: parameters, beta2: 0.99, weightDecay: 0.1) { $0.name == "matrix" }
  }

  private func advance(_ optimizer: AdamW, _ step: Int, _ recorded: RecordedOptimizer) throws {
    try recorded.setGradients(optimizer.parameters, step: step)
    _ = clipGradients(optimizer.parameters, maximumNorm: 1)
    let factor = LearningRateSchedule.cosine.factor(step: step, warmUpSteps: 2, steps: 10)
    optimizer.step(learningRate: Float(0.02 * factor))
  }
}
