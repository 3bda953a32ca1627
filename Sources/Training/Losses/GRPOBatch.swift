/// Completions of one forward pass, and what is known about them.
public struct GRPOBatch: Sendable, Equatable {
  /// Of each completion's tokens under the policy: one row per completion, each of its own length.
  public var logProbabilities: [[Double]]
  /// The same under the policy that sampled them; `nil` where that is the policy itself, whose ratios are then 1.
  public var old: [[Double]]?
  /// The same under the reference model; needed where beta is not 0.
  public var reference: [[Double]]?
  /// In nats, of the distributions the tokens were drawn from; only reported.
  public var entropies: [[Double]]?
  /// One per completion.
  public var advantages: [Double]
  /// Whether a completion is left out, as truncated ones are on request.
  public var isMasked: [Bool]

  public init(
    logProbabilities: [[Double]], old: [[Double]]? = nil, reference: [[Double]]? = nil, entropies: [[Double]]? = nil,
    advantages: [Double], isMasked: [Bool]? = nil
  ) {
    let lengths = logProbabilities.map(\.count)
    for rows in [old, reference, entropies] {
      precondition(rows == nil || rows?.map(\.count) == lengths, "rows of other lengths than the log-probabilities")
    }
    self.logProbabilities = logProbabilities
    self.old = old
    self.reference = reference
    self.entropies = entropies
    self.advantages = advantages
    self.isMasked = isMasked ?? lengths.map { _ in false }
    precondition(advantages.count == lengths.count, "\(advantages.count) advantages, \(lengths.count) completions")
    precondition(self.isMasked.count == lengths.count, "\(self.isMasked.count) masks, \(lengths.count) completions")
  }
}

/// What the losses of an optimizer step are divided by: totals over all of its batches, so that their losses and
/// gradients add up to those of one large batch.
public struct GRPONormalisation: Sendable, Equatable {
  /// Tokens of the completions that are not masked.
  public var tokenCount: Int
  /// Completions, masked ones too: a masked completion gives nothing, but does not make the others weigh more.
  public var sequenceCount: Int

  public init(tokenCount: Int, sequenceCount: Int) {
    self.tokenCount = tokenCount
    self.sequenceCount = sequenceCount
  }

  /// The totals of completions of these lengths.
  public init(lengths: [Int], isMasked: [Bool]) {
    precondition(lengths.count == isMasked.count, "\(isMasked.count) masks, \(lengths.count) completions")
    let counted = zip(lengths, isMasked).lazy.map { $1 ? 0 : $0 }
    self.init(tokenCount: counted.reduce(0, +), sequenceCount: lengths.count)
  }

  /// The totals of a batch that is a whole step.
  public init(of batch: GRPOBatch) {
    self.init(lengths: batch.logProbabilities.map(\.count), isMasked: batch.isMasked)
  }
}

/// A batch's part of the loss of an optimizer step.
public struct GRPOResult: Sendable, Equatable {
  public var loss: Double
  /// Of the loss by each log-probability, in the rows of the batch.
  public var gradient: [[Double]]
  public var statistics: GRPOStatistics
}
