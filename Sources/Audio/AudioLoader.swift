import Synchronization

/// A sound as the policy hears it.
public struct LoadedAudio: Sendable, Equatable {
  /// Mono, 16 kHz.
  public var samples: [Float]
  /// Names the samples: equal ones have equal keys, wherever they came from.
  public var key: String
  /// Whether the sound is longer than the model hears, and this is its beginning.
  public var isCut = false
}

/// Reads sounds from their files: mixed to mono, resampled to 16 kHz, no longer than the model hears.
///
/// What was read stays in memory as long as there is room, as epochs come back to it. May be used from several threads.
public final class AudioLoader: Sendable {
  private struct State {
    var kept: [AudioReference: LoadedAudio] = [:]
    var room: Int
    var cut: Set<AudioReference> = []
  }

  /// The longest sound that the model takes in one piece, in samples at 16 kHz.
  public let maximumSamples: Int
  private let state: Mutex<State>

  /// `memory` is what sounds may take in memory, in bytes.
  public init(maximumSamples: Int, memory: Int = 1 << 30) {
    precondition(maximumSamples > 0, "a model hears at least one sample")
    self.maximumSamples = maximumSamples
    state = Mutex(State(room: memory))
  }

  /// How many sounds were longer than the model hears, and are cut to their beginning.
  public var cutCount: Int { state.withLock { $0.cut.count } }

  public func load(_ reference: AudioReference) throws(AudioError) -> LoadedAudio {
    if let kept = state.withLock({ $0.kept[reference] }) { return kept }
    var samples = try decode(reference)
    let isCut = samples.count > maximumSamples
    if isCut { samples.removeLast(samples.count - maximumSamples) }
    if reference.isSilenced { samples = [Float](repeating: 0, count: samples.count) }
    let loaded = LoadedAudio(
      samples: samples,
      key: String(SampleHash.hexadecimal(of: Waveform(samples: samples, sampleRate: Waveform.modelRate)).prefix(32)),
      isCut: isCut)
    state.withLock { state in
      if isCut { state.cut.insert(reference) }
      let size = samples.count * MemoryLayout<Float>.stride
      guard size <= state.room, state.kept.updateValue(loaded, forKey: reference) == nil else { return }
      state.room -= size
    }
    return loaded
  }

  private func decode(_ reference: AudioReference) throws(AudioError) -> [Float] {
    // A second more than can be heard, so that the resampler sees what comes after the cut.
    let limit = Double(maximumSamples) / Double(Waveform.modelRate) + 1
    let seconds = min(reference.duration ?? limit, limit)
    let waveform: Waveform
    if let start = reference.start, start > 0 {
      let rate = Double(try AudioReader(path: reference.path).sampleRate)
      guard let first = Int(exactly: (start * rate).rounded()) else {
        throw .endsBefore(path: reference.path, frame: Int.max)
      }
      waveform = try AudioReader.decode(
        path: reference.path, fromFrame: first, frames: max(1, Int((seconds * rate).rounded())))
    } else {
      waveform = try AudioReader.decode(path: reference.path, maximumSeconds: seconds)
    }
    return try Resampler().resample(waveform, to: Waveform.modelRate).samples
  }
}
