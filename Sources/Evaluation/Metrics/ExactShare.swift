/// The share of answers that are the label and nothing else, once white space in front of them is gone: how
/// Qwen2-Audio's scripts judge emotions and vocal sounds.
public struct ExactShare: Sendable, Equatable {
  /// The labels of RAVDESS that R1-Omni's evaluation renames, so that they match what models are taught to say.
  public static let labelsOfRAVDESS = ["fearful": "fear", "surprised": "surprise"]

  /// What labels of the truth are called in answers, for those that are called otherwise.
  public let names: [String: String]
  public private(set) var right = 0
  public private(set) var count = 0

  /// Nothing compared yet.
  public init(names: [String: String] = [:]) { self.names = names }

  public mutating func add(answer: String, label: String) {
    count += 1
    if isRight(answer: answer, label: label) { right += 1 }
  }

  /// Whether an answer counts as right.
  public func isRight(answer: String, label: String) -> Bool {
    answer.unicodeScalars.drop(while: \.isWhiteSpace).elementsEqual((names[label] ?? label).unicodeScalars)
  }

  /// From 0 to 1; nil before the first answer.
  public var share: Double? { count == 0 ? nil : Double(right) / Double(count) }
}
