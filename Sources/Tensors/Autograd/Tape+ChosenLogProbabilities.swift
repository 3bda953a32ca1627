/// What a model thinks of chosen tokens.
public struct ChosenTokens {
  /// Of each token after its row, `[n]`.
  public let logProbabilities: Variable
  /// In nats, of the distribution that each token was chosen from; they have no gradient.
  public let entropies: [Float]
  /// Whether no other token is more likely.
  public let areLargest: [Bool]
}

extension Tape {
  /// The logarithms of the probabilities of `tokens`, each after the row of `hidden` at the same place of `rows`: of
  /// softmax(h Wᵀ / temperature), with the matrix `head`, `[vocabulary, hidden]`.
  ///
  /// A row that comes several times is computed once. The logits are made tile by tile, and once more on the way back,
  /// unless they are few: memory does not grow with rows x vocabulary (as in Wijmans et al. 2024, arXiv:2411.09009).
  public func chosenLogProbabilities(
    _ hidden: Variable, rows: [Int], tokens: [Int], head: MatrixWeight, temperature: Float = 1
  ) -> ChosenTokens {
    let count = hidden.value.matrixRows
    precondition(hidden.value.columns == head.inputs, "\(hidden.value.columns) columns for a head of \(head.inputs)")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < count }, "a row beyond \(count)")
    precondition(tokens.allSatisfy { $0 >= 0 && $0 < head.outputs }, "a token beyond the \(head.outputs) there are")
    precondition(temperature > 0, "a temperature of \(temperature)")
    let pairs = ChosenPairs(rows: rows, tokens: tokens)
    let needsGradient = isRecording && (hidden.needsGradient || head.isTrained)
    var pass = ChosenForward(pairs, head: head.matrix, inverseTemperature: 1 / temperature, keepsLogits: needsGradient)
    pass.compute(hidden.value)
    let (sums, logits) = (pass.sums, pass.logits)
    let logProbabilities = result(pass.logProbabilities, needsGradient: needsGradient) { gradient in
      ChosenBackward(
        pairs: pairs, head: head, inverseTemperature: 1 / temperature, sums: sums, logits: logits,
        gradients: gradient.values
      ).add(to: hidden)
    }
    return ChosenTokens(
      logProbabilities: logProbabilities, entropies: pairs.rowOf.map { sums[$0].entropy },
      areLargest: zip(pairs.rowOf, tokens).map { sums[$0].token == $1 })
  }
}
