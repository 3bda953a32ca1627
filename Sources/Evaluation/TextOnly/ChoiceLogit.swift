import Foundation

/// A conditional logit over the choices of questions: its loss, gradient and probabilities.
///
/// The loss is (Σ over questions of -log p(right) + λ/2 |w|²) / questions.
struct ChoiceLogit {
  private let features: TextOnlyFeatures
  private let dense: [Float]
  /// Those that are learnt from.
  private let questions: [Int]
  private let penalty: Double

  init(_ features: TextOnlyFeatures, dense: [Float], questions: [Int], penalty: Double) {
    self.features = features
    self.dense = dense
    self.questions = questions
    self.penalty = penalty
  }

  /// The weights of the smallest loss, those of the measured features last; zeros where there is nothing to learn from.
  func fitted(mostSteps: Int, tolerance: Double) -> [Double] {
    let start = [Double](repeating: 0, count: features.count + TextOnlyFeatures.measures)
    guard !questions.isEmpty else { return start }
    return LimitedMemoryBFGS(mostSteps: mostSteps, tolerance: tolerance).minimum(from: start, of: loss)
  }

  /// The probabilities of a question's choices.
  func probabilities(_ question: Int, _ weights: [Double]) -> [Double] {
    var probabilities = [Double](repeating: 0, count: features.questions[question + 1] - features.questions[question])
    weights.withUnsafeBufferPointer { weights in
      probabilities.withUnsafeMutableBufferPointer { _ = softmax(question, weights, into: $0) }
    }
    return probabilities
  }

  /// The loss at `weights`; `gradient` is filled in.
  func loss(_ weights: [Double], _ gradient: inout [Double]) -> Double {
    let scale = 1 / Double(questions.count)
    var sum = 0.0
    for (number, weight) in weights.enumerated() {
      sum += 0.5 * penalty * weight * weight
      gradient[number] = penalty * weight * scale
    }
    let most = questions.lazy.map { features.questions[$0 + 1] - features.questions[$0] }.max() ?? 0
    var buffer = [Double](repeating: 0, count: most)
    weights.withUnsafeBufferPointer { weights in
      gradient.withUnsafeMutableBufferPointer { gradient in
        buffer.withUnsafeMutableBufferPointer { buffer in
          for question in questions {
            sum -= softmax(question, weights, into: buffer)
            addGradient(of: question, buffer, scale, to: gradient)
          }
        }
      }
    }
    return sum * scale
  }

  /// Fills in the probabilities of a question's choices; returns the logarithm of the right one's.
  @inline(__always)
  private func softmax(
    _ question: Int, _ weights: UnsafeBufferPointer<Double>, into scores: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let choices = features.questions[question]..<features.questions[question + 1]
    let measures = TextOnlyFeatures.measures
    var highest = -Double.infinity
    for (place, choice) in choices.enumerated() {
      var score = 0.0
      for entry in features.starts[choice]..<features.starts[choice + 1] {
        score += weights[Int(features.numbers[entry])]
      }
      for measure in 0..<measures {
        score += weights[features.count + measure] * Double(dense[choice * measures + measure])
      }
      scores[place] = score
      highest = max(highest, score)
    }
    let right = scores[features.answers[question]] - highest
    var sum = 0.0
    for place in 0..<choices.count {
      scores[place] = exp(scores[place] - highest)
      sum += scores[place]
    }
    for place in 0..<choices.count { scores[place] /= sum }
    return right - log(sum)
  }

  @inline(__always)
  private func addGradient(
    of question: Int, _ probabilities: UnsafeMutableBufferPointer<Double>, _ scale: Double,
    to gradient: UnsafeMutableBufferPointer<Double>
  ) {
    let first = features.questions[question]
    let measures = TextOnlyFeatures.measures
    for choice in first..<features.questions[question + 1] {
      let isRight = choice - first == features.answers[question]
      let step = (probabilities[choice - first] - (isRight ? 1 : 0)) * scale
      for entry in features.starts[choice]..<features.starts[choice + 1] {
        gradient[Int(features.numbers[entry])] += step
      }
      for measure in 0..<measures {
        gradient[features.count + measure] += step * Double(dense[choice * measures + measure])
      }
    }
  }
}

extension TextOnlyClassifier {
  /// The natural logarithm, of what is not too small to have one.
  static func logarithm(_ value: Double) -> Double { log(max(value, .leastNormalMagnitude)) }
}
