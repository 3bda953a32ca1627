import Audio

/// Why a clip got no caption.
public enum CaptioningError: Error, Equatable, CustomStringConvertible {
  /// The waveform has no samples.
  case noSamples(clip: String)
  /// The waveform is not at `Waveform.modelRate`; `rate` is what it has, Hz.
  case wrongRate(clip: String, rate: Int)
  /// A measurement is not a finite number.
  case notMeasurable(clip: String)
  /// The manifest has no text for the clip in `column`.
  case noCaption(clip: String, column: String)

  public var description: String {
    switch self {
    case .noSamples(let clip):
      "\(clip): the clip has no samples. Check the audio file."
    case .wrongRate(let clip, let rate):
      "\(clip): the samples are at \(rate) Hz. Resample them to \(Waveform.modelRate) Hz first."
    case .notMeasurable(let clip):
      "\(clip): a measurement is not a finite number. Check the audio file for damaged samples."
    case .noCaption(let clip, let column):
      "\(clip): the manifest has no caption in column '\(column)'. Fill the column in or choose another captioner."
    }
  }
}
