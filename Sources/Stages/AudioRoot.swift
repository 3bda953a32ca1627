import Audio
import Foundation
import Store

/// Where a run's audio files are.
struct AudioRoot: Sendable {
  let path: String

  /// Under which name the store remembers the folder.
  static let setting = "audio"

  init(path: String) {
    self.path = path
  }

  /// The folder of the last scan.
  init(_ store: RunStore) throws {
    path = try store.setting(Self.setting) ?? ""
    guard FileManager.default.fileExists(atPath: path) else { throw StagesError.audioMoved(path) }
  }

  func remember(in store: RunStore) throws(StoreError) {
    try store.set(Self.setting, to: path)
  }

  func file(_ relative: String) -> String {
    path + "/" + relative
  }

  /// A clip's samples, mono at 16 kHz.
  func waveform(of clip: ClipRecord) throws(AudioError) -> Waveform {
    let decoded = try AudioReader.decode(path: file(clip.path), fromFrame: clip.startFrame, frames: clip.frames)
    return try Resampler().resample(decoded, to: Waveform.modelRate)
  }
}

extension AudioRoot {
  /// The one spelling of a folder's path, links resolved; of one that is not there, the path as given, made absolute.
  static func absolute(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
