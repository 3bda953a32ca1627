public import Tensors

/// How far the next-token distributions of a model with coarser weights lie from those of a reference.
public struct WeightComparison: Sendable, Equatable {
  public let format: WeightFormat
  /// The number of next-token distributions compared.
  public let positions: Int
  /// The Kullback-Leibler divergence D(reference ‖ coarser), nats: its mean over the positions.
  public let meanDivergence: Double
  /// The divergence that 99 of 100 positions do not exceed, nats.
  public let highDivergence: Double
  /// The largest divergence, nats.
  public let largestDivergence: Double
  /// The share of positions at which both hold the same token most probable.
  public let topAgreement: Double
  /// The mean over the positions of the absolute difference of the probability of the token that came next.
  public let meanProbabilityDifference: Double
}

/// What the distributions are compared on: a prompt, and the text behind it whose tokens are looked at one by one.
public struct ComparisonText: Sendable {
  public var prompt: [Int]
  public var audios: [[Float]]
  public var continuation: [Int]

  public init(prompt: [Int], audios: [[Float]], continuation: [Int]) {
    self.prompt = prompt
    self.audios = audios
    self.continuation = continuation
  }
}

/// The distributions of a reference, which others are compared with.
public struct ReferenceDistributions: Sendable {
  private let texts: [ComparisonText]
  /// By text: the logarithms of the probabilities, `[continuation.count, vocabulary]`.
  private let logProbabilities: [Tensor]

  /// Computes the reference's distributions; they take 0.6 MB a token with a vocabulary of 150,000.
  public init(of model: AudioLanguageModel, on texts: [ComparisonText]) throws(ModelError) {
    self.texts = texts
    var computed: [Tensor] = []
    for text in texts { computed.append(try model.distributions(of: text)) }
    logProbabilities = computed
  }

  /// Compares a model with other weights.
  public func compare(with model: AudioLanguageModel, format: WeightFormat) throws(ModelError) -> WeightComparison {
    var tally = DivergenceTally()
    for (text, reference) in zip(texts, logProbabilities) {
      let other = try model.distributions(of: text)
      reference.withUnsafeElements { reference in
        other.withUnsafeElements { other in
          let width = reference.count / max(1, text.continuation.count)
          for (row, token) in text.continuation.enumerated() {
            let range = row * width..<(row + 1) * width
            tally.add(reference[range], other[range], token: token)
          }
        }
      }
    }
    return tally.comparison(format: format)
  }
}

extension AudioLanguageModel {
  /// The logarithms of the probabilities `[continuation.count, vocabulary]` at each place of a text's continuation.
  func distributions(of text: ComparisonText) throws(ModelError) -> Tensor {
    try check(text.continuation)
    let hidden = try hiddenStates(prompt: text.prompt, audios: text.audios, completion: text.continuation)
    var logits = decoder.logits(hidden)
    let normalisers = logits.logSumExp()
    let width = logits.columns
    logits.withUnsafeMutableElements { elements in
      for (row, normaliser) in normalisers.enumerated() {
        for index in row * width..<(row + 1) * width { elements[index] -= normaliser }
      }
    }
    guard normalisers.allSatisfy(\.isFinite) else { throw .notFiniteLogits }
    return logits
  }
}
