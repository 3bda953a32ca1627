public import Tensors

extension AudioLanguageModel {
  /// The logarithm of the probability of every token of each of `completions` behind a prompt, before any penalty or
  /// temperature.
  ///
  /// The prompt is computed once; the completions share it. `audioRows` are the encoder's of `audios`, where they are known.
  public func score(
    prompt: [Int], audios: [[Float]] = [], audioRows: [Tensor]? = nil, completions: [[Int]]
  ) throws(ModelError) -> [[Float]] {
    if let empty = completions.firstIndex(where: \.isEmpty) { throw .emptyCompletion(index: empty) }
    for completion in completions { try check(completion) }
    let longest = completions.map(\.count).max() ?? 0
    let (cache, last) = try computed(prompt, audios: audios, rows: audioRows, longest: longest)
    var scores: [[Float]] = []
    for completion in completions {
      let hidden = hiddenStates(of: completion, behind: cache, last: last)
      let logarithms = logProbabilities(of: completion, hidden: hidden)
      guard logarithms.allSatisfy(\.isFinite) else { throw .notFiniteLogits }
      scores.append(logarithms)
    }
    return scores
  }

  /// The hidden states `[completion.count, hidden]` whose logits choose each token of a completion.
  func hiddenStates(prompt: [Int], audios: [[Float]], completion: [Int]) throws(ModelError) -> Tensor {
    let (cache, last) = try computed(prompt, audios: audios, longest: completion.count)
    return hiddenStates(of: completion, behind: cache, last: last)
  }

  /// A prompt's keys and values, and the hidden state of its last position.
  private func computed(
    _ prompt: [Int], audios: [[Float]], rows known: [Tensor]? = nil, longest: Int
  ) throws(ModelError) -> (cache: KeyValueCache, last: Tensor) {
    try check(GenerationRequest(prompt: prompt, audios: audios, maximumTokens: max(1, longest), endTokens: []))
    let cache = KeyValueCache(configuration: decoder.configuration, capacity: prompt.count)
    let rows = known ?? audioRows(of: audios)
    return (cache, prefill(try embeddings(of: prompt, audios: rows), into: cache))
  }

  /// The encoder's rows `[rows, decoder width]` of each sound; none for a text model.
  public func audioRows(of audios: [[Float]]) -> [Tensor] {
    encoder.map { encoder in audios.flatMap { encoder([$0]) } } ?? []
  }

  private func hiddenStates(of completion: [Int], behind prompt: KeyValueCache, last: Tensor) -> Tensor {
    guard completion.count > 1 else { return last }
    let cache = prompt.fork(capacity: completion.count)
    let seen = completion.dropLast()
    var parts = [last]
    for start in stride(from: 0, to: seen.count, by: Self.prefillRows) {
      let tokens = Array(seen[start..<min(start + Self.prefillRows, seen.count)])
      // What a model writes is text: no audio stands behind an audio token there.
      let x = decoder.embeddings(of: tokens)
      parts.append(decoder.hiddenStates(x, batch: [DecoderRows(rows: 0..<tokens.count, cache: cache)]))
    }
    return Tensor(concatenatingRows: parts)
  }

  /// The logits of 32 rows at a time: a vocabulary of 150,000 takes 20 MB of them.
  private func logProbabilities(of tokens: [Int], hidden: Tensor) -> [Float] {
    var scores: [Float] = []
    for start in stride(from: 0, to: tokens.count, by: 32) {
      let rows = start..<min(start + 32, tokens.count)
      let logits = decoder.logits(hidden.rows(rows))
      let normalisers = logits.logSumExp()
      logits.withUnsafeElements { elements in
        for (row, normaliser) in normalisers.enumerated() {
          scores.append(elements[row * logits.columns + tokens[start + row]] - normaliser)
        }
      }
    }
    return scores
  }
}
