/// Where a sound comes from, as names, links and columns tell.
public enum SoundIdentity: Sendable, Hashable {
  /// A video of YouTube, and the seconds of it, where they are known.
  case youTube(video: String, start: Double?, end: Double?)
  /// A sound of Freesound.
  case freesound(String)
  /// A file's name without folder and extension, in small letters.
  case fileName(String)

  /// What two identities have to share: equal keys are the same video, sound or name.
  var key: String {
    switch self {
    case .youTube(let video, _, _): "youtube " + video
    case .freesound(let id): "freesound " + id
    case .fileName(let name): "name " + name
    }
  }

  /// Whether both may be the same sound: of one video, seconds that overlap, or of which one is not known.
  public func meets(_ other: SoundIdentity) -> Bool {
    guard key == other.key else { return false }
    guard case .youTube(_, let start, let end) = self, case .youTube(_, let otherStart, let otherEnd) = other else {
      return true
    }
    guard let start, let otherStart else { return true }
    return start < (otherEnd ?? .infinity) && otherStart < (end ?? .infinity)
  }

  /// As a listing shows it.
  public var text: String {
    switch self {
    case .youTube(let video, let start, let end):
      "YouTube \(video)"
        + (start.map { ", \(Self.plain($0)) s" + (end.map { end in " to \(Self.plain(end)) s" } ?? " on") } ?? "")
    case .freesound(let id): "Freesound \(id)"
    case .fileName(let name): "file name \(name)"
    }
  }

  private static func plain(_ seconds: Double) -> String {
    seconds == seconds.rounded() && abs(seconds) < 1e9 ? String(Int(seconds)) : String(seconds)
  }
}
