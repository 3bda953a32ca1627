import Audio
import Models
import Tensors

/// Blanks out bands and stretches of a spectrogram, so that a small set is not learned by heart (SpecAugment, Park et al.
/// 2019, arXiv:1904.08779, without the time warp; time is also shifted).
public struct SpecAugment: Sendable, Equatable {
  public var frequencyMasks: Int
  /// The most bands of a mask.
  public var frequencyWidth: Int
  public var timeMasks: Int
  /// The largest share of the frames that a mask covers.
  public var timeShare: Double
  /// The largest share of the frames by which the sound moves; what leaves at one end comes in at the other.
  public var shift: Double
  /// The most that the level moves up or down, in units of log10 of energy.
  public var gain: Double

  public init(
    frequencyMasks: Int = 2, frequencyWidth: Int = 16, timeMasks: Int = 2, timeShare: Double = 0.1,
    shift: Double = 0.1, gain: Double = 0.5
  ) {
    self.frequencyMasks = frequencyMasks
    self.frequencyWidth = frequencyWidth
    self.timeMasks = timeMasks
    self.timeShare = timeShare
    self.shift = shift
    self.gain = gain
  }

  /// Changes log-mel frames `[frames, bands]`.
  func apply(to frames: inout Tensor, random: inout SplitMix64) {
    let (count, bands) = (frames.rows, frames.columns)
    guard count > 1, bands > 1 else { return }
    // Whisper's front end divides log10 of the energy by four.
    let level = Float(random.uniform(-gain...gain) / 4)
    let moved = Int(random.uniform(-shift...shift) * Double(count))
    let source = frames
    frames.withUnsafeMutableElements { elements in
      source.withUnsafeElements { source in
        for frame in 0..<count {
          let from = (frame + moved + count) % count
          for band in 0..<bands { elements[frame * bands + band] = source[from * bands + band] + level }
        }
      }
      let mean = elements.reduce(0, +) / Float(elements.count)
      for _ in 0..<frequencyMasks {
        let masked = range(below: bands, widest: min(frequencyWidth, bands - 1), random: &random)
        for frame in 0..<count { for band in masked { elements[frame * bands + band] = mean } }
      }
      for _ in 0..<timeMasks {
        let masked = range(below: count, widest: Int(timeShare * Double(count)), random: &random)
        for index in masked.lowerBound * bands..<masked.upperBound * bands { elements[index] = mean }
      }
    }
  }

  private func range(below count: Int, widest: Int, random: inout SplitMix64) -> Range<Int> {
    let width = random.index(below: max(0, widest) + 1)
    let start = random.index(below: count - width + 1)
    return start..<start + width
  }
}
