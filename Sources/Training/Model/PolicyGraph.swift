import Models
import Tensors

/// A model on a tape.
struct PolicyGraph {
  let decoder: PolicyDecoder
  let encoder: PolicyEncoder?
  let audioToken: Int?

  /// The logarithm of the probability of every token of every completion; see ``PackedBatch/targets`` for the order.
  /// `first` is the place of the first group among those of the step.
  func tokenScores(
    _ groups: [PolicyGroup], first: Int = 0, temperature: Float, recomputing: Bool, on tape: Tape
  ) throws -> (batch: PackedBatch, tokens: ChosenTokens) {
    let batch = PackedBatch(groups.map(\.tokens), first: first)
    let hidden = decoder.hiddenStates(
      of: batch, audio: try audioRows(groups, first: first, recomputing: recomputing, on: tape),
      recomputing: recomputing, on: tape)
    let tokens = tape.chosenLogProbabilities(
      hidden, rows: batch.predictors, tokens: batch.targets, head: decoder.head, temperature: temperature)
    return (batch, tokens)
  }

  /// The encoder's rows for all audio, and where in the batch they belong.
  private func audioRows(
    _ groups: [PolicyGroup], first: Int, recomputing: Bool, on tape: Tape
  ) throws -> (rows: Variable, places: [Int])? {
    guard let audioToken, groups.contains(where: { $0.audio != nil }) else { return nil }
    var (places, clips, owners, start) = ([Int](), [PolicyAudio](), [Int](), 0)
    for (index, group) in groups.enumerated() {
      // What a model writes is text: no audio stands behind an audio token there.
      let own = group.tokens.prompt.indices.filter { group.tokens.prompt[$0] == audioToken }.map { start + $0 }
      start += group.tokens.rowCount
      guard let clip = group.audio else { continue }
      clips.append(clip)
      owners.append(first + index)
      places += own
    }
    let rows = rows(of: clips, groups: owners, recomputing: recomputing, on: tape)
    guard places.count == rows.value.rows else {
      throw ModelError.placeholders(count: places.count, rows: rows.value.rows)
    }
    return (rows, places)
  }

  /// The rows of all clips one below the other, `[rows, decoder width]`; `groups` are the places of their groups in the
  /// step.
  func rows(of clips: [PolicyAudio], groups: [Int], recomputing: Bool, on tape: Tape) -> Variable {
    var (inputs, tower, known) = ([EncoderInput](), [Tensor](), [Tensor]())
    for clip in clips {
      switch clip {
      case .input(let input): inputs.append(input)
      case .tower(let rows): tower.append(rows)
      case .rows(let rows): known.append(rows)
      }
    }
    precondition(
      [inputs.count, tower.count, known.count].contains(clips.count), "clips that are encoded beside others")
    guard let encoder, known.isEmpty else { return Variable(Tensor(concatenatingRows: known)) }
    guard tower.isEmpty else {
      return encoder.projected(
        Variable(Tensor(concatenatingRows: tower)), counts: tower.map(\.rows), groups: groups, on: tape)
    }
    return encoder.rows(of: inputs, groups: groups, recomputing: recomputing, on: tape)
  }
}
