import Tensors

/// Completes prompts, several at a time.
///
/// All running completions take their next step together, so that the weights are read once a step; one that ends makes
/// room for the next in line. A request's prompt is computed once, however many completions it has and if the next
/// request has the same, and a clip's audio is encoded once, however many requests in a row ask about it. What a
/// completion says does not depend on those that run beside it: up to 32 together, not in a single bit.
///
/// Blocks, so use it on a thread of your own.
public struct Generator {
  private let model: AudioLanguageModel
  private let batch: Int

  /// A generator that runs up to `batch` completions at a time.
  public init(model: AudioLanguageModel, batch: Int) {
    self.model = model
    self.batch = max(1, batch)
  }

  /// The completions of each request, in the order of `requests`; a request that the model cannot take has its error.
  public func complete(
    _ requests: [GenerationRequest], onStep: (GenerationStep) -> Bool = { _ in true }
  ) -> [Result<[Completion], ModelError>] {
    var waiting = requests[...]
    var results: [Result<[Completion], ModelError>] = requests.map { _ in .success([]) }
    run(next: { waiting.popFirst() }, onStep: onStep, onResult: { results[$0] = $1 })
    return results
  }

  /// Takes requests from `next` as there is room, until it gives none, and hands over each one's completions when the
  /// last of them ends; requests are numbered as they are taken.
  ///
  /// `onStep` sees each token as it comes; where it returns false, what runs ends as it is, and no more requests are
  /// taken.
  public func run(
    next: () -> GenerationRequest?, onStep: (GenerationStep) -> Bool = { _ in true },
    onResult: (Int, Result<[Completion], ModelError>) -> Void
  ) {
    var state = GenerationState()
    run(&state, next: next, onStep: onStep, onResult: onResult)
  }

  /// The same, with what is left of earlier runs in `state`, which serves later ones too.
  func run(
    _ state: inout GenerationState, next: () -> GenerationRequest?, onStep: (GenerationStep) -> Bool,
    onResult: (Int, Result<[Completion], ModelError>) -> Void
  ) {
    while true {
      var goesOn = admit(to: &state, from: next, telling: onStep)
      for (request, result) in state.takeResults() { onResult(request, result) }
      guard goesOn, !state.running.isEmpty else { break }
      goesOn = advance(&state, telling: onStep)
      for (request, result) in state.takeResults() { onResult(request, result) }
      guard goesOn else { break }
    }
    state.cancel()
    for (request, result) in state.takeResults() { onResult(request, result) }
  }

  /// Fills the free places, and gives each new completion its first token; false where the caller has had enough.
  private func admit(
    to state: inout GenerationState, from next: () -> GenerationRequest?, telling onStep: (GenerationStep) -> Bool
  ) -> Bool {
    while state.running.count < batch {
      if var fork = state.nextFork() {
        let goesOn = onStep(fork.completion.chooseFirst(fork.prompt))
        state.add(fork.completion)
        guard goesOn else { return false }
        continue
      }
      guard let request = next() else { return true }
      let index = state.enter(completions: request.completions)
      do throws(ModelError) {
        state.prepared.append(try prepare(request, index: index, state: &state))
      } catch {
        state.fail(index, with: error)
      }
    }
    return true
  }

  private func prepare(
    _ request: GenerationRequest, index: Int, state: inout GenerationState
  ) throws(ModelError) -> PreparedRequest {
    try model.check(request)
    if let prompt = state.equalPrompt(request) {
      return PreparedRequest(prompt, index: index, request: request)
    }
    let rows =
      request.audioRows ?? model.encoder.map { state.audios.rows(of: request.audios, encoder: $0) } ?? []
    let embeddings = try model.embeddings(of: request.prompt, audios: rows)
    let (cache, known) = beginning(of: request, in: state)
    let logits = model.decoder.logits(model.prefill(embeddings.rows(known..<embeddings.rows), into: cache))
    guard let normaliser = logits.logSumExp().first, normaliser.isFinite else { throw .notFiniteLogits }
    let prompt = ComputedPrompt(
      tokens: request.prompt, audios: request.audios, audioRows: request.audioRows, cache: cache, logits: logits,
      normaliser: normaliser)
    state.lastPrompt = prompt
    return PreparedRequest(prompt, index: index, request: request)
  }

  /// The cache for a prompt, and how many of its positions it has already.
  private func beginning(
    of request: GenerationRequest, in state: GenerationState
  ) -> (cache: KeyValueCache, positions: Int) {
    if let history = state.history {
      let known = model.commonPositions(history, request)
      if known > 0 { return (history.cache.fork(at: known, capacity: request.prompt.count - known), known) }
    }
    return (KeyValueCache(configuration: model.decoder.configuration, capacity: request.prompt.count), 0)
  }

  /// Shows the model the token chosen last of every running completion, all in one pass, and chooses the next; false
  /// where the caller has had enough.
  private func advance(_ state: inout GenerationState, telling onStep: (GenerationStep) -> Bool) -> Bool {
    let rows = state.running.enumerated().map { row, completion in
      DecoderRows(rows: row..<row + 1, cache: completion.cache)
    }
    let embeddings = model.decoder.embeddings(of: state.running.map(\.lastToken))
    var logits = model.decoder.logits(model.decoder.hiddenStates(embeddings, batch: rows))
    let normalisers = logits.logSumExp()
    let width = logits.columns
    var goesOn = true
    logits.withUnsafeMutableElements { elements in
      for (row, normaliser) in normalisers.enumerated() where normaliser.isFinite {
        let own = UnsafeMutableBufferPointer(rebasing: elements[row * width..<(row + 1) * width])
        if !onStep(state.running[row].choose(from: own, normaliser: normaliser)) { goesOn = false }
      }
    }
    let broken = zip(state.running, normalisers).filter { !$0.1.isFinite }.map(\.0.request)
    for request in broken { state.fail(request, with: .notFiniteLogits) }
    state.retire()
    return goesOn
  }
}
