import Models
import Tensors

/// A model on a tape.
struct PolicyGraph {
  let decoder: PolicyDecoder
  let encoder: PolicyEncoder?
  let audioToken: Int?

  /// The logarithm of the probability of every token of every completion; see ``PackedBatch/targets`` for the order.
  func tokenScores(
    _ groups: [PolicyGroup], temperature: Float, recomputing: Bool, on tape: Tape
  ) throws -> (batch: PackedBatch, tokens: ChosenTokens) {
    let batch = PackedBatch(groups.map(\.tokens))
    let hidden = decoder.hiddenStates(
      of: batch, audio: try audioRows(groups, recomputing: recomputing, on: tape), recomputing: recomputing, on: tape)
    let tokens = tape.chosenLogProbabilities(
      hidden, rows: batch.predictors, tokens: batch.targets, head: decoder.head, temperature: temperature)
    return (batch, tokens)
  }

  /// The encoder's rows for all audio, and where in the batch they belong.
  private func audioRows(
    _ groups: [PolicyGroup], recomputing: Bool, on tape: Tape
  ) throws -> (rows: Variable, places: [Int])? {
    guard let audioToken, groups.contains(where: { $0.audio != nil }) else { return nil }
    var (places, inputs, known, start) = ([Int](), [EncoderInput](), [Tensor](), 0)
    for group in groups {
      // What a model writes is text: no audio stands behind an audio token there.
      let own = group.tokens.prompt.indices.filter { group.tokens.prompt[$0] == audioToken }.map { start + $0 }
      start += group.tokens.rowCount
      switch group.audio {
      case .input(let input): inputs.append(input)
      case .rows(let rows): known.append(rows)
      case nil: continue
      }
      places += own
    }
    precondition(inputs.isEmpty || known.isEmpty, "clips that are encoded beside clips that were")
    let rows: Variable
    if let encoder, !inputs.isEmpty {
      rows = encoder.rows(of: inputs, recomputing: recomputing, on: tape)
    } else {
      rows = Variable(Tensor(concatenatingRows: known))
    }
    guard places.count == rows.value.rows else {
      throw ModelError.placeholders(count: places.count, rows: rows.value.rows)
    }
    return (rows, places)
  }
}
