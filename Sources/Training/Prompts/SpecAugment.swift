import Audio
import Models
import Tensors

/// Blanks out bands and stretches of a spectrogram, so that a small set is not learned by heart (SpecAugment, Park et al.
/// 2019, arXiv:1904.08779), and varies what is no matter of what is heard: the moment, the level, the pace, the pitch
/// (as vocal tract length perturbation does for speakers, Jaitly and Hinton 2013), the microphone and the noise.
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
  /// The largest share by which frequencies are scaled up or down.
  public var pitch: Double
  /// The largest share by which the sound gets faster or slower.
  public var pace: Double
  /// The most that a band's level moves up or down, in units of log10 of energy; along the bands it changes smoothly, as
  /// from one microphone to another.
  public var equalizer: Double
  /// The share of sounds that get a steady noise, 20 to 80 dB below their loudest band.
  public var noise: Double

  public init(
    frequencyMasks: Int = 2, frequencyWidth: Int = 16, timeMasks: Int = 2, timeShare: Double = 0.1,
    shift: Double = 0.1, gain: Double = 0.5, pitch: Double = 0.12, pace: Double = 0.15,
    equalizer: Double = 0.7, noise: Double = 0.7
  ) {
    self.pitch = pitch
    self.pace = pace
    self.equalizer = equalizer
    self.noise = noise
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
    let move = Move(self, frames: count, bands: bands, random: &random)
    let isNoisy = random.uniform(0...1) < noise
    let source = frames
    frames.withUnsafeMutableElements { elements in
      source.withUnsafeElements { move.write($0, over: elements) }
      if isNoisy { SteadyNoise(under: elements, bands: bands, random: &random).add(to: elements, random: &random) }
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

/// Where in a spectrogram each of its new elements comes from.
private struct Move {
  private let count: Int
  private let bands: Int
  /// For each frame the two it lies between and the share of the second; the same for bands.
  private let times: [Place]
  private let frequencies: [Place]
  /// What is added to each band.
  private let levels: [Float]

  private struct Place {
    var first: Int
    var second: Int
    var share: Float

    init(_ position: Double, below count: Int) {
      let bounded = min(max(position, 0), Double(count - 1))
      first = Int(bounded)
      second = min(first + 1, count - 1)
      share = Float(bounded - Double(first))
    }
  }

  init(_ augment: SpecAugment, frames count: Int, bands: Int, random: inout SplitMix64) {
    (self.count, self.bands) = (count, bands)
    // Whisper's front end divides log10 of the energy by four.
    let gain = random.uniform(-augment.gain...augment.gain) / 4
    levels = Curve(knots: 6, most: augment.equalizer / 4, random: &random).values(bands).map { Float($0 + gain) }
    let moved = random.uniform(-augment.shift...augment.shift) * Double(count)
    let pace = 1 + random.uniform(-augment.pace...augment.pace)
    let scale = random.uniform(-augment.pitch...augment.pitch)
    times = (0..<count).map { frame in
      let position = (Double(frame) + moved).truncatingRemainder(dividingBy: Double(count))
      return Place((position < 0 ? position + Double(count) : position) * pace, below: count)
    }
    // Mel bands are even in frequency up to 1 kHz, a third of them, and even in its logarithm from there: there, a
    // frequency that is scaled is a band that is shifted.
    frequencies = (0..<bands).map { Place(Double($0) + scale * min(Double($0), Double(bands) / 3), below: bands) }
  }

  func write(_ source: UnsafeBufferPointer<Float>, over target: UnsafeMutableBufferPointer<Float>) {
    for (frame, time) in times.enumerated() {
      let (first, second) = (time.first * bands, time.second * bands)
      for (band, place) in frequencies.enumerated() {
        let early = source[first + place.first] * (1 - place.share) + source[first + place.second] * place.share
        let late = source[second + place.first] * (1 - place.share) + source[second + place.second] * place.share
        target[frame * bands + band] = early * (1 - time.share) + late * time.share + levels[band]
      }
    }
  }
}
