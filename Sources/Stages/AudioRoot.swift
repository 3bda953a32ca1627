import Audio
import Foundation
import Store

/// Where a run's audio files are.
struct AudioRoot: Sendable {
  let path: String

  /// Under which name the store remembers the folder.
  static let setting = "audio"
  /// What stands there where sounds were not looked for.
  static let noSounds = "none"

  init(path: String) {
    self.path = path
  }

  /// The folder of the last scan, or `folder` in its place.
  init(_ store: RunStore, movedTo folder: String? = nil) throws {
    guard let scanned = try store.setting(Self.setting) else { throw StagesError.notScanned(store.path) }
    guard scanned != Self.noSounds else { throw StagesError.noSounds(store.path) }
    path = folder.map(Self.absolute) ?? scanned
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isThere && isFolder.boolValue else {
      if folder == nil { throw StagesError.audioMoved(path) }
      throw isThere ? StagesError.audioIsNoFolder(path) : StagesError.noAudioFolder(path)
    }
  }

  func remember(in store: RunStore) throws(StoreError) {
    try store.set(Self.setting, to: path)
  }

  func file(_ relative: String) -> String {
    path == "/" ? path + relative : path + "/" + relative
  }

  /// A clip's samples, mono at 16 kHz. Throws where they are no longer those that the scan found.
  func waveform(of clip: ClipRecord) throws -> Waveform {
    try Resampler().resample(decoded(clip), to: Waveform.modelRate)
  }

  /// A clip's samples, mono at its file's own rate. Throws where they are no longer those that the scan found.
  func decoded(_ clip: ClipRecord) throws -> Waveform {
    let path = file(clip.path)
    var decoded = try AudioReader.decode(path: path, fromFrame: clip.startFrame, frames: clip.frames)
    // After a jump, libmpg123 may be off by the last bit of a few samples; the scan read from the start.
    if SampleHash.hexadecimal(of: decoded) != clip.sha256 && clip.startFrame > 0 {
      decoded = try Self.decodeWithoutJump(path, fromFrame: clip.startFrame, frames: clip.frames)
    }
    guard SampleHash.hexadecimal(of: decoded) == clip.sha256 else { throw StagesError.audioChanged(path) }
    return decoded
  }

  private static func decodeWithoutJump(_ path: String, fromFrame: Int, frames: Int) throws(AudioError) -> Waveform {
    var reader = try AudioReader(path: path)
    var left = fromFrame
    while left > 0 {
      let block = try reader.readMono(atMost: min(left, 1 << 13))
      guard !block.isEmpty else { throw .endsBefore(path: path, frame: fromFrame) }
      left -= block.count
    }
    return Waveform(samples: try reader.readMono(atMost: frames), sampleRate: reader.sampleRate)
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
