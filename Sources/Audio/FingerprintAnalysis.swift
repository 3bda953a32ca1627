import Foundation

extension AudioFingerprint {
  /// The fingerprint of mono samples at any rate; one that tells nothing where they are shorter than 0.4 s.
  ///
  /// Uses no threads, and at most about as much memory again as the samples take. Throws what resampling throws.
  public init(_ waveform: Waveform) throws(AudioError) {
    let resampled = try Resampler().resample(waveform, to: FingerprintAnalysis.rate)
    var analysis = FingerprintAnalysis()
    self.init(frames: analysis.frames(of: resampled.samples))
  }
}

/// Turns samples at 8 kHz into frames of signs.
struct FingerprintAnalysis {
  /// Hz. All that is looked at lies below half of it, so that a copy at 8 kHz has all of it too.
  static let rate = 8000
  /// Samples in a window: 256 ms, eight steps. The offset of a copy's frames, half a step at most, then changes little.
  static let windowSize = 2048
  static let step = 256
  /// Steps between the two frames whose difference counts.
  static let lag = 4
  static let bandCount = AudioFingerprint.signsPerFrame + 1
  /// Hz of the bands' edges, equally spaced on a logarithmic scale. Resamplers and coders of 8 kHz files cut above.
  static let bandRange = 250.0...3500.0

  // Found by measurement (docs/fingerprint.md).
  /// A change by a smaller factor of power (2.2 dB) is none.
  private static let change: Float = 1.6487
  /// What lies this far below the loudest band of the frames around is what a coder may make of it what it likes: -30 dB.
  private static let maskedPower: Float = 1e-3
  /// And so is what lies this far below the clip's loud frames: -50 dB.
  private static let quietPower: Float = 1e-5
  /// Mean square of -90 dBFS in a band: below it are the steps of 16-bit samples and their dither.
  private static let leastPower: Float = 1e-9

  private let bands = BandEdges()
  private let window: [Float]
  private var fft = RealFFT(size: windowSize)
  private var real = [Float](repeating: 0, count: windowSize / 2 + 1)
  private var imaginary = [Float](repeating: 0, count: windowSize / 2 + 1)
  private var frame = [Float](repeating: 0, count: windowSize)

  init() {
    let hann = (0..<Self.windowSize).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(Self.windowSize)) }
    // Scaled so that the powers of all bins but the first add up to the mean square of a steady sound.
    let scale = (2 / (Double(Self.windowSize) * hann.reduce(0) { $0 + $1 * $1 })).squareRoot()
    window = hann.map { Float($0 * scale) }
  }

  /// One for each step at which a whole window and one `lag` steps later lie within the samples.
  mutating func frames(of samples: [Float]) -> [UInt64] {
    let count = samples.count < Self.windowSize ? 0 : (samples.count - Self.windowSize) / Self.step + 1
    guard count > Self.lag else { return [] }
    let powers = powers(of: samples, count: count)
    let floors = Self.floors(of: powers, count: count)
    return (0..<count - Self.lag).map { index in
      Self.signs(powers, from: index, to: index + Self.lag, floor: max(floors[index], floors[index + Self.lag]))
    }
  }

  /// `[count, bands]`: the power in each band of each window, as mean squares of the samples.
  private mutating func powers(of samples: [Float], count: Int) -> [Float] {
    var powers = [Float](repeating: 0, count: count * Self.bandCount)
    for index in 0..<count {
      let start = index * Self.step
      for offset in 0..<Self.windowSize { frame[offset] = samples[start + offset] * window[offset] }
      fft.transform(frame, real: &real, imaginary: &imaginary)
      for bin in bands.bins { real[bin] = real[bin] * real[bin] + imaginary[bin] * imaginary[bin] }
      for band in 0..<Self.bandCount { powers[index * Self.bandCount + band] = bands.sum(real, band: band) }
    }
    return powers
  }

  /// For each window, what its bands' powers have to be above to count.
  private static func floors(of powers: [Float], count: Int) -> [Float] {
    let bands = (0..<count).map { powers[$0 * bandCount..<($0 + 1) * bandCount] }
    let loudest = bands.map { $0.max() ?? 0 }
    let means = bands.map { $0.reduce(0, +) / Float(bandCount) }.sorted()
    let quiet = leastPower + quietPower * means[(count - 1) * 95 / 100]
    return (0..<count).map { index in
      let around = max(0, index - lag)...min(count - 1, index + lag)
      return quiet + maskedPower * (loudest[around].max() ?? 0)
    }
  }

  /// The signs of the bands' changes from window `earlier` to window `later`.
  private static func signs(_ powers: [Float], from earlier: Int, to later: Int, floor: Float) -> UInt64 {
    var signs: UInt64 = 0
    var (earlierBelow, laterBelow): (Float, Float) = (1, 1)
    for band in 0..<bandCount {
      let (earlierHere, laterHere) = (
        powers[earlier * bandCount + band] + floor, powers[later * bandCount + band] + floor
      )
      // The upper band's gain over the lower one's, as products: logarithms would take longer than the transform.
      let (up, down) = (laterHere * earlierBelow, laterBelow * earlierHere)
      if band > 0 {
        if up > change * down { signs |= 1 << UInt64(band - 1) }
        if down > change * up { signs |= 1 << UInt64(band - 1 + AudioFingerprint.signsPerFrame) }
      }
      (earlierBelow, laterBelow) = (earlierHere, laterHere)
    }
    return signs
  }
}

/// Which bins of a spectrum make up each band, those at an edge in parts.
private struct BandEdges {
  /// All that some band has a part of.
  let bins: Range<Int>
  private let parts: [(first: Int, weights: [Float])]

  init() {
    let (count, range) = (FingerprintAnalysis.bandCount, FingerprintAnalysis.bandRange)
    let binHz = Double(FingerprintAnalysis.rate) / Double(FingerprintAnalysis.windowSize)
    let edges = (0...count).map { index in
      range.lowerBound * pow(range.upperBound / range.lowerBound, Double(index) / Double(count)) / binHz
    }
    parts = zip(edges, edges.dropFirst()).map { low, high in
      let bins = Int(low.rounded())...Int(high.rounded())
      return (bins.lowerBound, bins.map { Float(max(0, min(Double($0) + 0.5, high) - max(Double($0) - 0.5, low))) })
    }
    bins = (parts.first?.first ?? 0)..<(parts.last.map { $0.first + $0.weights.count } ?? 0)
  }

  func sum(_ power: [Float], band: Int) -> Float {
    let part = parts[band]
    var sum: Float = 0
    for (offset, weight) in part.weights.enumerated() { sum += weight * power[part.first + offset] }
    return sum
  }
}
