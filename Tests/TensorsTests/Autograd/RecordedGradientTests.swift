import Foundation
import Testing

@testable import Tensors

/// Results and gradients beside those of torch in float64; see Tests/Fixtures/autograd/attention.py.
@Suite struct RecordedGradientTests {
  @Test func normsEqualTorch() throws {
    let rms = try RecordedGradients("rms norm")
    let layer = try RecordedGradients("layer norm")

    let rmsDifference = try rms.largestDifference(["x": 19], weights: ["weight"]) { tape, inputs, weights in
      tape.rmsNorm(inputs[0], weight: weights[0], epsilon: 1e-6)
    }
    let layerDifference = try layer.largestDifference(["x": 19], weights: ["weight", "bias"]) { tape, inputs, weights in
      tape.layerNorm(inputs[0], weight: weights[0], bias: weights[1], epsilon: 1e-5)
    }

    #expect(rmsDifference <= 1e-6, "\(rmsDifference)")
    #expect(layerDifference <= 1e-6, "\(layerDifference)")
  }

  @Test func activationsEqualTorch() throws {
    let gelu = try RecordedGradients("gelu")
    let silu = try RecordedGradients("silu")

    let geluDifference = try gelu.largestDifference(["x": 40]) { tape, inputs, _ in tape.gelu(inputs[0]) }
    let siluDifference = try silu.largestDifference(["gate": 40, "up": 40]) { tape, inputs, _ in
      tape.silu(inputs[0], times: inputs[1])
    }

    #expect(geluDifference <= 1e-6, "\(geluDifference)")
    #expect(siluDifference <= 1e-6, "\(siluDifference)")
  }

  @Test func rotaryEqualsTorch() throws {
    let table = RotaryTable(headDimension: 8, theta: 10_000, positions: 41)

    let difference = try RecordedGradients("rotary").largestDifference(["x": 16]) { tape, inputs, _ in
      tape.rotary(inputs[0], heads: 2, positions: [0, 3, 40, 7], table: table)
    }

    // torch's cosines and sines are float32.
    #expect(difference <= 2e-6, "\(difference)")
  }

  @Test func averagedPairsEqualTorch() throws {
    let difference = try RecordedGradients("averaged pairs").largestDifference(["x": 3]) { tape, inputs, _ in
      tape.averagedPairs(inputs[0], rowCounts: [5, 4])
    }

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func neighbourhoodsTimesWeightsAreTorchsConvolution() throws {
    let recorded = try RecordedGradients("convolution")
    let x = Variable(try recorded.tensor("x", columns: 3), needsGradient: true)
    let weight = try recorded.tensor("weight", columns: 9).values
    let slopes = try recorded.tensor("d output", columns: 2).values
    let tape = Tape()

    let rows = tape.neighbourhoods(x, segments: [0..<7, 7..<11], rowCounts: [4, 2], stride: 2)
    rows.accumulate(Tensor(BLAS.multiply(slopes, weight, rows: 6, inner: 2, columns: 9), shape: [6, 9]))
    tape.backward()

    let product = BLAS.multiply(rows.value.values, weight, rows: 6, inner: 9, columns: 2, transposingB: true)
    let output = try recorded.tensor("output", columns: 2)
    let change = try recorded.tensor("d x", columns: 3)
    #expect(relativeDifference(Tensor(product, shape: [6, 2]), output) <= 1e-6)
    #expect(relativeDifference(try #require(x.gradient), change) <= 1e-6)
  }

  @Test func attentionOfATreeEqualsTorchUnderItsMask() throws {
    let blocks = AttentionTwin.tree(
      prompt: 6, completions: [4, 1, 5], heads: 4, keyValueHeads: 2, dimension: 8
    ).blocks

    let difference = try RecordedGradients("tree").largestDifference(
      ["queries": 32, "keys": 16, "values": 16]
    ) { tape, inputs, _ in
      tape.attention(
        queries: inputs[0], keys: inputs[1], values: inputs[2], heads: 4, keyValueHeads: 2, blocks: blocks,
        scale: 1 / Float(8).squareRoot())
    }

    #expect(difference <= 2e-6, "\(difference)")
  }

  @Test func attentionOfASegmentEqualsTorch() throws {
    let block = AttentionBlock(queries: 0..<9, keys: 0..<9, isCausal: false)

    let difference = try RecordedGradients("segment").largestDifference(
      ["queries": 10, "keys": 10, "values": 10]
    ) { tape, inputs, _ in
      tape.attention(
        queries: inputs[0], keys: inputs[1], values: inputs[2], heads: 2, keyValueHeads: 2, blocks: [block],
        scale: 1 / Float(5).squareRoot())
    }

    #expect(difference <= 2e-6, "\(difference)")
  }
}

/// The numbers of one case.
private struct RecordedGradients {
  private let tensors: [String: [Float]]

  init(_ name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appendingPathComponent("Fixtures/autograd/attention.json"))
    tensors = try #require(JSONDecoder().decode([String: [String: [Float]]].self, from: data)[name])
  }

  func tensor(_ name: String, columns: Int) throws -> Tensor {
    let values = try #require(tensors[name])
    return Tensor(values, shape: [values.count / columns, columns])
  }

  /// The largest difference of the result and of all gradients, over the largest of their elements; `inputs` have as
  /// many columns as they say.
  func largestDifference(
    _ inputs: KeyValuePairs<String, Int>, weights: [String] = [],
    _ operation: (Tape, [Variable], [VectorWeight]) -> Variable
  ) throws -> Double {
    let tape = Tape()
    let variables = try inputs.map { Variable(try tensor($0.key, columns: $0.value), needsGradient: true) }
    let parameters = try weights.map { Parameter(name: $0, value: Tensor(try #require(tensors[$0]), shape: [19])) }

    let output = operation(tape, variables, parameters.map { .trained($0) })
    output.accumulate(try tensor("d output", columns: output.value.columns))
    tape.backward()

    var differences = [relativeDifference(output.value, try tensor("output", columns: output.value.columns))]
    for (variable, input) in zip(variables, inputs) {
      let gradient = try #require(variable.gradient)
      differences.append(relativeDifference(gradient, try tensor("d " + input.key, columns: input.value)))
    }
    for parameter in parameters {
      let expected = try #require(tensors["d " + parameter.name])
      differences.append(
        relativeDifference(parameter.gradient.values.map(Double.init), expected.map(Double.init)))
    }
    return differences.max() ?? .infinity
  }
}
