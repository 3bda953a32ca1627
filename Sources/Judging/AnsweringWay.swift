public import Dataset
public import Models

/// How a model comes to its answer.
public enum AnsweringWay: String, Sendable, CaseIterable {
  /// It writes it.
  case generate
  /// It is the choice that the model holds most probable.
  case likelihood
  /// The same, by the mean over the choice's tokens.
  case mean
  /// The same, less the choice's probability without what is heard.
  case calibrated

  /// What decides between choices; nil where answers are written.
  public var measure: LikelihoodAnswerer.Measure? {
    switch self {
    case .generate: nil
    case .likelihood: .sum
    case .mean: .mean
    case .calibrated: .calibrated
    }
  }

  /// A local model that answers this way items of `kinds`. `identity` says what the model is; `sampling`,
  /// `maximumTokens` and `batch` are for answers that are written.
  public func answerer(
    _ model: AudioLanguageModel, prompts: AskPrompts, kinds: Set<BenchmarkItem.Kind>, sampling: Sampling = .greedy,
    maximumTokens: Int, batch: Int = 8, identity: [String: String]
  ) throws -> any Answerer {
    guard let measure else {
      return GeneratingAnswerer(
        model: model, prompts: prompts, sampling: sampling, maximumTokens: maximumTokens, batch: batch, kinds: kinds,
        identity: identity)
    }
    return LikelihoodAnswerer(
      model: model, prompts: prompts, measure: measure, form: try ChoiceForm(askedBy: prompts.choices), kinds: kinds,
      identity: identity)
  }
}
