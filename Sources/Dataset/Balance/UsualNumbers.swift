import Foundation

/// Which numbers are right of more clips than chance would have it, such as round ones, or the notes of a scale.
///
/// Where a number comes from a smooth distribution, how many clips share it follows Poisson's law, with the mean that the
/// numbers around it tell. Texts that are right of so many clips as there are more of than the law expects are usual by
/// the share of the excess.
struct UsualNumbers {
  /// How many of the nearest answers on either side tell the mean.
  private static let window = 12

  /// By text in small letters: of how many clips it is right, and the shape of its quantity.
  private var texts: [String: (clips: Int, shape: String)] = [:]
  /// By shape and number of clips.
  private var shares: [String: [Int: Double]] = [:]

  /// Of all questions of a set whose answers are quantities.
  init(_ questions: [SetQuestion]) {
    var answers: [String: [String: (value: ChoiceValue, clips: Set<String>)]] = [:]
    for question in questions {
      guard let value = ChoiceValue(question.correct) else { continue }
      answers[value.shape, default: [:]][question.correct.lowercased(), default: (value, [])].clips
        .insert(question.clip.isEmpty ? question.id : question.clip)
    }
    for (shape, answers) in answers {
      for (text, answer) in answers { texts[text] = (answer.clips.count, shape) }
      let sorted = answers.sorted { ($0.value.value.number, $0.key) < ($1.value.value.number, $1.key) }
      shares[shape] = Self.shares(
        sorted.map { (text: $0.key, number: $0.value.value.number, clips: $0.value.clips.count) })
    }
  }

  /// How likely it is that an answer is usual, from 0 to 1.
  func share(of answer: String) -> Double {
    guard let text = texts[answer.lowercased()] else { return 0 }
    return shares[text.shape]?[text.clips] ?? 0
  }

  private static func shares(_ sorted: [(text: String, number: Double, clips: Int)]) -> [Int: Double] {
    let means = means(sorted)
    let found = Dictionary(grouping: sorted, by: \.clips).mapValues(\.count)
    return found.reduce(into: [:]) { shares, found in
      guard found.key > 1 else { return }
      // A number with the mean m is met m times as often as there are such numbers: Poisson's probability over m.
      let count = Double(found.key)
      var expected = 0.0
      for (answer, mean) in zip(sorted, means) where mean.isFinite {
        let logarithm = (count - 1) * log(mean) - mean - lgamma(count + 1)
        expected += Double(answer.clips) * exp(logarithm)
      }
      shares[found.key] = max(0, 1 - expected / Double(found.value))
    }
  }

  /// By text: how many clips would share it if the numbers around it were spread evenly over all that are rounded as it is.
  private static func means(_ sorted: [(text: String, number: Double, clips: Int)]) -> [Double] {
    let answers = sorted.enumerated().flatMap { place, answer in [Int](repeating: place, count: answer.clips) }
    let steps = QuantitySteps(answers.map { sorted[$0].text })
    var means = [Double](repeating: .infinity, count: sorted.count)
    for (rank, place) in answers.enumerated() {
      let (low, high) = (max(0, rank - window), min(answers.count - 1, rank + window))
      let width = sorted[answers[high]].number - sorted[answers[low]].number
      guard let step = steps.step(around: rank)?.step, width > 0 else { continue }
      means[place] = min(means[place], Double(high - low) * step / width)
    }
    return means
  }
}
