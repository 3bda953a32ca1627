import Tensors

/// A completion in the making.
struct RunningCompletion {
  let request: Int
  let index: Int
  let cache: KeyValueCache
  private(set) var completion = Completion()
  var finish: Completion.Finish?
  private let prompt: ComputedPrompt
  private var sampler: TokenSampler
  private let maximumTokens: Int
  private let endTokens: Set<Int>

  /// Begins behind a prompt, as the completion with this `index` among its request's.
  init(_ prepared: PreparedRequest, index: Int) {
    request = prepared.index
    self.index = index
    prompt = prepared.prompt
    cache = prompt.cache.fork(capacity: min(prepared.request.maximumTokens, 64))
    sampler = TokenSampler(sampling: prepared.request.sampling, prompt: prompt.tokens, index: index)
    maximumTokens = prepared.request.maximumTokens
    endTokens = prepared.request.endTokens
  }

  /// The prompt and what was written behind it, without the last token, which the model has not seen.
  var history: ConversationHistory {
    ConversationHistory(
      tokens: prompt.tokens + completion.tokens.dropLast(), audios: prompt.audios, cache: cache)
  }

  /// The token chosen last, which the model has not seen yet.
  var lastToken: Int { completion.tokens.last ?? 0 }

  /// Chooses the first token, by the prompt's logits.
  mutating func chooseFirst(_ prompt: ComputedPrompt) -> GenerationStep {
    var logits = prompt.logits
    return logits.withUnsafeMutableElements { choose(from: $0, normaliser: prompt.normaliser) }
  }

  /// Chooses and keeps the next token by `logits` `[vocabulary]`, which are changed; `normaliser` is the logarithm of the
  /// sum of their exponentials.
  mutating func choose(from logits: UnsafeMutableBufferPointer<Float>, normaliser: Float) -> GenerationStep {
    // Penalties change logits, but the probability kept is the model's own.
    let original = sampler.changesLogits ? Array(logits) : nil
    let token = sampler.next(logits)
    completion.tokens.append(token)
    completion.logProbabilities.append((original?[token] ?? logits[token]) - normaliser)
    if endTokens.contains(token) {
      finish = .stop
    } else if completion.tokens.count >= maximumTokens {
      finish = .length
    }
    return GenerationStep(request: request, completion: index, token: token, finish: finish)
  }
}
