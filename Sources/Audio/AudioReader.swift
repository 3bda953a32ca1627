/// Reads an audio file from front to back as mono float32, in memory that does not grow with the file.
///
/// Every format of libsndfile is read: wav (PCM, float, A-law, mu-law, ADPCM, MP3 inside), flac, ogg, mp3, aiff and
/// more.
public struct AudioReader: ~Copyable {
  /// More channels than this are refused.
  public static let mostChannels = 64
  /// Sample rates outside of this are refused, Hz.
  public static let sampleRates = 100...1_000_000
  /// Samples beyond this are refused: 1 is full scale, float files scaled like 16-bit integers reach 32,768.
  public static let largestAmplitude: Float = 1_000_000

  /// The path given, which every error of this reader names.
  public let path: String
  /// Frames per second, Hz.
  public let sampleRate: Int
  /// Channels in the file; what is read is their mean.
  public let channels: Int
  /// Frames as the header says: a file that was cut off holds fewer, and `Int.max` stands for a stream of unknown
  /// length.
  public let frames: Int
  /// The container and encoding: "WAV, 16-bit PCM".
  public let format: String

  private let file: AudioFile
  var position = 0
  private var block: [Float]

  private static let blockFrames = 8192

  /// Opens `path` and reads its header. Throws for a file that is missing, forbidden, no audio, empty, or has a layout
  /// outside of the bounds above.
  public init(path: String) throws(AudioError) {
    let file = try AudioFile(path: path)
    guard (1...Self.mostChannels).contains(file.channels) else {
      throw .channelCount(path: path, channels: file.channels)
    }
    guard Self.sampleRates.contains(file.sampleRate) else { throw .sampleRate(path: path, rate: file.sampleRate) }
    guard file.frames > 0 else { throw .empty(path: path) }
    self.path = path
    sampleRate = file.sampleRate
    channels = file.channels
    frames = file.frames
    format = formatName(file.format)
    block = [Float](repeating: 0, count: Self.blockFrames * channels)
    self.file = file
  }

  /// The next frames, at most `frames` of them; empty at the end of the file and where the rest of it is damaged.
  ///
  /// A sample is the mean of its channels. Throws where one is not finite or beyond ``largestAmplitude``.
  public mutating func readMono(atMost frames: Int) throws(AudioError) -> [Float] {
    var mono: [Float] = []
    // The header's count is only a hint: a header that lies must not cost memory.
    mono.reserveCapacity(max(0, min(frames, self.frames - position, 1 << 20)))
    while mono.count < frames {
      let wanted = min(frames - mono.count, Self.blockFrames)
      let got = block.withUnsafeMutableBufferPointer { file.read(into: $0, frames: wanted) }
      guard got > 0 else { break }
      mixDown(frames: got, onto: &mono)
      position += got
    }
    try check(mono)
    return mono
  }

  /// Makes `frame`, counted from 0, the next one to be read. Throws where the file has no such frame or cannot jump.
  ///
  /// Ogg files are read from the start for a jump back and from the current frame for a jump ahead, so windows are best
  /// taken in order of time, with one reader.
  public mutating func seek(toFrame frame: Int) throws(AudioError) {
    guard frame >= 0, frame < frames else { throw .endsBefore(path: path, frame: frame) }
    guard frame != position else { return }
    let landing = max(0, frame - file.framesBeforeJump)
    if !(landing...frame).contains(position) {
      guard file.seek(toFrame: landing) == landing else { throw .cannotSeek(path: path, frame: frame) }
      position = landing
    }
    while position < frame {
      let wanted = min(frame - position, Self.blockFrames)
      let got = block.withUnsafeMutableBufferPointer { file.read(into: $0, frames: wanted) }
      guard got > 0 else { throw .endsBefore(path: path, frame: frame) }
      position += got
    }
  }

  /// Appends the mean of the channels of the first `frames` frames of the block.
  private func mixDown(frames: Int, onto mono: inout [Float]) {
    switch channels {
    case 1: mono.append(contentsOf: block[0..<frames])
    case 2:
      mono.append(addingCapacity: frames) { out in
        let block = block.span
        for frame in 0..<frames { out.append((block[2 * frame] + block[2 * frame + 1]) * 0.5) }
      }
    default:
      let share = 1 / Float(channels)
      for frame in 0..<frames {
        var sum: Float = 0
        for sample in block[(frame * channels)..<((frame + 1) * channels)] { sum += sample }
        mono.append(sum * share)
      }
    }
  }

  /// Throws for the first of the samples just read that is no amplitude.
  private func check(_ mono: [Float]) throws(AudioError) {
    // Bit patterns of positive floats have the order of the floats, and those of infinity and NaN come last; the
    // largest integer is found with SIMD, the largest float is not.
    var largest: UInt32 = 0
    for sample in mono { largest = max(largest, sample.magnitude.bitPattern) }
    guard largest > Self.largestAmplitude.bitPattern else { return }
    let index = mono.firstIndex { !($0.magnitude <= Self.largestAmplitude) } ?? 0
    throw .unusableSample(path: path, frame: position - mono.count + index, value: mono[index])
  }
}
