/// A clip named as AVQA and VGGSound name theirs: `---g-f_I2yQ_000001` is what starts at second 1 of video
/// `---g-f_I2yQ`.
struct YouTubeClip: Equatable {
  var video: String
  /// Seconds.
  var start: Int

  /// With the start in six digits.
  var stem: String {
    let digits = String(start)
    return video + "_" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  init?(video: String, start: String) {
    guard YouTubeClip.isVideo(video), start.utf8.count <= 6, start.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let seconds = Int(start)
    else { return nil }
    self.video = video
    self.start = seconds
  }

  /// Reads a stem such as `---g-f_I2yQ_000001`.
  init?(stem: String) {
    guard let mark = stem.lastIndex(of: "_") else { return nil }
    self.init(video: String(stem[..<mark]), start: String(stem[stem.index(after: mark)...]))
  }

  private static func isVideo(_ text: String) -> Bool {
    text.utf8.count == 11
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
      }
  }
}

/// The name without a video file's extension, or nil where it has none: the clip's audio is in a file of another kind.
func stemOfVideo(_ name: String) -> String? {
  for ending in [".mp4", ".webm", ".mkv", ".mov", ".avi"] where name.lowercased().hasSuffix(ending) {
    return String(name.dropLast(ending.count))
  }
  return nil
}
