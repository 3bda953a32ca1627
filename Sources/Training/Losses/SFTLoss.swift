/// Cross-entropy of the labelled tokens.
public enum SFTLoss {
  /// The part that tokens with these log-probabilities have in the mean over all `tokenCount` labelled tokens of an
  /// optimizer step, and its derivative, which is the same for each of them.
  ///
  /// Not the mean over batches of their means: that would weigh tokens of short batches more.
  public static func evaluate(logProbabilities: [Double], tokenCount: Int) -> (loss: Double, gradient: Double) {
    let weight = 1 / Double(max(tokenCount, 1))
    return (-weight * logProbabilities.reduce(0, +), -weight)
  }
}
