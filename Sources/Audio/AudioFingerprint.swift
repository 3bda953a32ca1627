/// What a recording sounds like in 250 bytes a second: equal in most places after re-encoding, resampling, a change of
/// gain or a cut, and unrelated for different recordings.
///
/// A frame every 32 ms has 32 signs, one for each pair of neighbours among 33 bands from 250 to 3500 Hz: whether the
/// upper one gained on the lower one within 128 ms, lost to it, or neither. Haitsma and Kalker ("A Highly Robust Audio
/// Fingerprinting System", ISMIR 2002) take the sign of that difference whatever its size. The third state is what
/// makes quiet and steady sounds say nothing, where a mere sign would be decided by the coder's noise.
public struct AudioFingerprint: Sendable, Equatable {
  /// Changes with every change of what is computed.
  public static let version = 1
  /// Seconds from one frame to the next.
  public static let frameSeconds = 0.032
  /// Bytes that are stored for a second of sound.
  public static let bytesPerSecond = 250.0
  static let signsPerFrame = 32

  /// Bit i of a frame is set where sign i is +, bit 32 + i where it is -.
  let frames: [UInt64]
  /// How much the recording tells: the stretches of equal signs, counted over all bands. Speech, music and animals
  /// have 50 to 150 in a second, steady hum and silence none.
  public let information: Int

  /// That of no sound.
  public static let empty = AudioFingerprint(frames: [])

  init(frames: [UInt64]) {
    self.frames = frames
    information = Self.information(of: frames[...])
  }

  /// Whether there is enough to tell the recording from others: a second of frames that say something.
  ///
  /// What does not tell enough matches nothing, not even itself.
  public var tellsEnough: Bool {
    frames.count >= FingerprintMatch.fewestFrames && information >= FingerprintMatch.leastInformation
  }

  /// Seconds of sound that the frames were made of.
  public var seconds: Double { Self.seconds(frames: frames.count) }

  static func seconds(frames: Int) -> Double {
    guard frames > 0 else { return 0 }
    return Double(frames + FingerprintAnalysis.lag - 1) * frameSeconds
      + Double(FingerprintAnalysis.windowSize) / Double(FingerprintAnalysis.rate)
  }

  static func information(of frames: ArraySlice<UInt64>) -> Int {
    var before: UInt64 = 0
    var count = 0
    for frame in frames {
      count += (frame & ~before).nonzeroBitCount
      before = frame
    }
    return count
  }
}

// MARK: - Storage

extension AudioFingerprint {
  /// The frames as 64-bit little-endian integers, as they are stored.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * frames.count)
    for frame in frames { withUnsafeBytes(of: frame.littleEndian) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// The fingerprint whose `bytes` these are; nil where they are none: a part of a frame, or a sign that is both.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count % 8 == 0 else { return nil }
    let frames = Array(bytes).withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: 8).map {
        UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
    guard frames.allSatisfy({ $0 & ($0 >> 32) == 0 }) else { return nil }
    self.init(frames: frames)
  }
}
