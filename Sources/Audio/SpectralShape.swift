import Foundation

/// Gathers where the energy of a clip's sounding blocks lies, and whether it lies in peaks or is spread out.
struct SpectralShape {
  /// The part of the energy below the rolloff frequency, as in librosa's `spectral_rolloff`.
  private static let rolloffShare = 0.85
  /// Powers this far below a spectrum's greatest count as that much: what 16-bit files hold apart.
  private static let dynamicRange: Float = 1e-9
  /// Bins in a band in which peaks are told from spread energy: 250 Hz.
  private static let bandBins = 16
  /// The mean flatness of 16 bins of white noise under a Hann window, found by simulation (exp(-0.5772) = 0.56 for
  /// one infinitely wide band).
  private static let noiseBandFlatness: Float = 0.62

  private var magnitudes = [Double](repeating: 0, count: Spectrogram.binCount)
  private var powers = [Double](repeating: 0, count: Spectrogram.binCount)
  private var flatnessSum = 0.0
  private var peakinessSum = 0.0
  private var weightSum = 0.0
  private var count = 0

  /// How much of the energy around 250 Hz wide bands stands in peaks, 0...1, for each block; 0 where it is silent.
  private(set) var peakiness: [Float]

  init(blocks: Int) { peakiness = [Float](repeating: 0, count: blocks) }

  /// Takes in the spectrum of a sounding block.
  mutating func add(_ power: UnsafeBufferPointer<Float>, block: Int) {
    let greatest = power.max() ?? 0
    guard greatest > 0 else { return }
    let floor = greatest * Self.dynamicRange
    for bin in 1..<power.count {
      magnitudes[bin] += Double(power[bin].squareRoot())
      powers[bin] += Double(power[bin])
    }
    let (flatness, peakiness) = Self.flatness(power, floor: floor)
    flatnessSum += Double(flatness)
    self.peakiness[block] = peakiness
    count += 1
  }

  var brightness: AcousticMeasurements.Brightness {
    let (weight, energy) = (magnitudes.reduce(0, +), powers.reduce(0, +))
    guard weight > 0, energy > 0 else { return .init(centroidHz: 0, rolloffHz: 0) }
    let moment = magnitudes.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    var (below, rolloff) = (0.0, 0)
    while rolloff < powers.count - 1, below + powers[rolloff] < Self.rolloffShare * energy {
      below += powers[rolloff]
      rolloff += 1
    }
    return .init(centroidHz: moment / weight * Spectrogram.binHz, rolloffHz: Double(rolloff) * Spectrogram.binHz)
  }

  /// Mean over the sounding blocks of geometric over arithmetic mean of the power spectrum, as librosa's
  /// `spectral_flatness`; 0 for silence.
  var flatness: Double { count > 0 ? flatnessSum / Double(count) : 0 }

  /// Flatness of a whole spectrum, and how far its bands are from flat, weighted by their magnitude.
  private static func flatness(
    _ power: UnsafeBufferPointer<Float>, floor: Float
  ) -> (flatness: Float, peakiness: Float) {
    var (logSum, sum): (Float, Float) = (0, 0)
    var (peaky, weights): (Float, Float) = (0, 0)
    for start in stride(from: 1, to: power.count, by: bandBins) {
      var (bandLog, band): (Float, Float) = (0, 0)
      for bin in start..<start + bandBins {
        let value = max(power[bin], floor)
        bandLog += log(value)
        band += value
      }
      logSum += bandLog
      sum += band
      let bandFlatness = exp(bandLog / Float(bandBins)) / (band / Float(bandBins))
      let weight = band.squareRoot()
      peaky += weight * max(0, 1 - bandFlatness / noiseBandFlatness)
      weights += weight
    }
    let bins = Float(power.count - 1)
    return (min(1, exp(logSum / bins) / (sum / bins)), peaky / weights)
  }
}
