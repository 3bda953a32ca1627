import Foundation
import Testing

@testable import Audio

@Suite struct SynthesizerTests {
  private let clips = Array(Synthesizer(seed: 7).clips(count: 48))

  @Test func labelsAreBalanced() {
    var counts: [String: Int] = [:]
    for label in clips.flatMap(\.labels) { counts[label, default: 0] += 1 }

    #expect(Set(counts.keys) == Set(Synthesizer.labels))
    #expect(Set(counts.values) == [8])
  }

  @Test func clipsAreOneToSixSecondsBelowFullScale() {
    for clip in clips {
      #expect((1...6.3).contains(clip.waveform.seconds), "\(clip.labels) \(clip.waveform.seconds)")
      let peak = clip.waveform.samples.reduce(0) { max($0, $1.magnitude) }
      #expect(peak > 0.15 && peak < 0.95, "\(clip.labels) \(peak)")
      #expect(clip.waveform.sampleRate == Waveform.modelRate)
    }
  }

  @Test func aClipDependsOnItsIndexAndSeedOnly() {
    let fewer = Array(Synthesizer(seed: 7).clips(count: 5))

    #expect(fewer[4].waveform == clips[4].waveform)
    #expect(fewer[4].name == "clip-00005")
    #expect(Synthesizer(seed: 8).clip(at: 4).waveform != clips[4].waveform)
  }

  /// Recorded once from this implementation: the sounds are sums and products in IEEE 754, the same on every machine.
  @Test func theBytesOfASeedNeverChange() {
    var hash = SampleHash(sampleRate: Waveform.modelRate)
    for clip in Synthesizer(seed: 1).clips(count: 24) { hash.update(clip.waveform.samples) }

    #expect(hash.hexadecimal() == "9516aeca4046e096ebf773ad47fe95ba60fb9b44b20b43566bf8ddeadb3d5354")
  }

  @Test func onsetsAreWhereTheSoundSetsIn() throws {
    for clip in clips where clip.labels.count == 1 {
      let facts = Dictionary(uniqueKeysWithValues: clip.metadata.map { ($0.key, $0.value) })
      let onsets = try #require(facts["onsets_s"]).split(separator: " ").compactMap { Double($0) }
      #expect(onsets.count == Int(facts["events"] ?? ""))
      for onset in onsets {
        let start = Int(onset * 16_000)
        let after = clip.waveform.samples[start..<min(clip.waveform.samples.count, start + 1600)]
        let loudest = after.reduce(0) { max($0, $1.magnitude) }
        #expect(loudest > 0.003, "\(clip.name) \(clip.labels) at \(onset)")
      }
    }
  }

  @Test(arguments: [110.0, 261.6, 880])
  func aPluckedStringIsInTune(frequency: Double) {
    var random = SplitMix64(seed: 3)
    let string = pluck(frequency: frequency, seconds: 1, using: &random)

    // The best lag of the autocorrelation, around the period, by a parabola through its top.
    let period = 16_000 / frequency
    let lags = Int(period) - 3...Int(period) + 4
    let strengths = lags.map { lag in (2000..<10_000).reduce(0) { $0 + string[$1] * string[$1 + lag] } }
    let top = strengths.indices.max { strengths[$0] < strengths[$1] }!
    let (left, middle, right) = (strengths[top - 1], strengths[top], strengths[top + 1])
    let lag = Double(lags.lowerBound + top) + 0.5 * (left - right) / (left - 2 * middle + right)
    #expect((lag / period - 1).magnitude < 0.004)
  }

  @Test func theDemoSetIsWrittenWithItsTable() throws {
    let folder = try TemporaryFolder()
    let directory = "\(folder.path)/made/demo"

    try writeDemoSet(to: directory, count: 12, seed: 7)

    let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    #expect(
      names == (1...9).map { "clip-0000\($0).wav" } + [
        "clip-00010.wav", "clip-00011.wav", "clip-00012.wav", "labels.csv",
      ])
    let table = String(decoding: try bytes(of: "\(directory)/labels.csv"), as: UTF8.self)
    let rows = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 13)
    #expect(rows[0].prefix(2) == ["file", "label"])
    #expect(Array(rows[0].dropFirst(2)) == rows[0].dropFirst(2).sorted())
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows.dropFirst().map { String($0[1]) } == clips.prefix(12).map { $0.labels.joined(separator: "; ") })
    #expect(try AudioReader(path: "\(directory)/clip-00003.wav").frames == clips[2].waveform.samples.count)
  }
}
