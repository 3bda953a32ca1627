import Foundation

/// Derives how loudness moves over the sounding part of a clip.
struct LoudnessCourse {
  /// Loudness is followed in steps of 50 ms, about what the ear integrates in a changing sound.
  private static let stepBlocks = 5
  /// Up to 3 dB is heard as even; irregular movement, as in rain or a held voice, up to 6 dB.
  private static let tolerance = CourseShape.Tolerance(steadySpan: 3, wanderingSpan: 6)
  /// Part of the span at each end whose means are compared.
  private static let endShare = 0.1
  /// A short window at each end so that single clips have a level at all.
  private static let shortestEndBlocks = 2
  /// The loudest moment is that of the loudest 50 ms.
  private static let loudestReach = 2

  let course: AcousticMeasurements.Level.Course
  /// End minus start, dB.
  let changeDB: Double
  /// Middle of the loudest 50 ms.
  let loudestSeconds: Double

  init(_ loudness: Loudness) {
    let span = loudness.soundingSpan
    let levels = loudness.levels.map { max($0, loudness.threshold) }
    // Whole steps only: a last part of one block would show the end of the sound as a fall.
    let series = (0..<span.count / Self.stepBlocks).map { step in
      Self.mean(levels[span.lowerBound + step * Self.stepBlocks..<span.lowerBound + (step + 1) * Self.stepBlocks])
    }
    course = .init(CourseShape(series, tolerance: Self.tolerance))
    changeDB = Double(Self.change(levels[span]))
    loudestSeconds = Self.loudestSeconds(levels)
  }

  /// The level of mean power, dB.
  private static func mean(_ levels: ArraySlice<Float>) -> Float {
    decibels(power: levels.reduce(0) { $0 + pow(10, $1 / 10) } / Float(max(1, levels.count)))
  }

  private static func change(_ levels: ArraySlice<Float>) -> Float {
    let ends = max(shortestEndBlocks, Int(endShare * Double(levels.count)))
    guard levels.count >= 2 * ends else { return 0 }
    let difference = mean(levels.suffix(ends)) - mean(levels.prefix(ends))
    // The means stand half a window inside the ends: a steady slope is carried on to the ends themselves.
    return difference * Float(levels.count) / Float(levels.count - ends)
  }

  private static func loudestSeconds(_ levels: [Float]) -> Double {
    guard !levels.isEmpty else { return 0 }
    let smooth = levels.indices.map { index in
      mean(levels[max(0, index - loudestReach)...min(levels.count - 1, index + loudestReach)])
    }
    let loudest = smooth.indices.max { smooth[$0] < smooth[$1] } ?? 0
    return (Double(loudest) + 0.5) * Loudness.blockSeconds
  }
}

extension AcousticMeasurements.Level.Course {
  init(_ shape: CourseShape) {
    self =
      switch shape {
      case .steady: .steady
      case .rising: .rising
      case .falling: .falling
      case .risingThenFalling: .swelling
      case .fallingThenRising: .dipping
      case .irregular: .fluctuating
      }
  }
}
