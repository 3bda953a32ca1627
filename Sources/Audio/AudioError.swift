/// Why audio could not be read, converted or written.
public enum AudioError: Error, Equatable, Sendable {
  case missing(path: String)
  case notPermitted(path: String)
  case notAFile(path: String)
  case unreadable(path: String, reason: String)
  /// `reason` is what libsndfile says about the content.
  case notAudio(path: String, reason: String)
  case empty(path: String)
  case channelCount(path: String, channels: Int)
  case sampleRate(path: String, rate: Int)
  /// A sample that is not a number, infinite, or beyond ``AudioReader/largestAmplitude``; `frame` counts from 0.
  case unusableSample(path: String, frame: Int, value: Float)
  case cannotSeek(path: String, frame: Int)
  case endsBefore(path: String, frame: Int)
  case resampling(from: Int, to: Int, reason: String)
  case tooLong(path: String, seconds: Double)
  case diskFull(path: String)
  case notWritten(path: String, reason: String)
}

extension AudioError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file. Check the path."
    case .notPermitted(let path): "\(path): permission denied. Change the permissions, or run as its owner."
    case .notAFile(let path): "\(path): not a regular file. Give the path of an audio file."
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
    case .notAudio(let path, let reason):
      "\(path): not audio, or damaged: \(reason). Give wav, flac, ogg or mp3."
    case .empty(let path): "\(path): holds no samples. Remove it, or record it again."
    case .channelCount(let path, let channels):
      "\(path): \(channels) channels; 1 to \(AudioReader.mostChannels) are read. Mix it down first."
    case .sampleRate(let path, let rate):
      "\(path): a sample rate of \(rate) Hz; \(AudioReader.sampleRates.lowerBound) to "
        + "\(AudioReader.sampleRates.upperBound) Hz are read. Convert it first."
    case .unusableSample(let path, let frame, let value):
      "\(path): frame \(frame) is \(value), which is no amplitude. Convert it again from its source."
    case .cannotSeek(let path, let frame):
      "\(path): cannot be read from frame \(frame) on. Convert it to wav or flac."
    case .endsBefore(let path, let frame): "\(path): ends before frame \(frame). Ask for an earlier part."
    case .resampling(let from, let to, let reason): "resampling from \(from) to \(to) Hz: \(reason)."
    case .tooLong(let path, let seconds):
      "\(path): \(seconds) seconds do not fit in a WAV file of 4 GiB. Write it in parts."
    case .diskFull(let path): "\(path): no space left on the device. Free some space and run the command again."
    case .notWritten(let path, let reason): "\(path): cannot be written: \(reason)."
    }
  }
}
