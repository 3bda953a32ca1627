import Testing

@testable import Audio

struct FingerprintIndexTests {
  @Test func findsCopiesAmongOthersWithTheirOffset() throws {
    let originals = (1...16).map { FingerprintSounds.recording(seed: UInt64($0)) }
    let index = FingerprintIndex(try originals.map { try AudioFingerprint($0) })

    for (place, original) in originals.enumerated() {
      let copy = FingerprintSounds.coded(FingerprintSounds.part(original, 1.0..<6.0))
      let hits = index.matches(of: try AudioFingerprint(copy))

      #expect(hits.map(\.item) == [place])
      // The copy is late by 25 ms, and the original begins a second before it.
      #expect(abs((hits.first?.match.offset ?? 0) + 1 - 0.025) < 0.04, "\(hits)")
      #expect(hits.first?.match.extent == .recording)
    }
  }

  @Test func findsWhatComparingWithEachFinds() throws {
    let whole = FingerprintSounds.recording(seed: 1, seconds: 30)
    let parts = stride(from: 0.0, to: 22, by: 1.5).map { FingerprintSounds.part(whole, $0..<$0 + 8) }
    let others = (2...10).map { FingerprintSounds.recording(seed: UInt64($0)) }
    let fingerprints = try (parts + others).map { try AudioFingerprint($0) }

    let pairs = FingerprintSet(fingerprints).pairs()

    var expected: [FingerprintPair] = []
    for first in fingerprints.indices {
      for second in fingerprints.indices.dropFirst(first + 1) {
        guard let match = fingerprints[first].match(fingerprints[second]) else { continue }
        expected.append(FingerprintPair(first: first, second: second, match: match))
      }
    }
    #expect(pairs == expected)
    // Whatever part of them is in memory as an index: one recording at a time, or a few.
    for frames in [1, 700, 1500] {
      let few = FingerprintSet(fingerprints, framesAtOnce: frames)
      #expect(few.pairs() == expected)
      #expect(few.clusters() == FingerprintSet(fingerprints).clusters())
    }
    #expect(pairs.contains { $0.match.extent == .part } && pairs.contains { $0.match.extent == .recording })
  }

  @Test func clustersHaveTheLongestAsTheirSurvivor() throws {
    let original = FingerprintSounds.recording(seed: 1)
    let recordings = [
      FingerprintSounds.part(original, 0.5..<4.5), FingerprintSounds.recording(seed: 2), original,
      FingerprintSounds.scaled(original, by: 0.3),
      FingerprintSounds.part(FingerprintSounds.recording(seed: 2), 1.0..<5.0),
      FingerprintSounds.recording(seed: 3),
    ]

    let clusters = FingerprintSet(try recordings.map { try AudioFingerprint($0) }).clusters()

    #expect(clusters.map(\.survivor) == [1, 2])
    #expect(clusters.map { $0.others.map(\.item) } == [[4], [0, 3]])
    #expect(clusters.flatMap(\.others).allSatisfy { $0.match.similarity > 0.8 })
  }

  @Test func windowsOfOneRecordingDoNotBecomeOneCluster() throws {
    let whole = FingerprintSounds.recording(seed: 5, seconds: 40)
    let windows = stride(from: 0.0, to: 30, by: 2).map { FingerprintSounds.part(whole, $0..<$0 + 10) }

    let clusters = FingerprintSet(try windows.map { try AudioFingerprint($0) }).clusters()

    // Each is like its neighbours to 80 %, and no survivor is further from what it stands for.
    #expect(clusters.flatMap(\.others).allSatisfy { abs($0.match.offset) < 2.1 })
    #expect(clusters.count > 2)
  }

  @Test func manyCopiesOfOneAreOneCluster() throws {
    let fingerprint = try FingerprintSounds.fingerprint(seed: 7)
    let others = try (8...10).map { try FingerprintSounds.fingerprint(seed: UInt64($0)) }

    // More than the postings of a word that are looked at.
    let clusters = FingerprintSet(
      [AudioFingerprint](repeating: fingerprint, count: 700) + others
    ).clusters()

    #expect(clusters.map(\.survivor) == [0])
    #expect(clusters.first?.others.count == 699)
  }

  @Test func anEmptyIndexAndOneOfSilenceFindNothing() throws {
    let silence = try AudioFingerprint(Waveform(samples: TestSound.silence(seconds: 9), sampleRate: 16_000))
    let sound = try FingerprintSounds.fingerprint(seed: 1)

    #expect(FingerprintIndex([]).matches(of: sound).isEmpty)
    #expect(FingerprintSet([silence, silence]).pairs().isEmpty)
    #expect(FingerprintIndex([sound]).matches(of: silence).isEmpty)
    #expect(FingerprintIndex([sound, sound]).matches(of: sound, in: 1..<2).map(\.item) == [1])
  }
}
