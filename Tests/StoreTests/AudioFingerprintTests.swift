import Foundation
import GRDB
import Testing

@testable import Store

struct AudioFingerprintTests {
  private let run: TemporaryRun

  init() throws {
    run = try TemporaryRun()
    try run.scan([run.listing("a.wav"), run.listing("b.wav"), run.listing("c.wav")])
  }

  private func record(_ clip: String, _ byte: UInt8 = 1) -> FingerprintRecord {
    FingerprintRecord(clip: clip, bytes: Data([byte, 0, 0, 0, 0, 0, 0, 0]))
  }

  @Test func clipsWithoutAFingerprintOfTheVersionAreListed() throws {
    try run.store.commit(fingerprints: [record("clip-b.wav")], version: 1)

    #expect(
      try run.store.clipsWithoutFingerprint(version: 1, from: "", limit: 9) == ["clip-a.wav", "clip-c.wav"])
    #expect(try run.store.clipsWithoutFingerprint(version: 1, from: "clip-a.wav", limit: 9) == ["clip-c.wav"])
    #expect(try run.store.countWithoutFingerprint(version: 1) == 2)
    #expect(try run.store.countWithoutFingerprint(version: 2) == 3)
  }

  @Test func fingerprintsComeBackInOrderAndANewVersionReplacesThem() throws {
    try run.store.commit(fingerprints: [record("clip-c.wav", 3), record("clip-a.wav", 1)], version: 1)
    try run.store.commit(fingerprints: [record("clip-a.wav", 9)], version: 2)

    #expect(try run.store.fingerprints(version: 1, limit: 9) == [record("clip-c.wav", 3)])
    #expect(try run.store.fingerprints(version: 2, limit: 9) == [record("clip-a.wav", 9)])
    #expect(try run.store.fingerprints(version: 2, from: "clip-a.wav", limit: 9).isEmpty)
  }

  @Test func clustersAreOutdatedByClipsThatComeAndGo() throws {
    #expect(try run.store.areAudioClustersCurrent())
    try run.store.commit(fingerprints: [record("clip-a.wav"), record("clip-b.wav")], version: 1)
    #expect(try !run.store.areAudioClustersCurrent())

    try run.store.replace(audioClusters: [])
    #expect(try run.store.areAudioClustersCurrent())

    // b.wav goes, and comes back.
    _ = try run.store.list([run.listing("a.wav"), run.listing("c.wav")], TemporaryRun.place("scan"))
    #expect(try !run.store.areAudioClustersCurrent())
    #expect(try run.store.fingerprints(version: 1, limit: 9) == [record("clip-a.wav")])
    try run.store.replace(audioClusters: [])
    #expect(try run.store.areAudioClustersCurrent())
    try run.scan([run.listing("a.wav"), run.listing("b.wav"), run.listing("c.wav")])
    #expect(try !run.store.areAudioClustersCurrent())
    #expect(try run.store.clipsWithoutFingerprint(version: 1, from: "", limit: 9) == ["clip-c.wav"])
  }

  @Test func clustersAreReplacedAndTheirSurvivorComesFirst() throws {
    let copy = AudioClusterRecord(
      clip: "clip-a.wav", cluster: "clip-b.wav", survivor: "clip-b.wav", similarity: 0.9, reason: "excerpt",
      offsetSeconds: 1.5)
    let survivor = AudioClusterRecord(
      clip: "clip-b.wav", cluster: "clip-b.wav", survivor: "clip-b.wav", similarity: 1, reason: "survivor",
      offsetSeconds: 0)

    let larger = ["x", "y", "z"].map {
      AudioClusterRecord(
        clip: $0, cluster: "x", survivor: "x", similarity: 1, reason: $0 == "x" ? "survivor" : "copy", offsetSeconds: 0)
    }
    try run.store.replace(audioClusters: [copy, survivor] + larger)
    #expect(try run.store.audioClusters() == larger + [survivor, copy])
    #expect(try run.store.audioClusters(limit: 1) == larger)
    #expect(try run.store.audioClusterCount() == (clusters: 2, others: 3))

    try run.store.replace(audioClusters: [])
    #expect(try run.store.audioClusters().isEmpty)
    #expect(try run.store.audioClusterCount() == (clusters: 0, others: 0))
  }

  @Test func clustersThatAreForgottenAreNotCurrent() throws {
    try run.store.commit(fingerprints: [record("clip-a.wav")], version: 1)
    let row = AudioClusterRecord(
      clip: "clip-a.wav", cluster: "clip-a.wav", survivor: "clip-a.wav", similarity: 1, reason: "survivor",
      offsetSeconds: 0)
    try run.store.replace(audioClusters: [row])
    #expect(try run.store.areAudioClustersCurrent())

    try run.store.forgetAudioClusters()

    #expect(try run.store.audioClusters().isEmpty)
    #expect(try !run.store.areAudioClustersCurrent())
  }

  @Test func fingerprintsOfTestSetsAreKeptByFile() throws {
    let one = ReferenceFingerprint(path: "/set/a.wav", size: 5, modified: 7, bytes: Data([1, 2]))
    var other = ReferenceFingerprint(path: "/set/b.wav", size: 6, modified: 8, bytes: Data())
    try run.store.commit(references: [one, other], version: 1)
    #expect(
      try run.store.referenceFingerprints(of: ["/set/b.wav", "/set/a.wav", "/set/c.wav"], version: 1)
        == ["/set/a.wav": one, "/set/b.wav": other])
    #expect(try run.store.referenceFingerprints(of: ["/set/a.wav"], version: 2).isEmpty)

    other.size = 9
    try run.store.commit(references: [other], version: 1)

    #expect(try run.store.referenceFingerprints(of: ["/set/b.wav"], version: 1) == ["/set/b.wav": other])
  }

  /// Rows hold their frames: what is asked before each run must not read them all.
  @Test func whatIsAskedOftenDoesNotReadFrames() throws {
    try run.store.commit(fingerprints: [record("clip-a.wav")], version: 1)
    for sql in [
      "SELECT 1 FROM audio_fingerprint AS print WHERE clustered <> EXISTS (SELECT 1 FROM clip WHERE clip.id = print.clip)",
      """
      SELECT id FROM clip WHERE NOT EXISTS (
        SELECT 1 FROM audio_fingerprint AS print INDEXED BY audio_fingerprint_state
        WHERE print.clip = clip.id AND version = 1)
      """,
    ] {
      let plan = try run.store.read { db in
        try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
      }
      let own = plan.filter { $0.contains("print") }
      #expect(!own.isEmpty && own.allSatisfy { $0.contains("COVERING INDEX audio_fingerprint_state") }, "\(plan)")
    }
  }
}
