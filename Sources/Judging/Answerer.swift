public import Dataset
public import Evaluation

/// One question to one model: an item, in one order of its choices, with what is heard.
public struct Ask: Sendable, Equatable {
  public var item: BenchmarkItem
  /// Of no places for an item without choices.
  public var order: ChoiceOrder
  /// Nil where the prompt has no place for a sound.
  public var sound: Sound?
  /// What stands in the sound's place, a line each.
  public var captions: [String]

  public init(item: BenchmarkItem, order: ChoiceOrder, sound: Sound? = nil, captions: [String] = []) {
    self.item = item
    self.order = order
    self.sound = sound
    self.captions = captions
  }

  /// The choices in the order shown.
  public var choices: [String] { order.places.isEmpty ? item.choices : order.shown(item.choices) }
}

/// What came of an ask.
public struct Reply: Sendable, Equatable, Codable {
  /// What an endpoint counts and is paid for.
  public struct Usage: Sendable, Equatable, Codable {
    public var requests: Int
    public var promptTokens: Int
    public var completionTokens: Int

    public init(requests: Int, promptTokens: Int, completionTokens: Int) {
      self.requests = requests
      self.promptTokens = promptTokens
      self.completionTokens = completionTokens
    }
  }

  /// As it came; nil where none came.
  public var output: String?
  /// Why none came, or what is wrong with it: a sentence.
  public var problem: String?
  /// Whether the question was never put, for its sound cannot be read.
  public var isUnheard: Bool
  /// The tokens that were written, or scored.
  public var tokens: Int
  /// Whether the output ends because it had as many tokens as were allowed.
  public var isCut: Bool
  /// Whether the sound is longer than is heard, and only its beginning was.
  public var isSoundCut: Bool
  public var choiceScores: ChoiceScores?
  public var usage: Usage?

  public init(
    output: String?, problem: String? = nil, isUnheard: Bool = false, tokens: Int = 0, isCut: Bool = false,
    isSoundCut: Bool = false, choiceScores: ChoiceScores? = nil, usage: Usage? = nil
  ) {
    self.output = output
    self.problem = problem
    self.isUnheard = isUnheard
    self.tokens = tokens
    self.isCut = isCut
    self.isSoundCut = isSoundCut
    self.choiceScores = choiceScores
    self.usage = usage
  }

  /// A question that was never put.
  public static func unheard(_ problem: String) -> Reply { Reply(output: nil, problem: problem, isUnheard: true) }
}

/// Who answers questions, and how.
public protocol Answerer: Sendable {
  /// All that could change an answer, by name (model, revision, weights, prompt digest, decoding): part of the
  /// manifest.
  var identity: [String: String] { get }

  /// Answers all, in any order, telling each as it comes with its place in `asks`.
  ///
  /// `onReply` may be called from several threads. Stops early, and throws, when the task is cancelled or `onReply`
  /// throws.
  func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws
}
