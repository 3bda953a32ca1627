import Tensors

/// A completion in the making.
struct RunningCompletion {
  let request: Int
  let index: Int
  let cache: KeyValueCache
  private(set) var completion = Completion()
  var finish: Completion.Finish?
  private var sampler: TokenSampler
  private let maximumTokens: Int
  private let endTokens: Set<Int>

  /// Begins behind a prompt, as the completion with this `index` among its request's.
  init(_ prompt: PreparedRequest, index: Int) {
    request = prompt.index
    self.index = index
    cache = prompt.cache.fork(capacity: min(prompt.request.maximumTokens, 64))
    sampler = TokenSampler(sampling: prompt.request.sampling, prompt: prompt.request.prompt, index: index)
    maximumTokens = prompt.request.maximumTokens
    endTokens = prompt.request.endTokens
  }

  /// The token chosen last, which the model has not seen yet.
  var lastToken: Int { completion.tokens.last ?? 0 }

  /// Chooses the first token, by the prompt's logits.
  mutating func chooseFirst(_ prompt: PreparedRequest) -> GenerationStep {
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
