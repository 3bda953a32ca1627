import Tensors

extension AudioLanguageModel {
  /// Computes the keys and values of a prompt, a few hundred rows at a time.
  ///
  /// Returns the hidden state `[1, hidden]` of the last position, whose logits choose the next token.
  func prefill(_ prompt: Tensor, into cache: KeyValueCache) -> Tensor {
    var last = Tensor(shape: [0, prompt.columns])
    for start in stride(from: 0, to: prompt.rows, by: Self.prefillRows) {
      let rows = start..<min(start + Self.prefillRows, prompt.rows)
      last = decoder.lastHiddenStates(prompt.rows(rows), batch: [DecoderRows(rows: 0..<rows.count, cache: cache)])
    }
    return last
  }

  /// Enough rows to keep the arithmetic units busy; few enough for the activations of a large model.
  static let prefillRows = 512

  /// Refuses a request that does not fit the model.
  func check(_ request: GenerationRequest) throws(ModelError) {
    try request.sampling.check()
    guard !request.prompt.isEmpty else { throw .emptyPrompt }
    guard request.maximumTokens > 0 else {
      throw .setting(name: "the number of new tokens", value: "\(request.maximumTokens)", range: "1 or more")
    }
    guard request.completions > 0 else {
      throw .setting(name: "the number of completions", value: "\(request.completions)", range: "1 or more")
    }
    let limit = decoder.configuration.maximumPositions
    guard request.prompt.count <= limit - min(request.maximumTokens, limit) else {
      throw .tooManyTokens(prompt: request.prompt.count, new: request.maximumTokens, limit: limit)
    }
    for (index, audio) in request.audios.enumerated() { try check(audio: audio, named: "audio \(index + 1)") }
  }
}
