import Audio
import Dataset
import Store

/// The part of a sound file that a row asks about, in words that the store keeps.
enum SoundStretch: Equatable, Sendable {
  case whole
  /// In seconds; nil for the rest of the file.
  case seconds(start: Double, duration: Double?)
  case frames(Range<Int>)
  /// The row's sound is not looked for.
  case absent

  init(_ sound: ImportSound) {
    if let frames = sound.frames {
      self = .frames(frames)
    } else if sound.start != nil || sound.duration != nil {
      self = .seconds(start: sound.start ?? 0, duration: sound.duration)
    } else {
      self = .whole
    }
  }

  var text: String {
    switch self {
    case .whole: ""
    case .seconds(let start, let duration): "seconds \(start) \(duration.map { "\($0)" } ?? "rest")"
    case .frames(let frames): "frames \(frames.lowerBound) \(frames.upperBound)"
    case .absent: "none"
    }
  }

  init(text: String) {
    let words = text.split(separator: " ").map(String.init)
    switch words.first {
    case "seconds" where words.count == 3:
      self = .seconds(start: Double(words[1]) ?? 0, duration: Double(words[2]))
    case "frames" where words.count == 3:
      let (start, end) = (Int(words[1]) ?? 0, Int(words[2]) ?? 0)
      self = .frames(start..<max(start, end))
    case "none": self = .absent
    default: self = .whole
    }
  }

  /// In a file of this rate; nil for all of it.
  func frames(rate: Int) -> Range<Int>? {
    switch self {
    case .whole, .absent: return nil
    case .frames(let frames): return frames
    case .seconds(let start, let duration):
      let first = Int((start * Double(rate)).rounded())
      guard let duration else { return first..<Int.max }
      return first..<first + max(1, Int((duration * Double(rate)).rounded()))
    }
  }
}

/// Decodes the stretches of files that rows name, as a scan decodes files: from the front, once.
struct StretchDecoder: Sendable {
  let decoder: SourceDecoder
  let root: AudioRoot

  /// Before the name of a clip whose sound is not looked for, where paths of files stand.
  static let absentPrefix = "(no sound)/"

  func decode(_ item: PendingImportSource) -> (source: Int64, sounds: [DecodedSound]) {
    var sounds: [DecodedSound] = []
    var parts: [(Int64, SoundStretch)] = []
    for sound in item.sounds {
      switch SoundStretch(text: sound.stretch) {
      case .absent: sounds.append(absent(sound.id, item.source))
      case .whole: sounds.append(whole(sound.id, item.source))
      case let part: parts.append((sound.id, part))
      }
    }
    return (item.source.id, sounds + cut(parts, item.source))
  }

  private func absent(_ id: Int64, _ source: PendingSource) -> DecodedSound {
    let name = String(source.path.dropFirst(Self.absentPrefix.count))
    let clip = ScannedClip(id: name, sha256: "", seconds: 0, startFrame: 0, frames: 0)
    return DecodedSound(id: id, clip: clip, rejection: nil)
  }

  private func whole(_ id: Int64, _ source: PendingSource) -> DecodedSound {
    let scanned = decoder.decode(source, in: root)
    return DecodedSound(id: id, clip: scanned.clips.first, rejection: scanned.rejection)
  }

  /// In the order of their beginnings, with one pass over the file where none overlap.
  private func cut(_ parts: [(Int64, SoundStretch)], _ source: PendingSource) -> [DecodedSound] {
    guard !parts.isEmpty else { return [] }
    let path = root.file(source.path)
    do throws(AudioError) {
      let rate = try AudioReader(path: path).sampleRate
      let ranges = parts.map { (id: $0.0, frames: $0.1.frames(rate: rate) ?? 0..<Int.max) }
        .sorted { ($0.frames.lowerBound, $0.frames.upperBound) < ($1.frames.lowerBound, $1.frames.upperBound) }
      var cutter = try StretchCutter(path: path, decoder: decoder)
      var sounds: [DecodedSound] = []
      for (id, frames) in ranges { sounds.append(try cutter.sound(id, frames)) }
      return sounds
    } catch {
      let rejection = Rejection(code: SourceDecoder.code(error).rawValue, detail: "\(error)")
      return parts.map { DecodedSound(id: $0.0, clip: nil, rejection: rejection) }
    }
  }
}

/// A file that is read forwards, and opened again for a stretch that begins before the reader's place.
private struct StretchCutter: ~Copyable {
  private let path: String
  private let decoder: SourceDecoder
  private var reader: AudioReader
  private var position = 0
  private static let blockFrames = 1 << 13

  init(path: String, decoder: SourceDecoder) throws(AudioError) {
    self.path = path
    self.decoder = decoder
    reader = try AudioReader(path: path)
  }

  mutating func sound(_ id: Int64, _ frames: Range<Int>) throws(AudioError) -> DecodedSound {
    if frames.lowerBound < position {
      reader = try AudioReader(path: path)
      position = 0
    }
    while position < frames.lowerBound {
      let block = try reader.readMono(atMost: min(Self.blockFrames, frames.lowerBound - position))
      guard !block.isEmpty else { break }
      position += block.count
    }
    let rate = Double(reader.sampleRate)
    var hash = SampleHash(sampleRate: reader.sampleRate)
    var (count, peak): (Int, Float) = (0, 0)
    while count < frames.count, Double(count) <= decoder.longest * rate {
      let block = try reader.readMono(atMost: min(Self.blockFrames, frames.count - count))
      if block.isEmpty { break }
      hash.update(block)
      peak = max(peak, peakAmplitude(block))
      count += block.count
      position += block.count
    }
    let sha = hash.hexadecimal()
    if let rejection = decoder.rejection(seconds: Double(count) / rate, peak: peak) {
      return DecodedSound(id: id, clip: nil, rejection: rejection)
    }
    let clip = ScannedClip(
      id: String(sha.prefix(16)), sha256: sha, seconds: Double(count) / rate, startFrame: frames.lowerBound,
      frames: count)
    return DecodedSound(id: id, clip: clip, rejection: nil)
  }
}
