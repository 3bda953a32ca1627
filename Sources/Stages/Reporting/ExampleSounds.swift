import Audio
import Store
import Synchronization

/// The sounds that a page plays, each cut to its first seconds, and so many that the page stays small.
final class ExampleSounds: Sendable {
  /// Seconds of each.
  private static let longest = 6.0
  /// Bytes of all; a page has a third more of them.
  private static let mostBytes = 12 << 20
  private let root: AudioRoot?
  private let used = Mutex(0)

  /// Without a root nothing is played.
  init(root: AudioRoot?) {
    self.root = root
  }

  /// A WAV file of 16 kHz; nil where the clip cannot be read, or the page holds enough.
  func sound(of clip: ClipRecord) -> [UInt8]? {
    guard let root, var waveform = try? root.waveform(of: clip) else { return nil }
    waveform.samples.removeLast(max(0, waveform.samples.count - Int(Self.longest * Double(waveform.sampleRate))))
    let file = WAVWriter.encode(waveform)
    return used.withLock { bytes in
      guard bytes + file.count <= Self.mostBytes else { return nil }
      bytes += file.count
      return file
    }
  }
}
