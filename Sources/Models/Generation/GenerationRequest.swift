public import Tensors

/// A prompt and what is wanted of it.
public struct GenerationRequest: Sendable {
  /// The prompt's tokens, the audio token once for every row of audio.
  public var prompt: [Int]
  /// The audio the placeholders stand for, in order; mono samples at 16 kHz.
  public var audios: [[Float]]
  /// The encoder's rows for the placeholders, `[rows, decoder width]` an audio, where they are known: then `audios` are
  /// not encoded.
  public var audioRows: [Tensor]?
  /// How many completions are wanted.
  public var completions: Int
  public var sampling: Sampling
  /// The most tokens of a completion.
  public var maximumTokens: Int
  /// Tokens that end a completion, of which they are the last.
  public var endTokens: Set<Int>

  public init(
    prompt: [Int], audios: [[Float]] = [], audioRows: [Tensor]? = nil, completions: Int = 1,
    sampling: Sampling = .greedy, maximumTokens: Int, endTokens: Set<Int>
  ) {
    self.audioRows = audioRows
    self.prompt = prompt
    self.audios = audios
    self.completions = completions
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    self.endTokens = endTokens
  }
}

/// What a model wrote.
public struct Completion: Sendable, Equatable {
  /// Why a completion ends.
  public enum Finish: String, Sendable, Codable {
    /// With an end token, which is its last.
    case stop
    /// With as many tokens as were allowed.
    case length
    /// Because the caller wanted no more.
    case cancelled
  }

  /// The tokens, the end token included.
  public var tokens: [Int] = []
  /// The logarithm of each token's probability under the model, before penalties, temperature and truncation.
  public var logProbabilities: [Float] = []
  public var finish: Finish = .length

  /// The mean of the logarithms; 0 for no tokens.
  public var meanLogProbability: Double {
    tokens.isEmpty ? 0 : logProbabilities.reduce(0) { $0 + Double($1) } / Double(tokens.count)
  }

  /// The tokens without the one that ended it.
  public var content: ArraySlice<Int> { finish == .stop ? tokens.dropLast() : tokens[...] }
}

/// A completion's next token, as it comes.
public struct GenerationStep: Sendable {
  /// The place of the request among those given.
  public var request: Int
  /// The place of the completion among its request's.
  public var completion: Int
  public var token: Int
  /// Why the completion ends with this token; `nil` where it goes on.
  public var finish: Completion.Finish?
}
