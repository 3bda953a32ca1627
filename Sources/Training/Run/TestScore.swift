import Foundation

/// How a trained model answers a set that the run never looked at.
public struct TestScore: Sendable, Equatable {
  /// What became of one question.
  public struct Answer: Sendable, Equatable, Codable {
    public var id: String
    public var text: String
    public var isRight: Bool
    /// The same with silence in place of the sound.
    public var silentText: String
    public var isRightInSilence: Bool

    private enum CodingKeys: String, CodingKey {
      case id, text
      case isRight = "right"
      case silentText = "silent_text"
      case isRightInSilence = "silent_right"
    }
  }

  /// In the order of the set.
  public var answers: [Answer]

  public var accuracy: Double { share(\.isRight) }
  /// With silence in place of the sound: what the text alone is worth.
  public var silentAccuracy: Double { share(\.isRightInSilence) }

  private func share(_ isCounted: (Answer) -> Bool) -> Double {
    Double(answers.count(where: isCounted)) / Double(max(answers.count, 1))
  }

  /// Writes a line of JSON for each question.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try answers.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    do {
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw MetricsError.ofFoundation(error, path: path)
    }
  }
}

extension DevScorer {
  /// Every question of the set, answered with its sound and with silence.
  func test(tell: Listener = { _, _ in }) throws -> TestScore {
    let heard = try answers(silenced: false) { done, total in try tell(done, 2 * total) }
    let silent = try answers(silenced: true) { done, total in try tell(total + done, 2 * total) }
    return TestScore(
      answers: zip(heard, silent).map {
        TestScore.Answer(
          id: $0.id, text: $0.text, isRight: $0.isRight, silentText: $1.text, isRightInSilence: $1.isRight)
      })
  }
}
