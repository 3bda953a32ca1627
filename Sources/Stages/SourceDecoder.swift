import Audio
import Dataset
import Pipelines
import Store

/// Decodes a source once, from its first frame to its last, and cuts it into clips as it goes: the whole file, or
/// windows of it. Memory holds one block, however long the file is.
struct SourceDecoder: Sendable {
  /// Seconds of each window; nil for the whole file as one clip.
  var window: Double?
  /// Seconds; what is shorter is not used.
  var shortest: Double
  /// Seconds; a clip that would be longer is not used.
  var longest: Double
  /// A clip with no sample beyond this is silent: -70 dBFS, under the noise of any microphone.
  static let silence: Float = 0.000_316

  // Small enough for the samples to stay in the cache between decoding, hashing and looking for silence.
  private static let blockFrames = 1 << 13

  func decode(_ source: PendingSource, in root: AudioRoot) -> ScannedSource {
    do {
      return try cut(source, try AudioReader(path: root.file(source.path)))
    } catch {
      return ScannedSource(id: source.id, rejection: Rejection(code: Self.code(error).rawValue, detail: "\(error)"))
    }
  }

  private func cut(_ source: PendingSource, _ opened: consuming AudioReader) throws(AudioError) -> ScannedSource {
    var reader = opened
    var result = ScannedSource(id: source.id)
    let rate = Double(reader.sampleRate)
    if window == nil && Double(reader.frames) / rate > longest {
      result.rejection = tooLong(Double(reader.frames) / rate)
      return result
    }
    let windowFrames = window.map { max(Int(($0 * rate).rounded()), 1) } ?? Int.max
    let mostFrames = window == nil ? Int((longest * rate).rounded(.up)) : Int.max
    var start = 0
    while let stretch = try stretch(&reader, from: start, frames: windowFrames, most: mostFrames) {
      if stretch.frames > mostFrames {
        result.rejection = tooLong(Double(stretch.frames) / rate)
        return result
      }
      add(stretch, rate: rate, to: &result)
      start += stretch.frames
      if stretch.frames < windowFrames { break }
    }
    settle(&result)
    return result
  }

  private struct Stretch {
    var startFrame: Int
    var frames: Int
    var peak: Float
    var sha256: String
  }

  /// Reads one window; nil at the end of the file.
  private func stretch(_ reader: inout AudioReader, from start: Int, frames: Int, most: Int) throws(AudioError)
    -> Stretch?
  {
    var hash = SampleHash(sampleRate: reader.sampleRate)
    var count = 0
    var peak: Float = 0
    while count < frames && count <= most {
      let block = try reader.readMono(atMost: min(Self.blockFrames, frames - count))
      if block.isEmpty { break }
      hash.update(block)
      peak = max(peak, peakAmplitude(block))
      count += block.count
    }
    guard count > 0 else { return nil }
    return Stretch(startFrame: start, frames: count, peak: peak, sha256: hash.hexadecimal())
  }

  /// Why a stretch that was read is not used; nil where it is. It was read a little beyond what is too long.
  func rejection(seconds: Double, peak: Float) -> Rejection? {
    if seconds == 0 { return Rejection(code: ReasonCode.empty.rawValue, detail: "no samples there") }
    if seconds > longest {
      let detail = "longer than the longest allowed, \(Self.shown(longest))"
      return Rejection(code: ReasonCode.tooLong.rawValue, detail: detail)
    }
    if seconds < shortest {
      let detail = "\(Self.shown(seconds)), the shortest allowed is \(Self.shown(shortest))"
      return Rejection(code: ReasonCode.tooShort.rawValue, detail: detail)
    }
    guard peak <= Self.silence else { return nil }
    return Rejection(code: ReasonCode.silent.rawValue, detail: "no sample is louder than -70 dBFS")
  }

  private func add(_ stretch: Stretch, rate: Double, to result: inout ScannedSource) {
    let seconds = Double(stretch.frames) / rate
    if seconds < shortest {
      reject(stretch, .tooShort, "\(Self.shown(seconds)), the shortest allowed is \(Self.shown(shortest))", &result)
    } else if stretch.peak <= Self.silence {
      reject(stretch, .silent, "no sample is louder than -70 dBFS", &result)
    } else {
      result.clips.append(
        ScannedClip(
          id: String(stretch.sha256.prefix(16)), sha256: stretch.sha256, seconds: seconds,
          startFrame: stretch.startFrame, frames: stretch.frames))
    }
  }

  private func reject(_ stretch: Stretch, _ code: ReasonCode, _ detail: String, _ result: inout ScannedSource) {
    result.rejectedWindows.append(Rejection(startFrame: stretch.startFrame, code: code.rawValue, detail: detail))
  }

  /// A file that is not cut into windows is used or rejected as a whole.
  private func settle(_ result: inout ScannedSource) {
    if result.clips.isEmpty && result.rejectedWindows.isEmpty {
      result.rejection = Rejection(code: ReasonCode.empty.rawValue, detail: "no samples")
    } else if window == nil, let only = result.rejectedWindows.first {
      result.rejection = only
      result.rejectedWindows = []
    }
  }

  private func tooLong(_ seconds: Double) -> Rejection {
    Rejection(
      code: ReasonCode.tooLong.rawValue,
      detail: "\(Self.shown(seconds)), the longest allowed is \(Self.shown(longest)); scan.window cuts long recordings")
  }

  private static func shown(_ seconds: Double) -> String {
    "\((seconds * 100).rounded() / 100) s"
  }

  static func code(_ error: AudioError) -> ReasonCode {
    switch error {
    case .missing: .missing
    case .empty: .empty
    case .tooLong: .tooLong
    default: .unreadable
    }
  }
}
