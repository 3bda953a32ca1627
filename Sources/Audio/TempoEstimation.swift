import Foundation

/// Finds a steady pulse in the onsets of a clip: the shortest period after which they come again.
struct TempoEstimation {
  /// Beats from 40 to 200 a minute: slower ones are heard as single events, faster ones as a roll.
  static let slowest = 40.0
  static let fastest = 200.0
  /// Three equal gaps, so four onsets, make a pulse; two may be chance.
  private static let fewestOnsets = 4
  /// Novelty less than this is no onset (powers of ten in the mean over all bands): a bow's or a voice's wavering.
  private static let leastOnset: Float = 0.07
  /// Onsets are at least this far from greater ones, blocks.
  private static let onsetReach = 6
  /// Likeness of the onsets to themselves one period on: melodies of long and short notes reach 0.5, spoken words and
  /// barking below 0.4 unless they do have a pulse.
  private static let leastStrength: Float = 0.4
  /// What is asked beyond that of a single onset, and of n onsets the n-th part: few may agree by chance.
  private static let chance: Float = 0.8
  /// The longest period, as a part of the time from the first onset to the last: three gaps must fit.
  private static let longestShare = 0.36
  /// A shorter period is taken over its multiples when it is at least this much as strong as the strongest.
  private static let shorterShare: Float = 0.8
  /// Multiples of a period by which it is measured more finely.
  private static let refiningMultiples = 8

  private let onsets: [Float]
  private let onsetCount: Int
  private let likeness: [Float]

  init(_ novelty: [Float]) {
    let peaks = novelty.indices.filter { index in
      let around = novelty[max(0, index - Self.onsetReach)...min(novelty.count - 1, index + Self.onsetReach)]
      return novelty[index] >= Self.leastOnset && Self.isPeak(novelty, index) && novelty[index] == around.max()
    }
    // The first onset out of silence dwarfs those that follow in a melody: all above the middle one count as that.
    let cap = peaks.isEmpty ? 0 : peaks.map { novelty[$0] }.sorted()[peaks.count / 2]
    onsetCount = peaks.count { novelty[$0] >= cap / 2 }
    guard onsetCount >= Self.fewestOnsets, let first = peaks.first, let last = peaks.last else {
      (onsets, likeness) = ([], [])
      return
    }
    onsets = novelty[max(0, first - 5)...min(novelty.count - 1, last + 5)].map { min($0, cap) }
    likeness = Self.likeness(onsets, upTo: Self.refiningMultiples * Self.lag(Self.slowest))
  }

  /// The pulse; nil where there is none.
  var tempo: AcousticMeasurements.Tempo? {
    let (shortest, longest) = (
      Self.lag(Self.fastest), min(Self.lag(Self.slowest), Int(Self.longestShare * Double(onsets.count)))
    )
    guard shortest < longest else { return nil }
    let peaks = (shortest...longest).filter { Self.isPeak(likeness, $0) }
    guard let strongest = peaks.map({ support($0) }).max(),
      strongest >= Self.leastStrength + Self.chance / Float(onsetCount),
      let period = peaks.first(where: { support($0) >= Self.shorterShare * strongest })
    else { return nil }
    return .init(
      beatsPerMinute: 60 / (refined(period) * Loudness.blockSeconds), strength: Double(min(1, max(0, support(period)))))
  }

  private static func lag(_ beatsPerMinute: Double) -> Int {
    Int((60 / beatsPerMinute / Loudness.blockSeconds).rounded())
  }

  private static func isPeak(_ values: [Float], _ index: Int) -> Bool {
    let before = index > 0 ? values[index - 1] : 0
    let after = index + 1 < values.count ? values[index + 1] : 0
    return values[index] > before && values[index] >= after
  }

  /// Mean likeness one and two periods on, as far as the onsets reach.
  private func support(_ lag: Int) -> Float {
    let double = 2 * lag
    guard double + 1 < likeness.count, Double(double) < 0.6 * Double(onsets.count) else { return likeness[lag] }
    return 0.5 * (likeness[lag] + (likeness[double - 1...double + 1].max() ?? 0))
  }

  /// The period in blocks, measured at its largest multiple that is as clear.
  private func refined(_ lag: Int) -> Double {
    var period = Self.top(likeness, lag)
    for multiple in 2...Self.refiningMultiples {
      let expected = Int((period * Double(multiple)).rounded())
      guard expected + 2 < likeness.count, 3 * expected < 2 * onsets.count,
        let place = (expected - 2...expected + 2).max(by: { likeness[$0] < likeness[$1] }),
        Self.isPeak(likeness, place), likeness[place] >= Self.shorterShare * likeness[lag]
      else { break }
      period = Self.top(likeness, place) / Double(multiple)
    }
    return period
  }

  /// The place of a parabola's top through three points.
  private static func top(_ values: [Float], _ index: Int) -> Double {
    let (before, here, after) = (values[index - 1], values[index], values[index + 1])
    let curve = before - 2 * here + after
    return Double(index) + (curve < 0 ? Double((before - after) / (2 * curve)) : 0)
  }

  /// Autocorrelation coefficients of `values` for lags up to `longest`, 1 at lag 0, each over the pairs there are.
  private static func likeness(_ values: [Float], upTo longest: Int) -> [Float] {
    let mean = values.reduce(0, +) / Float(values.count)
    let centred = values.map { $0 - mean }
    let power = centred.reduce(0) { $0 + $1 * $1 } / Float(centred.count)
    guard power > 0 else { return [] }
    return (0..<max(0, min(longest + 2, centred.count - 10))).map { lag in
      var sum: Float = 0
      for index in 0..<centred.count - lag { sum += centred[index] * centred[index + lag] }
      return sum / Float(centred.count - lag) / power
    }
  }
}
