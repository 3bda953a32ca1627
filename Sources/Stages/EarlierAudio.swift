import Audio
import Dataset
import Foundation
import Store

/// Exports made before, whose audio need not be decoded again.
public struct EarlierAudio: Sendable {
  private let folders: [String]
  private let isLinked: Bool

  /// Exports of one run, in its own folder: they share their files.
  public static func linked(_ folders: [String]) -> EarlierAudio {
    EarlierAudio(folders: folders, isLinked: true)
  }

  /// Files are copied, so that what happens to one export does not happen to another.
  public static func copied(_ folders: [String]) -> EarlierAudio {
    EarlierAudio(folders: folders, isLinked: false)
  }

  /// The same, its files shared wherever the file system can: for what is removed again.
  var linked: EarlierAudio { .linked(folders) }

  /// Puts the file `name` of an export, which holds `clip`, at `path`. False where no earlier export has all of it.
  func take(_ name: String, of clip: ClipRecord, to path: String) throws(StagesError) -> Bool {
    for folder in folders where Self.isWhole("\(folder)/\(name)", seconds: clip.seconds) {
      if isLinked && link("\(folder)/\(name)", path) == 0 { return true }
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")) else { continue }
      let file = try LineFile(path: path)
      try file.append(bytes)
      try file.close()
      return true
    }
    return false
  }

  /// Whether the file is one as exports have them, WAV or FLAC by its name, and of this length to a sample.
  static func isWhole(_ path: String, seconds: Double) -> Bool {
    path.hasSuffix(".flac") ? isWholeFLAC(path, seconds) : isWholeWAV(path, seconds)
  }

  /// Its end is where its header has it.
  private static func isWholeFLAC(_ path: String, _ seconds: Double) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let file = try? FLACFile(path: path) else {
      return false
    }
    return (file.sampleRate, file.channels, file.bits) == (Waveform.modelRate, 1, 16)
      && abs(Double(file.frames) - seconds * Double(Waveform.modelRate)) <= 1
  }

  /// Its header is true to its size.
  private static func isWholeWAV(_ path: String, _ seconds: Double) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var expected = WAVWriter.encode(Waveform(samples: [], sampleRate: Waveform.modelRate))
    var header = [UInt8](repeating: 0, count: expected.count)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      read(descriptor, &header, header.count) == header.count
    else { return false }
    let dataBytes = Int(status.st_size) - header.count
    guard dataBytes % 2 == 0, abs(Double(dataBytes / 2) - seconds * Double(Waveform.modelRate)) <= 1 else {
      return false
    }
    expected.replaceSubrange(4..<8, with: littleEndian(dataBytes + 36))
    expected.replaceSubrange(40..<44, with: littleEndian(dataBytes))
    return header == expected
  }

  private static func littleEndian(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(clamping: value).littleEndian) { Array($0) }
  }
}
