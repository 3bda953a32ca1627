public import Audio

/// What a model gets to hear.
public struct Sound: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case recorded
    /// Zeros of the recording's length.
    case silence
    /// White noise of the recording's length, the same for the same seed.
    case noise(seed: UInt64)
  }

  public var reference: AudioReference
  public var content: Content

  public init(_ reference: AudioReference, content: Content = .recorded) {
    self.reference = reference
    self.content = content
  }
}

/// Reads sounds as a model hears them: mono, 16 kHz, cut to what it hears. May be used from several threads.
public final class SoundReader: Sendable {
  private let loader: AudioLoader

  /// `maximumSamples` is the longest sound that is heard, in samples at 16 kHz.
  public init(maximumSamples: Int) {
    loader = AudioLoader(maximumSamples: maximumSamples, memory: 512 << 20)
  }

  /// The samples of a sound, and whether it is longer than them. Silence and noise need the recording too: it has to
  /// be one that can be read, and its length is theirs.
  public func read(_ sound: Sound) throws(AudioError) -> (samples: [Float], isCut: Bool) {
    let recorded = try loader.load(sound.reference)
    let samples =
      switch sound.content {
      case .recorded: recorded.samples
      case .silence: [Float](repeating: 0, count: recorded.samples.count)
      case .noise(let seed): whiteNoise(count: recorded.samples.count, seed: seed)
      }
    return (samples, recorded.isCut)
  }
}

/// Uniform noise of -26 dB below full scale (RMS 0.05), the level at which speech is tested (ITU-T P.56, P.830).
func whiteNoise(count: Int, seed: UInt64) -> [Float] {
  var random = SplitMix64(seed: seed)
  let reach = 0.05 * 3.0.squareRoot()
  return (0..<count).map { _ in Float(random.uniform(-reach...reach)) }
}
