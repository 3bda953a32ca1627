import Foundation

/// Power spectra of a clip, one for each block of ``Loudness``, visited one after the other without being kept.
struct Spectrogram {
  /// Samples in a window: 64 ms, so that harmonics 60 Hz apart can be told from noise.
  static let windowSize = 1024
  static let binCount = windowSize / 2 + 1
  static let binHz = Double(Waveform.modelRate) / Double(windowSize)

  private let window: [Float]
  private var fft: RealFFT
  private var real = [Float](repeating: 0, count: binCount)
  private var imaginary = [Float](repeating: 0, count: binCount)
  private var power = [Float](repeating: 0, count: binCount)
  private var frame = [Float](repeating: 0, count: windowSize)

  init() {
    fft = RealFFT(size: Self.windowSize)
    let hann = (0..<Self.windowSize).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(Self.windowSize)) }
    // Scaled so that the powers of all bins but the first add up to the mean square of a steady sound.
    let scale = (2 / (Double(Self.windowSize) * hann.reduce(0) { $0 + $1 * $1 })).squareRoot()
    window = hann.map { Float($0 * scale) }
  }

  /// Calls `body` with the number of a block and the power spectrum around its middle, zeros beyond the clip's ends.
  mutating func visit(_ samples: [Float], blocks: Int, _ body: (Int, UnsafeBufferPointer<Float>) -> Void) {
    for block in 0..<blocks {
      let start = block * Loudness.blockSize + Loudness.blockSize / 2 - Self.windowSize / 2
      samples.copy(from: start, count: Self.windowSize, into: &frame)
      for index in 0..<Self.windowSize { frame[index] *= window[index] }
      fft.transform(frame, real: &real, imaginary: &imaginary)
      for bin in 0..<Self.binCount { power[bin] = real[bin] * real[bin] + imaginary[bin] * imaginary[bin] }
      power.withUnsafeBufferPointer { body(block, $0) }
    }
  }
}

extension [Float] {
  /// Copies `count` samples from `start`, which may lie outside, with zeros beyond both ends.
  func copy(from start: Int, count: Int, into frame: inout [Float]) {
    let inside = Swift.max(0, start)..<Swift.max(0, start, Swift.min(self.count, start + count))
    for index in 0..<count { frame[index] = 0 }
    for index in inside { frame[index - start] = self[index] }
  }
}
