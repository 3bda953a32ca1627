/// 1 for a completion that is one `<answer>…</answer>` with something in it, and white space around it at most.
///
/// A pattern that fits `<answer>.*?</answer>` to the whole text also takes empty and doubled tags, and refuses a line
/// break at the end.
public struct AnswerTagReward: Reward, Equatable {
  public var name: String { "format:answer" }

  public init() {}

  public func score(_ completion: RewardedCompletion) -> Double? {
    TaggedText(completion.text).sections(["answer"]) == nil ? 0 : 1
  }
}
