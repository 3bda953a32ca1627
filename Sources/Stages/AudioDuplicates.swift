import Audio
import Pipelines
import Store

/// Finds clips that are the same recording, however they were encoded, and tells it to the store.
struct AudioDuplicates: Sendable {
  private let context: StageContext
  private let prints: ClipFingerprints

  init(_ context: StageContext) {
    self.context = context
    prints = ClipFingerprints(context)
  }

  /// Brings fingerprints and clusters up to date; returns a phrase for the stage's summary, nil where no clip is
  /// another's recording.
  func update() async throws -> String? {
    try await prints.addMissing()
    if try !context.store.areAudioClustersCurrent() { try await onThread { try search() } }
    let others = try context.store.audioClusterCount().others
    return others == 0 ? nil : "\(counted(others, "clip")) the same recording as another"
  }

  /// Takes away what an earlier pass found.
  func forget() throws { try context.store.forgetAudioClusters() }

  /// It blocks, and is for a thread of its own.
  private func search() throws {
    var (clips, fingerprints): ([String], [AudioFingerprint]) = ([], [])
    try prints.forEachPage { page in
      clips += page.map(\.clip)
      fingerprints += page.map(\.fingerprint)
    }
    let clusters = FingerprintSet(fingerprints).clusters()
    try context.store.replace(audioClusters: clusters.flatMap { Self.rows($0, clips, fingerprints) })
  }

  private static func rows(
    _ cluster: FingerprintCluster, _ clips: [String], _ fingerprints: [AudioFingerprint]
  ) -> [AudioClusterRecord] {
    let survivor = clips[cluster.survivor]
    let whole = fingerprints[cluster.survivor].seconds
    let others = cluster.others.map { member in
      AudioClusterRecord(
        clip: clips[member.item], cluster: survivor, survivor: survivor, similarity: member.match.similarity,
        // Encoders add some hundredths of a second.
        reason: fingerprints[member.item].seconds >= 0.95 * whole ? "copy" : "excerpt",
        offsetSeconds: member.match.offset)
    }
    let own = AudioClusterRecord(
      clip: survivor, cluster: survivor, survivor: survivor, similarity: 1, reason: "survivor", offsetSeconds: 0)
    return [own] + others
  }
}
