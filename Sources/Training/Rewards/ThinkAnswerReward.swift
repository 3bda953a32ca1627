/// 1 for a completion that is one `<think>…</think>` and one `<answer>…</answer>` with something in both, and white
/// space around them at most.
public struct ThinkAnswerReward: Reward, Equatable {
  public var name: String { "format:think-answer" }

  public init() {}

  public func score(_ completion: RewardedCompletion) -> Double? {
    TaggedText(completion.text).sections(["think", "answer"]) == nil ? 0 : 1
  }
}
