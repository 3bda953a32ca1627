import Foundation
import Store

/// The part of what `earshot duplicates` prints that is about clips of one recording.
struct RecordingReport: Encodable {
  struct Clip: Encodable {
    var id: String
    var path: String
    var seconds: Double
    /// "survivor", "copy" or "excerpt".
    var reason: String
    /// To the survivor, 0...1.
    var similarity: Double
    /// Where the clip begins in the survivor, in seconds.
    var offset: Double
  }

  struct Cluster: Encodable {
    /// How many there are, the survivor among them.
    var members: Int
    /// The survivor first.
    var clips: [Clip]
  }

  /// All of the run.
  var clusters: Int
  /// Clips that are another's recording, survivors not among them.
  var copies: Int
  /// The largest ones.
  var shown: [Cluster]

  init(of store: RunStore, limit: Int) throws {
    (clusters, copies) = try store.audioClusterCount()
    var groups: [[AudioClusterRecord]] = []
    for row in try store.audioClusters(limit: limit) {
      if groups.last?.first?.cluster == row.cluster {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    shown = try groups.map { rows in
      Cluster(
        members: rows.count,
        clips: try rows.prefix(DuplicateReport.mostMembers).compactMap { try Self.clip($0, store) })
    }
  }

  /// Nil where a scan took the clip away since the search.
  private static func clip(_ row: AudioClusterRecord, _ store: RunStore) throws -> Clip? {
    guard let clip = try store.clips([row.clip]).first else { return nil }
    return Clip(
      id: clip.id, path: clip.path, seconds: clip.seconds, reason: row.reason, similarity: row.similarity,
      offset: row.offsetSeconds)
  }

  var summary: String? {
    clusters == 0
      ? nil : "the same recording: \(Quantity.count(copies, "clips")), in \(Quantity.count(clusters, "clusters"))"
  }

  var texts: [String] {
    shown.map { cluster in
      let rows = cluster.clips.map { clip in
        let reason = clip.reason == "survivor" ? "longest" : clip.reason
        return String(format: "  %5.1f%%  ", clip.similarity * 100)
          + reason.padding(toLength: 7, withPad: " ", startingAt: 0)
          + String(format: "  %6.2f s from %6.2f s  ", clip.seconds, clip.offset) + "\(clip.id)  \(clip.path)"
      }
      let rest = cluster.members - cluster.clips.count
      let more = rest > 0 ? ["  and \(rest) more"] : []
      return resultText((["the same recording, \(cluster.members) clips"] + rows + more).joined(separator: "\n"))
    }
  }
}
