import Foundation

/// How much is new in each block: the rise of its spectrum, in bands spaced as the ear hears them, since 20 ms before
/// (spectral flux as in Böck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013, without
/// the filter).
struct OnsetStrength {
  private static let bands = 24
  /// Blocks back to the spectrum compared with: 20 ms, in which a soft attack has risen enough to be seen.
  private static let lag = 2
  /// Blocks on each side over which the usual rise is taken.
  private static let meanReach = 15
  /// Powers this far below the loudest block are nothing.
  private static let rangeDB: Float = 50

  private let bandOfBin: [Int]
  private let floor: Float
  /// Logarithms of the bands' powers of the last `lag` blocks.
  private var recent: [[Float]]
  /// For each block, mean rise of the bands, in powers of ten.
  private(set) var values: [Float] = []

  init(_ loudness: Loudness) {
    func mel(_ hertz: Double) -> Double { log(1 + hertz / 700) }
    let top = mel(Double(Waveform.modelRate) / 2)
    bandOfBin = (0..<Spectrogram.binCount).map { bin in
      min(Self.bands - 1, Int(Double(Self.bands) * mel(Double(bin) * Spectrogram.binHz) / top))
    }
    let loudest = loudness.levels.max() ?? -120
    floor = pow(10, (max(loudest, Loudness.silenceFloorDBFS) - Self.rangeDB) / 10) / Float(Self.bands)
    // Before the clip there is silence.
    recent = [[Float]](repeating: [Float](repeating: log10(floor), count: Self.bands), count: Self.lag)
  }

  /// Takes in the power spectrum of the next block.
  mutating func add(_ power: UnsafeBufferPointer<Float>) {
    var bands = [Float](repeating: floor, count: Self.bands)
    for bin in 1..<power.count { bands[bandOfBin[bin]] += power[bin] }
    for band in bands.indices { bands[band] = log10(bands[band]) }
    values.append(zip(bands, recent[0]).reduce(0) { $0 + max(0, $1.0 - $1.1) } / Float(Self.bands))
    recent.removeFirst()
    recent.append(bands)
  }

  /// `values` beyond their mean over 300 ms around, which is what noise and wavering reach all the time.
  var novelty: [Float] {
    var sums: [Float] = [0]
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return values.indices.map { index in
      let around = max(0, index - Self.meanReach)..<min(values.count, index + Self.meanReach + 1)
      return max(0, values[index] - (sums[around.upperBound] - sums[around.lowerBound]) / Float(around.count))
    }
  }
}
