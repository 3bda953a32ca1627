import Foundation

extension AcousticMeasurements.Pitch {
  /// Clips with less than this much pitch, seconds, or this share of the sounding time, have none to speak of.
  private static let leastVoicedSeconds = 0.05
  private static let leastVoicedShare = 0.2
  /// Up to a semitone is steady; up to 2.5 semitones is vibrato where it is no clear rise or fall.
  private static let tolerance = CourseShape.Tolerance(steadySpan: 1, wanderingSpan: 2.5)
  /// Single blocks at octave errors must not make the range.
  private static let rangePercentile = 0.02

  /// Sums up the pitch of a clip's blocks; nil where there is no clear pitch.
  init?(_ track: PitchTrack) {
    let voiced = track.hertz.filter { $0 > 0 }
    let sounding = track.sounding.reduce(0) { $0 + $1.count }
    let segments = track.segments
    guard let first = segments.first, let last = segments.last,
      Double(voiced.count) * Loudness.blockSeconds >= Self.leastVoicedSeconds,
      Double(voiced.count) >= Self.leastVoicedShare * Double(sounding)
    else { return nil }
    let sorted = voiced.sorted()
    let edge = Int(Self.rangePercentile * Double(sorted.count - 1))
    self.init(
      medianHz: Double(sorted[sorted.count / 2]),
      startHz: PitchEdge(track, segment: first, atStart: true).hertz,
      endHz: PitchEdge(track, segment: last, atStart: false).hertz,
      lowHz: Double(sorted[edge]), highHz: Double(sorted[sorted.count - 1 - edge]),
      contour: .init(CourseShape(voiced.map { 12 * log2($0) }, tolerance: Self.tolerance)),
      voicedShare: Double(voiced.count) / Double(sounding))
  }
}

extension AcousticMeasurements.Pitch.Contour {
  init(_ shape: CourseShape) {
    self =
      switch shape {
      case .steady: .steady
      case .rising: .rising
      case .falling: .falling
      case .risingThenFalling: .arching
      case .fallingThenRising: .dipping
      case .irregular: .varying
      }
  }
}

/// The pitch at the very start or end of a stretch with pitch.
private struct PitchEdge {
  /// Blocks that a line is laid through.
  private static let fitBlocks = 12
  /// Blocks whose middle value is taken where no line fits.
  private static let medianBlocks = 5
  /// Root mean square distance from the line, semitones, of a glide that is smooth enough to be carried on.
  private static let smoothSemitones = 0.15

  let hertz: Double

  init(_ track: PitchTrack, segment: Range<Int>, atStart: Bool) {
    let blocks = atStart ? Array(segment.prefix(Self.fitBlocks)) : Array(segment.suffix(Self.fitBlocks).reversed())
    let nearest = blocks.prefix(Self.medianBlocks).map { Double(track.hertz[$0]) }.sorted()
    let median = nearest[nearest.count / 2]
    let run = track.sounding.first { $0.contains(segment.lowerBound) } ?? segment
    let reach = Double(PitchCandidates.Scale.steady.windowSize / 2) / Double(Loudness.blockSize)
    let (runStart, runEnd) = (Double(run.lowerBound), Double(run.upperBound))
    // A window that reaches beyond the sound speaks for the middle of what it holds of it.
    let places = blocks.map { block in
      let middle = Double(block) + 0.5
      return (max(middle - reach, runStart) + min(middle + reach, runEnd)) / 2
    }
    let edge = atStart ? Double(segment.lowerBound) : Double(segment.upperBound)
    let line = Line(places, blocks.map { 12 * log2(Double(track.hertz[$0])) })
    let isSmooth = blocks.count == Self.fitBlocks && line.error < Self.smoothSemitones
    hertz = isSmooth ? exp2(line.value(at: edge) / 12) : median
  }
}

/// A least-squares line.
private struct Line {
  private let slope: Double
  private let middle: (x: Double, y: Double)
  /// Root mean square distance of the points.
  let error: Double

  init(_ xs: [Double], _ ys: [Double]) {
    let count = Double(xs.count)
    let middle = (x: xs.reduce(0, +) / count, y: ys.reduce(0, +) / count)
    let spread = xs.reduce(0) { $0 + ($1 - middle.x) * ($1 - middle.x) }
    let product = zip(xs, ys).reduce(0) { $0 + ($1.0 - middle.x) * ($1.1 - middle.y) }
    let slope = spread > 0 ? product / spread : 0
    let squares = zip(xs, ys).reduce(0) { sum, point in
      let distance = point.1 - middle.y - slope * (point.0 - middle.x)
      return sum + distance * distance
    }
    (self.slope, self.middle, error) = (slope, middle, (squares / count).squareRoot())
  }

  func value(at x: Double) -> Double { middle.y + slope * (x - middle.x) }
}
