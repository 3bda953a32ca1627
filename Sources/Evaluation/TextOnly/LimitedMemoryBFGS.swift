/// The quasi-Newton method of Liu and Nocedal (Math. Programming 45, 1989) for smooth convex functions of many variables.
struct LimitedMemoryBFGS {
  var mostSteps: Int
  /// The steps end where no part of the gradient is larger.
  var tolerance: Double

  /// Earlier steps that the curvature is taken from.
  private static let memory = 8
  /// The part of the decrease that the gradient promises which a step must have (Armijo).
  private static let decrease = 1e-4

  private struct Step {
    var change: [Double]
    var gradientChange: [Double]
    /// 1 over the product of the two.
    var inverse: Double
  }

  /// Where `function`, which fills in its gradient, is smallest.
  func minimum(from start: [Double], of function: ([Double], inout [Double]) -> Double) -> [Double] {
    var (point, gradient) = (start, start)
    var value = function(point, &gradient)
    var steps: [Step] = []
    for number in 0..<mostSteps {
      guard largest(gradient) > tolerance else { break }
      let direction = direction(gradient, steps)
      // The first step has no curvature to go by.
      let length = number == 0 ? 1 / max(1, product(gradient, gradient).squareRoot()) : 1
      guard let next = search(function, from: point, value, gradient, direction, length) else { break }
      let change = zip(next.point, point).map { $0 - $1 }
      let gradientChange = zip(next.gradient, gradient).map { $0 - $1 }
      let curvature = product(change, gradientChange)
      (point, value, gradient) = next
      guard curvature > 1e-12 * product(gradientChange, gradientChange) else { continue }
      steps.append(Step(change: change, gradientChange: gradientChange, inverse: 1 / curvature))
      if steps.count > Self.memory { steps.removeFirst() }
    }
    return point
  }

  /// Minus the inverse of the curvature times the gradient, by the recursion over the steps kept.
  private func direction(_ gradient: [Double], _ steps: [Step]) -> [Double] {
    var direction = gradient
    var factors: [Double] = []
    for step in steps.reversed() {
      let factor = step.inverse * product(step.change, direction)
      factors.append(factor)
      add(step.gradientChange, times: -factor, to: &direction)
    }
    if let last = steps.last {
      let scale = 1 / (last.inverse * product(last.gradientChange, last.gradientChange))
      for place in direction.indices { direction[place] *= scale }
    }
    for (step, factor) in zip(steps, factors.reversed()) {
      add(step.change, times: factor - step.inverse * product(step.gradientChange, direction), to: &direction)
    }
    for place in direction.indices { direction[place] = -direction[place] }
    return direction
  }

  /// The first of ever shorter steps that goes down far enough; nil where rounding hides every decrease.
  private func search(
    _ function: ([Double], inout [Double]) -> Double, from point: [Double], _ value: Double, _ gradient: [Double],
    _ direction: [Double], _ first: Double
  ) -> (point: [Double], value: Double, gradient: [Double])? {
    let slope = product(gradient, direction)
    guard slope < 0 else { return nil }
    var length = first
    var (trial, trialGradient) = (point, gradient)
    for _ in 0..<40 {
      for place in point.indices { trial[place] = point[place] + length * direction[place] }
      let reached = function(trial, &trialGradient)
      if reached <= value + Self.decrease * length * slope { return (trial, reached, trialGradient) }
      length /= 2
    }
    return nil
  }

  private func largest(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1)) } }

  private func product(_ first: [Double], _ second: [Double]) -> Double {
    var sum = 0.0
    for place in first.indices { sum += first[place] * second[place] }
    return sum
  }

  private func add(_ values: [Double], times factor: Double, to sum: inout [Double]) {
    for place in sum.indices { sum[place] += factor * values[place] }
  }
}
