/// Finds the sounds that stand apart: peaks of loudness that rise far enough above the valleys on both sides.
struct EventDetection {
  /// A sound counts as separate where loudness has fallen this far before it and after the sound before.
  static let prominenceDB: Float = 9
  /// With a sudden change of the spectrum, as where a string is struck again, this much is enough.
  static let attackProminenceDB: Float = 4
  /// The novelty (``OnsetStrength/novelty``) of such a change. Of 200 spoken digits, 16 have
  /// one after a closed consonant and count as two events.
  static let attackNovelty: Float = 0.45
  /// Peaks this far below the loudest are not noticed beside it: breaths, handling noise, echoes.
  static let noticedBelowPeakDB: Float = 26
  /// An event reaches out to where loudness is this close to the valley beside it.
  static let edgeAboveValleyDB: Float = 2

  private let loudness: Loudness
  private let novelty: [Float]
  /// Smooth levels, nowhere below the threshold of silence, gaps too short to be heard filled.
  private let contour: [Float]

  /// `novelty` as ``OnsetStrength/novelty``, for the same blocks.
  init(_ loudness: Loudness, novelty: [Float]) {
    self.loudness = loudness
    self.novelty = novelty
    contour = Self.fillingShortDips(loudness.smoothLevels.map { max($0, loudness.threshold) })
  }

  /// Ranges of blocks, in order.
  func events() -> [Range<Int>] {
    let peaks = separatePeaks()
    return peaks.indices.map { index in
      let left = index > 0 ? valley(between: peaks[index - 1], and: peaks[index]) : 0
      let right = index + 1 < peaks.count ? valley(between: peaks[index], and: peaks[index + 1]) : contour.count - 1
      return extent(of: peaks[index], within: left...right)
    }
  }

  /// Peaks that a deep enough fall and rise, or a fall and an attack, keep apart.
  private func separatePeaks() -> [Int] {
    guard let loudest = contour.max(), loudest > loudness.threshold else { return [] }
    let noticed = max(loudest - Self.noticedBelowPeakDB, loudness.threshold)
    var separate: [Int] = []
    for peak in smallPeaks() where contour[peak] > noticed {
      if let last = separate.last, !isSeparate(peak, from: last) {
        if contour[peak] > contour[last] { separate[separate.count - 1] = peak }
      } else {
        separate.append(peak)
      }
    }
    return separate
  }

  /// Peaks between which loudness falls and rises by `attackProminenceDB`.
  private func smallPeaks() -> [Int] {
    var peaks: [Int] = []
    var (peak, lowest, isFalling) = (0, contour[0], false)
    for (index, level) in contour.enumerated() {
      if isFalling {
        lowest = min(lowest, level)
        if level >= lowest + Self.attackProminenceDB { (isFalling, peak) = (false, index) }
      } else if level > contour[peak] {
        peak = index
      } else if level <= contour[peak] - Self.attackProminenceDB {
        peaks.append(peak)
        (isFalling, lowest) = (true, level)
      }
    }
    return isFalling ? peaks : peaks + [peak]
  }

  private func isSeparate(_ peak: Int, from last: Int) -> Bool {
    let valley = valley(between: last, and: peak)
    if min(contour[last], contour[peak]) - contour[valley] >= Self.prominenceDB { return true }
    return (novelty[valley...peak].max() ?? 0) >= Self.attackNovelty
  }

  private func valley(between first: Int, and second: Int) -> Int {
    (first...second).min { contour[$0] < contour[$1] } ?? first
  }

  /// The blocks around `peak` that are louder than the valleys beside it.
  private func extent(of peak: Int, within limits: ClosedRange<Int>) -> Range<Int> {
    let before = edgeLevel(limits.lowerBound...peak, peak: peak, endsClip: limits.lowerBound == 0)
    let after = edgeLevel(peak...limits.upperBound, peak: peak, endsClip: limits.upperBound == contour.count - 1)
    var (start, end) = (peak, peak)
    while start > limits.lowerBound, contour[start - 1] > before { start -= 1 }
    while end < limits.upperBound, contour[end + 1] > after { end += 1 }
    // Smoothing has spread a sudden start and end by one block each.
    while start < peak, loudness.levels[start] <= before { start += 1 }
    while end > peak, loudness.levels[end] <= after { end -= 1 }
    return start..<end + 1
  }

  /// The level at which an event ends on one side: just above the valley there, or, where it only wavers, below it.
  private func edgeLevel(_ side: ClosedRange<Int>, peak: Int, endsClip: Bool) -> Float {
    let lowest = contour[side].min() ?? contour[peak]
    let isDeep = contour[peak] - lowest >= (endsClip ? Self.prominenceDB : Self.attackProminenceDB)
    return max(isDeep ? lowest + Self.edgeAboveValleyDB : lowest - 1, loudness.threshold)
  }

  /// Raises dips that are too short to be heard to the level of the lower of their edges.
  private static func fillingShortDips(_ levels: [Float]) -> [Float] {
    // A closing: the least of the greatest over windows of a gap's length.
    let reach = Int(Loudness.shortestGapSeconds / Loudness.blockSeconds) / 2
    func sliding(_ values: [Float], _ choose: (Float, Float) -> Float) -> [Float] {
      values.indices.map { index in
        let window = max(0, index - reach)...min(values.count - 1, index + reach)
        return values[window].dropFirst().reduce(values[window.lowerBound], choose)
      }
    }
    return sliding(sliding(levels, max), min)
  }
}
