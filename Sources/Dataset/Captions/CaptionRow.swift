/// What a file of captions says on one line.
public enum CaptionFileEntry: Sendable, Equatable {
  case row(CaptionRow, line: Int)
  /// A line that cannot be used, and why: no full stop, no capital.
  case refused(line: Int, reason: String)
}

/// The captions that one line has for one clip.
public struct CaptionRow: Sendable, Equatable {
  /// What the clip may be called, the likeliest first: its id, or its file's path or name with or without extension.
  public var names: [String]
  /// In the order of the columns; none where all are empty.
  public var captions: [String]
}

/// Which columns or members of a caption file are read.
struct CaptionColumns {
  static let clip = ["clip", "clip_id"]
  static let id = ["id", "uid", "key"]
  static let usual = ["caption", "captions"]
  static let video = (id: "youtube_id", start: "start_time")

  /// The columns with captions, as the user named them; nil for the usual ones.
  var captions: [String]?
  /// The column that names the clip, as the user named it; nil for the usual ones.
  var key: String?

  /// Those of `header` that hold captions, in its order: `caption`, `captions`, `caption_1` and so on.
  func captionColumns(in header: [String]) -> [String] {
    if let captions { return captions.filter(header.contains) }
    return header.filter { name in
      let name = name.lowercased()
      return Self.usual.contains(name)
        || name.hasPrefix("caption_") && Int(name.dropFirst("caption_".count)).map { $0 >= 0 } == true
    }
  }

  /// The names of a clip by the cells of its line; empty where none of them is a name.
  func names(_ cell: (String) -> String?) -> [String] {
    func first(_ candidates: [String]) -> String? {
      candidates.lazy.compactMap(cell).first { !$0.isEmpty }
    }
    if let key { return first([key]).map { [$0] } ?? [] }
    if let name = first(Self.clip) ?? first(ManifestColumns.file) { return [name] }
    if let video = cell(Self.video.id), !video.isEmpty {
      return Self.names(video: video, start: cell(Self.video.start))
    }
    return first(Self.id).map { [$0] } ?? []
  }

  /// AudioCaps names its clips by video and second; what their files are called is up to who downloaded them.
  private static func names(video: String, start: String?) -> [String] {
    guard let start, !start.isEmpty else { return [video] }
    let padded = YouTubeClip(video: video, start: start).map { [$0.stem] } ?? []
    return padded + ["\(video)_\(start)", "\(video)-\(start)", video]
  }

  /// Whether a header has a column that names clips.
  func namesClips(_ header: [String]) -> Bool {
    let known = Set(header.map { $0.lowercased() })
    if let key { return known.contains(key.lowercased()) }
    return !known.isDisjoint(with: Self.clip + ManifestColumns.file + Self.id + [Self.video.id])
  }
}
