/// Mono samples, nominally in -1...1, at `sampleRate` Hz.
public struct Waveform: Sendable, Equatable {
  /// The rate of every waveform past the resampler, Hz.
  public static let modelRate = 16_000

  /// Amplitudes in order of time; 1 is full scale.
  public var samples: [Float]
  /// Samples per second, Hz.
  public var sampleRate: Int

  /// A waveform of `samples` played at `sampleRate` Hz.
  public init(samples: [Float], sampleRate: Int) {
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// The duration in seconds; 0 where the rate is not positive.
  public var seconds: Double {
    sampleRate > 0 ? Double(samples.count) / Double(sampleRate) : 0
  }
}
