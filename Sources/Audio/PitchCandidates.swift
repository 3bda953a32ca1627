import Foundation

/// Finds the periods that a stretch of sound might have, by the normalised autocorrelation of McLeod and Wyvill, "A
/// smarter way to find pitch" (ICMC 2005), section 4.
struct PitchCandidates {
  struct Candidate {
    let hertz: Float
    /// The autocorrelation at one period, 1 for a perfectly periodic sound.
    let clarity: Float

    /// Clarity with the advantage that a period has over its multiples, which fit a steady sound just as well
    /// (Boersma, "Accurate short-term analysis of the fundamental frequency", 1993, equation 24).
    var strength: Float { clarity + PitchCandidates.octaveAdvantage * log2(hertz / PitchCandidates.lowestHz) }
  }

  /// How long a stretch is looked at, and what is looked for in it.
  struct Scale {
    /// Samples in the window.
    let windowSize: Int
    /// Samples in the longest period.
    let longestLag: Int
    /// A pitch has to last this many samples: hissing and single resonances of a voice repeat themselves for a period
    /// or two only.
    let memory: Float
    /// Less clear periods are not worth a look.
    let leastClarity: Float

    /// 64 ms, 2.5 periods of 40 Hz; the sound is still the same 4 ms later. White noise reaches a clarity of 0.2.
    static let steady = Scale(
      windowSize: 1024, longestLag: Int(Float(Waveform.modelRate) / lowestHz),
      memory: Float(Waveform.modelRate) * 0.004, leastClarity: 0.3)
    /// 24 ms from 200 Hz on, for sirens and birds whose pitch changes by an octave in 100 ms, so that one period is the
    /// only one like it; hissing is less clear than 0.85.
    static let gliding = Scale(
      windowSize: 384, longestLag: Waveform.modelRate / 200, memory: 0, leastClarity: 0.85)
  }

  /// Five times Boersma's octave cost: recordings are less clean than his voices, and double periods come with creaking
  /// voices and with notes that ring on.
  private static let octaveAdvantage: Float = 0.05
  /// Lowest pitch looked for: the open E string of a bass is 41 Hz.
  static let lowestHz: Float = 40
  /// Periods kept for each frame.
  private static let mostCandidates = 5

  private let scale: Scale
  /// Large enough for the window and the longest period, so that no lag wraps around.
  private let transformSize: Int
  private var fft: RealFFT
  private var frame: [Float]
  private var real: [Float]
  private var imaginary: [Float]
  private var similarity: [Float]

  init(_ scale: Scale) {
    self.scale = scale
    var size = 32
    while size < scale.windowSize + scale.longestLag + 2 { size *= 2 }
    transformSize = size
    fft = RealFFT(size: size)
    frame = [Float](repeating: 0, count: size)
    real = [Float](repeating: 0, count: size / 2 + 1)
    imaginary = real
    similarity = [Float](repeating: 0, count: scale.longestLag + 2)
  }

  /// Candidates of the window around sample `middle`, the strongest first, at most `mostCandidates`.
  mutating func find(in samples: [Float], around middle: Int) -> [Candidate] {
    samples.copy(from: middle - scale.windowSize / 2, count: scale.windowSize, into: &frame)
    for index in scale.windowSize..<transformSize { frame[index] = 0 }
    let energy = fillSimilarity()
    return energy > 0 ? peaks() : []
  }

  /// Sets `similarity[lag] = 2 sum x[j] x[j + lag] / sum (x[j]^2 + x[j + lag]^2)`; returns the window's energy.
  private mutating func fillSimilarity() -> Float {
    // Squares first: the transform reuses the frame.
    let squares = frame.prefix(scale.windowSize).map { $0 * $0 }
    let energy = squares.reduce(0, +)
    guard energy > 0 else { return 0 }
    fft.transform(frame, real: &real, imaginary: &imaginary)
    let half = transformSize / 2
    for bin in 0...half { frame[bin] = real[bin] * real[bin] + imaginary[bin] * imaginary[bin] }
    for bin in 1..<half { frame[transformSize - bin] = frame[bin] }
    // The spectrum is even: its forward transform is its inverse, times the size.
    fft.transform(frame, real: &real, imaginary: &imaginary)
    var both = 2 * energy
    for lag in similarity.indices {
      let product = real[lag] / Float(transformSize)
      similarity[lag] = both > 1e-5 * energy ? 2 * product / both : 0
      both -= squares[lag] + squares[scale.windowSize - 1 - lag]
    }
    return energy
  }

  /// Local maxima after the first fall below zero.
  private func peaks() -> [Candidate] {
    guard let start = similarity.firstIndex(where: { $0 < 0 }) else { return [] }
    var found: [Candidate] = []
    for lag in max(2, start)..<max(2, start, scale.longestLag) {
      let here = similarity[lag]
      guard here > scale.leastClarity, here >= similarity[lag - 1], here > similarity[lag + 1] else { continue }
      if let candidate = candidate(at: lag), candidate.hertz >= Self.lowestHz { found.append(candidate) }
    }
    return Array(found.sorted { $0.strength > $1.strength }.prefix(Self.mostCandidates))
  }

  /// The candidate whose period is near `lag`, as clear as it still is `memory` later; nil where it is gone by then.
  private func candidate(at lag: Int) -> Candidate? {
    let (offset, height) = top(at: lag)
    let period = Float(lag) + offset
    let multiple = (scale.memory / period).rounded(.up)
    guard multiple > 1 else { return Candidate(hertz: Float(Waveform.modelRate) / period, clarity: min(1, height)) }
    let reach = max(1, Int(period / 4))
    let expected = Int((multiple * period).rounded())
    let places = max(1, expected - reach)...min(similarity.count - 2, expected + reach)
    guard let place = places.max(by: { similarity[$0] < similarity[$1] }), similarity[place] > scale.leastClarity
    else { return nil }
    let (laterOffset, laterHeight) = top(at: place)
    // The longer lag also measures the period more finely.
    let hertz = Float(Waveform.modelRate) * multiple / (Float(place) + laterOffset)
    return Candidate(hertz: hertz, clarity: min(1, height, laterHeight))
  }

  /// Where the top near `lag` lies, in samples from it, and its height, by the cosine through three values: exact for
  /// a tone, however short its period. Where the three are no part of a cosine, by a parabola.
  private func top(at lag: Int) -> (offset: Float, height: Float) {
    let (before, here, after) = (similarity[lag - 1], similarity[lag], similarity[lag + 1])
    let cosine = (before + after) / (2 * here)
    guard cosine < 0.9999, cosine > -0.95 else {
      let curve = before - 2 * here + after
      guard curve < 0 else { return (0, here) }
      let offset = (before - after) / (2 * curve)
      return (offset, here - 0.25 * (before - after) * offset)
    }
    let step = acos(cosine)
    let quadrature = (after - before) / (2 * sin(step))
    return (atan2(quadrature, here) / step, (here * here + quadrature * quadrature).squareRoot())
  }
}
