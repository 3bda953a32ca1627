/// Finds out from a row's or a clip's columns where its sound comes from.
enum SoundMembers {
  private static let video = ["youtube_id", "yt_id", "ytid", "youtube", "video_id", "video"]
  private static let freesound = ["freesound_id", "fsid", "freesound", "sound_id"]
  private static let links = ["url", "link", "source_url", "sound_link", "webpage_url", "youtube_url"]
  private static let start = ["start", "start_time", "start_seconds", "start_sec", "begin"]
  private static let end = ["end", "end_time", "end_seconds", "end_sec"]
  private static let span = ["timestamp", "timestamps"]

  /// `value` gives the text of a column, in small letters; `seconds` is how long the sound is, where that is known.
  static func identities(audio: [String], seconds: Double? = nil, value: (String) -> String?) -> [SoundIdentity] {
    let (first, last) = time(seconds: seconds, value)
    var found: [SoundIdentity] = []
    for path in audio { found += SoundIdentity.all(inFileName: path) }
    for name in video {
      if let text = value(name), let video = SoundIdentity.video(text, start: first, end: last) { found.append(video) }
    }
    for name in links {
      if let text = value(name), let link = SoundIdentity.link(text, start: first, end: last) { found.append(link) }
    }
    for name in freesound {
      guard let text = value(name) else { continue }
      if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty {
        found.append(.freesound(SoundIdentity.number(text)))
      } else if let link = SoundIdentity.link(text) {
        found.append(link)
      }
    }
    var seen = Set<SoundIdentity>()
    return found.filter { seen.insert($0).inserted }
  }

  private static func time(seconds: Double?, _ value: (String) -> String?) -> (start: Double?, end: Double?) {
    for name in span {
      guard let text = value(name) else { continue }
      let parts = text.split(whereSeparator: { "-–,~[] ".contains($0) }).compactMap { clock(String($0)) }
      if let first = parts.first { return (first, parts.count > 1 ? parts[1] : seconds.map { first + $0 }) }
    }
    let first = start.compactMap { value($0).flatMap(clock) }.first
    let last = end.compactMap { value($0).flatMap(clock) }.first
    return (first, last ?? first.flatMap { first in seconds.map { first + $0 } })
  }

  /// Seconds of "62", "1:02" or "00:01:02.5".
  static func clock(_ text: String) -> Double? {
    let parts = text.split(separator: ":").map { Double($0) }
    guard (1...3).contains(parts.count), !parts.contains(where: { $0 == nil || ($0 ?? 0) < 0 }) else { return nil }
    return parts.compactMap(\.self).reduce(0) { $0 * 60 + $1 }
  }
}
