import Foundation
import Testing

@testable import Audio

struct CourseShapeTests {
  private let tolerance = CourseShape.Tolerance(steadySpan: 1, wanderingSpan: 2)

  private func shape(_ series: [Float]) -> CourseShape { CourseShape(series, tolerance: tolerance) }

  @Test func plainCoursesHaveTheirNames() {
    let ramp = (0..<40).map { Float($0) / 4 }
    #expect(shape(ramp) == .rising)
    #expect(shape(ramp.reversed()) == .falling)
    #expect(shape(ramp + ramp.reversed()) == .risingThenFalling)
    #expect(shape(ramp.reversed() + ramp) == .fallingThenRising)
    #expect(shape(ramp + ramp.reversed() + ramp + ramp.reversed()) == .irregular)
    #expect(shape([Float](repeating: 3, count: 40)) == .steady)
  }

  @Test func aStepIsARise() {
    #expect(shape([Float](repeating: 0, count: 30) + [Float](repeating: 5, count: 5)) == .rising)
  }

  @Test func noiseOnARampLeavesItARise() {
    let noise = TestSound.noise(count: 60, amplitude: 0.8)
    #expect(shape(noise.enumerated().map { Float($0.offset) / 6 + $0.element }) == .rising)
  }

  @Test func aShortTailDoesNotMakeATurn() {
    #expect(shape((0..<40).map { Float($0) / 4 } + [9, 8.5]) == .rising)
  }

  @Test func fewNumbersAreNoProblem() {
    #expect(shape([]) == .steady)
    #expect(shape([5]) == .steady)
    #expect(shape([0, 5]) == .rising)
  }
}
