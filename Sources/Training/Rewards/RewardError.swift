/// What can be wrong with the rewards of a configuration.
public enum RewardError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownReward(name: String, known: [String])
  /// A number of tokens that is none.
  case badLength(name: String, value: String)
  case noRewards
  case repeatedReward(name: String)
  case weightCount(rewards: Int, weights: Int)
  case badWeight(name: String, weight: Double)

  public var description: String {
    switch self {
    case .unknownReward(let name, let known):
      "rewards: there is no '\(Self.shortened(name))'. Take from \(known.joined(separator: ", "))."
    case .badLength(let name, let value):
      "rewards: '\(Self.shortened(value))' is no number of tokens. Write it as in '\(name):64'."
    case .noRewards: "rewards: none is named. Name at least one, for instance '\(RewardName.accuracy(.exact))'."
    case .repeatedReward(let name): "rewards: '\(name)' stands there twice. Name it once, with the sum of the weights."
    case .weightCount(let rewards, let weights):
      "rewards: \(weights) weights for \(rewards) rewards. Give one weight for each reward, or none."
    case .badWeight(let name, let weight): "rewards: '\(name)' cannot weigh \(weight). Give a finite number but 0."
    }
  }

  private static func shortened(_ text: String) -> String {
    text.count > 40 ? text.prefix(39) + "…" : text
  }
}
