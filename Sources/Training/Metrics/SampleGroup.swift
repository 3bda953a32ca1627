/// A prompt with what the policy made of it, to look at.
public struct SampleGroup: Sendable, Equatable {
  public struct Completion: Sendable, Equatable {
    public var text: String
    /// The number of its tokens.
    public var length: Int
    /// By the name of the reward function; `nil` where it did not judge.
    public var rewards: [String: Double?]
    /// The weighted sum of the rewards; `nil` where none judged.
    public var reward: Double?
    public var advantage: Double
    /// Whether it was cut off for its length.
    public var isTruncated: Bool

    public init(
      text: String, length: Int, rewards: [String: Double?], reward: Double?, advantage: Double, isTruncated: Bool
    ) {
      self.text = text
      self.length = length
      self.rewards = rewards
      self.reward = reward
      self.advantage = advantage
      self.isTruncated = isTruncated
    }
  }

  public var step: Int
  /// The question's id in the data.
  public var id: String
  public var prompt: String
  /// What would have been right.
  public var answer: String
  public var completions: [Completion]

  public init(step: Int, id: String, prompt: String, answer: String, completions: [Completion]) {
    self.step = step
    self.id = id
    self.prompt = prompt
    self.answer = answer
    self.completions = completions
  }

  /// A line of JSON for each completion.
  var lines: [String] {
    completions.map { completion in
      var line = MetricsJSON()
      line.add("step", step)
      line.add("id", id)
      line.add("prompt", prompt)
      line.add("answer", answer)
      line.add("completion", completion.text)
      line.add("length", completion.length)
      line.add("truncated", completion.isTruncated)
      var rewards = MetricsJSON()
      for (name, value) in completion.rewards.sorted(by: { $0.key < $1.key }) { rewards.add(name, value) }
      line.add("rewards", rewards)
      line.add("reward", completion.reward)
      line.add("advantage", completion.advantage)
      return line.text
    }
  }
}
